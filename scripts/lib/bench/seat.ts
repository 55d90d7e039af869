/**
 * Where does a contender run? In a process of its own, so that nobody's garbage or compiled code is another's, and those of one core on the same core where the system can hold them there
 * (taskset): threads of a runtime or a library then share it too. The process lives through all runs of its scenario: what is timed is warm.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pinnedNode, ROOT } from '../places.mjs'
import type { Outcome, Task } from './contender.ts'
import { contenderOf } from './contenders.ts'

export interface Timed {
  readonly ms: number
  readonly outcome: Outcome
}

/** A contender that is ready to run. */
export interface Seat {
  run(out: string): Promise<Timed>
  end(): void
}

export type Start = (contender: string, task: Task) => Promise<Seat>

/** What the process says: it is ready, or a run has ended, or it cannot go on. */
export type News = { readonly ready: true } | Timed | { readonly error: string }

/** What a contender's process is told at its start. */
export interface Order {
  readonly contender: string
  readonly task: Task
}

/** The last core that we may use; null: there is only one, or no way to stay on it. */
const findCore = (): string | null => {
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).status !== 0) return null
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  return /[-,]/.test(allowed) ? /(\d+)$/.exec(allowed)![1]! : null
}

let foundCore: string | null | undefined

/** Where contenders of one core are held. */
export const sharedCore = (): string | null => {
  if (foundCore === undefined) foundCore = findCore()
  return foundCore
}

const ENTRY = path.join(ROOT, 'scripts/lib/bench/run-contender.ts')
/** PapaParse and csv-parse hold much at times; the others need a fraction. */
const HEAP = '--max-old-space-size=4096'

const spawnContender = (order: Order): ChildProcess => {
  const core = contenderOf(order.contender).cores === 'one' ? sharedCore() : null
  const [program, ...args] = [
    ...(core ? ['taskset', '--cpu-list', core] : []),
    ...[pinnedNode(), '--no-warnings', HEAP, ENTRY, JSON.stringify(order)],
  ] as [string, ...string[]]
  return spawn(program, args, { stdio: ['ignore', 2, 2, 'ipc'] })
}

/** The next thing that the process says; throws if it ends without a word or says that it failed. */
const nextNews = async (child: ChildProcess, contender: string): Promise<News> => {
  const over = new AbortController()
  try {
    const [news] = (await Promise.race([
      once(child, 'message', over),
      once(child, 'exit', over).then(([code, signal]) => [{ error: `its process ended (${signal ?? `code ${code}`})` }]),
    ])) as [News]
    if ('error' in news) throw new Error(`${contender} failed: ${news.error.split('\n')[0]}`)
    return news
  } finally {
    over.abort()
  }
}

/** Starts a contender in its own process. */
export const startSeat: Start = async (contender, task) => {
  const child = spawnContender({ contender, task })
  const end = (): void => void child.kill()
  try {
    await nextNews(child, contender)
  } catch (error) {
    end()
    throw error
  }
  return {
    run: async (out) => {
      child.send({ out })
      return (await nextNews(child, contender)) as Timed
    },
    end,
  }
}
