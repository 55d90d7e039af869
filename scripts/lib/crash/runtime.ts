/**
 * The runtime that is killed: both workers in the emulator, its state on disk, its queues in memory.
 *
 * Time. A lease holds for a minute, and what a dead runtime held comes free when it runs out. Nobody waits for that here: the first tick after a start is fired as of a moment by which every lease that was
 * given before has run out, as if the service had been down for that long. The ticks that follow come every few seconds at the real time, as `npm start` fires them. So that the next start again finds all leases
 * run out, those of the tick itself too, that moment lies a lease further on each time.
 */
import { setMaxListeners } from 'node:events'
import { existsSync, renameSync } from 'node:fs'
import { LIMITS } from '../../../shared/base/limits.ts'
import { CommandError } from '../command.ts'
import { statePlaces } from '../places.mjs'
import { startTicking, tickOnce } from '../tick.ts'
import { startWrangler, type Wrangler } from '../wrangler-dev.ts'
import { livingInGroup } from './processes.ts'

const GONE_MS = 10_000
const PAST_LEASE_MS = LIMITS.leaseMs + 1_000

/** A runtime that answers, until it is killed. */
export interface Up {
  readonly url: string
  /** Aborted when it is killed. */
  readonly gone: AbortSignal
}

interface Life {
  readonly wrangler: Wrangler
  readonly gone: AbortController
  readonly up: Promise<Up>
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** Resolves when no process of the group is left. */
const emptied = async (group: number): Promise<void> => {
  for (const until = Date.now() + GONE_MS; livingInGroup(group).length > 0; await sleep(10))
    if (Date.now() > until) throw new CommandError(`Processes of group ${group} have outlived their kill: ${livingInGroup(group)}.`)
}

export class Runtime {
  readonly #configs: readonly string[]
  #life: Life
  #lives = 1
  #tickedAt = 0
  #stopTicking = (): void => {}
  #lost: Error | null = null

  /** `configs`: those of the workers. */
  constructor(configs: readonly string[]) {
    this.#configs = configs
    this.#life = this.#begin()
  }

  /** The runtime as soon as it answers; the next one while one is being killed. */
  async up(): Promise<Up> {
    for (;;) {
      const life = this.#life
      if (this.#lost) throw this.#lost
      const up = await life.up
      if (life === this.#life && !life.gone.signal.aborted) return up
      await sleep(10)
    }
  }

  /** Kills every process of it, and starts it again on what is on disk. Resolves when the next one answers and nothing has been set going in it yet; true: all processes are others. */
  async crash(): Promise<boolean> {
    const { wrangler, gone } = this.#life
    await this.#life.up
    this.#stopTicking()
    gone.abort(new Error('The runtime was killed.'))
    const group = await wrangler.kill()
    await emptied(group)
    const { serviceLog } = statePlaces()
    if (existsSync(serviceLog)) renameSync(serviceLog, `${serviceLog}.${this.#lives}`)
    this.#lives++
    this.#life = this.#begin()
    await this.#life.up
    return livingInGroup(group).length === 0
  }

  /** As if a minute had passed: whatever a dead runtime held comes free. What goes wrong with it, the next one comes back to. */
  async passLease(): Promise<void> {
    this.#tickedAt = Math.max(this.#tickedAt, Date.now()) + PAST_LEASE_MS
    await this.tickAt(this.#tickedAt)
  }

  async tickAt(at: number): Promise<void> {
    const { url } = await this.up()
    const wrong = await tickOnce(url, at)
    if (wrong) process.stderr.write(`tick: ${wrong}\n`)
  }

  /** Ticks at the real time from now on. */
  async tick(): Promise<void> {
    const { url } = await this.up()
    this.#stopTicking()
    this.#stopTicking = startTicking(url, () => {})
  }

  async end(): Promise<void> {
    this.#stopTicking()
    this.#life.gone.abort(new Error('The run is over.'))
    await this.#life.wrangler.end()
  }

  #begin(): Life {
    const gone = new AbortController()
    // Every request listens.
    setMaxListeners(0, gone.signal)
    const onExit = (): void => {
      this.#lost = new CommandError(`The runtime ended by itself. Its log: ${statePlaces().serviceLog}`)
      gone.abort(this.#lost)
    }
    const wrangler = startWrangler(onExit, this.#configs)
    const up = wrangler.ready.then((url) => ({ url, gone: gone.signal }))
    up.catch(() => {})
    return { wrangler, gone, up }
  }
}
