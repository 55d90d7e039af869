/** A run: lists are handed over and jobs submitted while the runtime is killed again and again; then everything comes to rest, is swept, and is compared and counted. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { LIMITS } from '../../../shared/base/limits.ts'
import { hasEnded } from '../../../shared/client/watch.ts'
import { twinEngine } from '../../../shared/csv/engine.ts'
import { audit } from '../audit.ts'
import { chunkedConfigs } from '../chunked-config.ts'
import { CommandError } from '../command.ts'
import { type Expected, expect } from '../oracle.ts'
import { makeOwnState } from '../own-state.ts'
import { statePlaces } from '../places.mjs'
import type { Progress } from '../progress.ts'
import { pick, seeded } from '../seeded.ts'
import type { CrashRequest } from './args.ts'
import { type Asker, patientClient } from './client.ts'
import { differences, follow, handOver, submit, type Taken } from './jobs.ts'
import { makeList } from './lists.ts'
import { type JobPlan, type ListPlan, planJobs } from './plan.ts'
import type { CrashResult } from './report.ts'
import { Runtime } from './runtime.ts'

/** Kills that find no work do not count; that many of them in vain, and something else is wrong. */
const VAIN_MAX = 20
const LOOK_MS = 20
/** How often all jobs are submitted at most. */
const ROUNDS_MAX = 20
/** Without work for so long, more jobs are submitted. */
const IDLE_MS = 1_000
/** Nothing was done on any job for so long: whatever is held is let go, as after a minute. */
const STUCK_MS = 20_000
/** What a kill waits for after a start, drawn with these shares: nothing; that something was done; that a result is being put together, which is soon over. */
const MOMENTS = ['early', 'at work', 'at work', 'finishing'] as const
type Moment = (typeof MOMENTS)[number]
/** The longest pause before a kill while a result is being put together. */
const FINISHING_MS = 500
/** Ticks of the last sweep, and how far in the future: when everything that is kept for a time may go. */
const SWEEPS = 8
const SWEEP_AFTER_MS = 8 * 24 * 3_600_000

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

class CrashRun {
  readonly #request: CrashRequest
  readonly #progress: Progress
  readonly #stop: AbortSignal
  readonly #runtime: Runtime
  readonly #ask: Asker
  readonly #taken: Taken[] = []
  /** What goes on with each job that is planned. */
  readonly #going: Promise<void>[] = []
  readonly #files = new Map<string, Promise<string>>()
  readonly #statesAtKills: Record<string, number> = {}
  #kills = 0
  #rounds = 0
  /** Lets the next jobs in: a kill does, and that there is no work. */
  #turn = 0
  #startedAt = 0
  /** When something was last done on a job. */
  #movedAt = 0

  constructor(request: CrashRequest, progress: Progress, stop: AbortSignal) {
    this.#request = request
    this.#progress = progress
    this.#stop = stop
    this.#runtime = new Runtime(chunkedConfigs(request.folder, request.chunkBytes))
    this.#ask = patientClient(this.#runtime, readFileSync(statePlaces().key, 'utf8').trim())
  }

  async run(): Promise<CrashResult> {
    const startedAt = performance.now()
    try {
      await this.#runtime.tick()
      this.#plan()
      await this.#killAll()
      await Promise.all(this.#going)
      await this.#rest()
      const wrong = await this.#compare()
      await this.#sweep()
      await this.#runtime.end()
      const { findings, tally } = await audit()
      const { kills, seed } = this.#request
      const jobs = this.#taken.length
      const states = this.#statesAtKills
      const recovered = this.#taken.filter((job) => job.kills > 0 && job.ended?.state === 'succeeded').length
      return { jobs, kills, seed, states, recovered, wrong, findings, tally, ms: performance.now() - startedAt }
    } finally {
      await this.#runtime.end()
    }
  }

  /** All jobs once; once more where a fast machine was done with them before the last kill. */
  #plan(): void {
    if (++this.#rounds > ROUNDS_MAX)
      throw new CommandError('Jobs end faster than they can be killed: ask for larger lists, or for a shorter pause.')
    const isMore = this.#rounds > 1
    for (const plan of planJobs(this.#request)) {
      const going = this.#through(isMore ? { ...plan, afterKills: 0 } : plan)
      // Whoever waits for all of them hears of a failure.
      going.catch(() => {})
      this.#going.push(going)
    }
  }

  /** One job from its list to its end. */
  async #through(plan: JobPlan): Promise<void> {
    while (this.#turn < plan.afterKills) await this.#wait(LOOK_MS)
    const file = await this.#fileOf(plan.list)
    const job = await submit(this.#ask, plan, file)
    this.#taken.push(job)
    await follow(this.#ask, job, () => {
      this.#movedAt = Date.now()
    })
  }

  #fileOf(list: ListPlan): Promise<string> {
    const known = this.#files.get(list.name) ?? handOver(this.#ask, list.name, this.#pathOf(list))
    this.#files.set(list.name, known)
    return known
  }

  #pathOf({ name, kind, bytes, seed }: ListPlan): string {
    const file = path.join(this.#request.folder, name)
    writeFileSync(file, makeList(kind, bytes, seed), { flag: 'w' })
    return file
  }

  #underWay(): Taken[] {
    return this.#taken.filter(({ ended }) => ended === null)
  }

  async #killAll(): Promise<void> {
    const draw = seeded(this.#request.seed)
    for (let vain = 0; this.#kills < this.#request.kills; ) {
      const moment = pick(draw, MOMENTS)
      await this.#work(moment)
      await this.#wait(draw() * (moment === 'finishing' ? FINISHING_MS : this.#request.withinMs))
      const states = await this.#kill()
      if (states.length === 0 && ++vain > VAIN_MAX)
        throw new CommandError('The runtime was killed again and again without a job under way.')
      if (states.length > 0) this.#kills++
      this.#turn++
      this.#progress.update(`${this.#kills} kills; ${this.#taken.length} jobs taken, ${this.#underWay().length} under way`)
    }
  }

  #isMoment(moment: Moment): boolean {
    if (moment === 'early' || Date.now() - this.#startedAt > STUCK_MS) return true
    if (moment === 'at work') return this.#movedAt > this.#startedAt
    return this.#movedAt > this.#startedAt && this.#underWay().some(({ seen }) => seen.state === 'finalizing')
  }

  /** Until there is a job under way and it is the moment. */
  async #work(moment: Moment): Promise<void> {
    for (let idleMs = LOOK_MS; this.#underWay().length === 0 || !this.#isMoment(moment); idleMs += LOOK_MS) {
      const isIdle = this.#underWay().length === 0
      if (isIdle && this.#taken.length === this.#going.length) this.#plan()
      if (isIdle && idleMs % IDLE_MS === 0) this.#turn++
      await this.#wait(LOOK_MS)
    }
  }

  /** Kills, and starts again; the states in which it found jobs. They are read before anything is set going, so they are those at the kill. */
  async #kill(): Promise<string[]> {
    const jobs = this.#underWay()
    const isOther = await this.#runtime.crash()
    const found = await Promise.all(jobs.map(async (job) => ({ job, now: await this.#ask((api) => api.job(job.id)) })))
    const hit = isOther ? found.filter(({ now }) => !hasEnded(now)) : []
    for (const { job, now } of hit) {
      job.kills++
      this.#statesAtKills[now.state] = (this.#statesAtKills[now.state] ?? 0) + 1
    }
    await this.#runtime.passLease()
    await this.#runtime.tick()
    this.#startedAt = Date.now()
    return hit.map(({ now }) => now.state)
  }

  async #wait(ms: number): Promise<void> {
    this.#stop.throwIfAborted()
    await sleep(ms)
    if (this.#kills >= this.#request.kills && Date.now() - Math.max(this.#movedAt, this.#startedAt) > STUCK_MS) await this.#unstick()
  }

  async #unstick(): Promise<void> {
    this.#startedAt = Date.now()
    await this.#runtime.passLease()
  }

  /** Until no job is under way and no file is waiting to be looked at, those that nobody asked for included. */
  async #rest(): Promise<void> {
    this.#progress.stage('coming to rest')
    for (let quiet = 0; quiet < 2; ) {
      quiet = (await this.#isQuiet()) ? quiet + 1 : 0
      if (quiet === 1) await this.#runtime.passLease()
      await this.#wait(10 * LOOK_MS)
    }
  }

  async #isQuiet(): Promise<boolean> {
    const jobs = await Promise.all(['queued', 'running', 'finalizing', 'canceling'].map((state) => this.#ask((api) => api.jobs({ state }))))
    const stored = await this.#ask((api) => api.files({ state: 'stored' }))
    return [...jobs, stored].every(({ data }) => data.length === 0)
  }

  async #compare(): Promise<string[]> {
    this.#progress.stage('comparing with the plain scanner')
    const expected = new Map<string, Expected>()
    const wrong: string[] = []
    for (const job of this.#taken) {
      const { list, ask } = job.plan
      const key = JSON.stringify([list.name, ask])
      const known = expected.get(key) ?? (await expect(this.#pathOf(list), ask, twinEngine))
      expected.set(key, known)
      wrong.push(...(await differences(this.#ask, job, known)).map((line) => `${job.id} (${list.name}): ${line}`))
      this.#stop.throwIfAborted()
    }
    return wrong
  }

  async #sweep(): Promise<void> {
    this.#progress.stage('sweeping')
    for (let i = 0; i < SWEEPS; i++) await this.#runtime.tickAt(Date.now() + SWEEP_AFTER_MS + i * 2 * LIMITS.leaseMs)
    await this.#rest()
  }
}

/** Runs, in a state of its own that is taken away afterwards unless it is to be kept. */
export const crashRun = async (request: CrashRequest, progress: Progress, stop: AbortSignal): Promise<CrashResult> => {
  rmSync(request.folder, { recursive: true, force: true })
  mkdirSync(request.folder, { recursive: true })
  makeOwnState(request.folder)
  try {
    return await new CrashRun(request, progress, stop).run()
  } finally {
    if (!request.isKept) rmSync(request.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
