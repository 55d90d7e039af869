/**
 * One thread, virtual time: whatever calls the world waits here until it is its turn, and a seed decides whose turn it is. So consumers interleave at
 * every call, any number of minutes pass in no time, and a seed is all it takes to see a run again.
 *
 * A step: timers that are due go off; one of the waiting calls is made (or fails, as the plan of faults says); then everything runs on until it waits again.
 */
import type { Random } from '../support/random.ts'
import type { Fault, FaultPlan, Site } from './fault.ts'

/** One invocation of a worker: a request, a batch of messages, a tick. */
export interface Task {
  readonly kind: 'request' | 'message' | 'tick'
  /** Whose work it does, for the report. */
  readonly subject: string
  /** Calls and sleeps that it waits for. */
  waiting: number
  state: 'running' | 'ended' | 'dead'
  /** What has struck it. */
  readonly faults: Fault[]
}

/** How the world words its failures. */
export interface Failures {
  before(): Error
  after(): Error
}

export interface CallOptions<T> {
  readonly failures: Failures
  /** The answer as it is when its stream ends early. */
  readonly tear?: (answer: T) => T
}

interface Waiting {
  readonly task: Task
  readonly make: () => void
}

export interface Struck {
  readonly index: number
  readonly site: Site
  readonly fault: Fault
  readonly task: Task
}

/** What it throws is an answer too. */
const attempted = <T>(perform: () => T | Promise<T>): T | Promise<T> => {
  try {
    return perform()
  } catch (cause) {
    return Promise.reject(cause)
  }
}

const never = new Promise<never>(() => {})

/** How long an answer hangs: longer than a lease and the tick that notices. */
const HANG_MS = 150_000
/** What a call takes; once in a while one takes long enough for signs of life and second thoughts. */
const CALL_MS = 4
const SLOW_MS = 1_300
const SLOW_ONE_IN = 24

export interface SchedulerOptions {
  readonly random: Random
  readonly plan: FaultPlan
  /** False: first come, first served. */
  readonly shuffles: boolean
}

export class Scheduler {
  now: number
  readonly random: Random
  readonly struck: Struck[] = []
  readonly sites: Site[] = []
  /** Called when a task has died, and when one has ended either way. */
  onDeath: (task: Task) => void = () => {}
  onOver: (task: Task) => void = () => {}
  readonly #plan: FaultPlan
  readonly #shuffles: boolean
  readonly #waiting: Waiting[] = []
  readonly #timers: { readonly at: number; readonly run: () => void }[] = []
  readonly #running = new Set<Task>()

  constructor(start: number, { random, plan, shuffles }: SchedulerOptions) {
    this.now = start
    this.random = random
    this.#plan = plan
    this.#shuffles = shuffles
  }

  /** Starts an invocation. `ended` hears how it went; never, if it dies. */
  start<T>(kind: Task['kind'], subject: string, work: (task: Task) => Promise<T>, ended: (result: PromiseSettledResult<T>) => void): Task {
    const task: Task = { kind, subject, waiting: 0, state: 'running', faults: [] }
    this.#running.add(task)
    const end = (result: PromiseSettledResult<T>) => {
      if (task.state === 'dead') return
      task.state = 'ended'
      this.#running.delete(task)
      this.onOver(task)
      ended(result)
    }
    work(task).then(
      (value) => end({ status: 'fulfilled', value }),
      (reason: unknown) => end({ status: 'rejected', reason }),
    )
    return task
  }

  get runningCount(): number {
    return this.#running.size
  }

  /** Runs at or soon after a time. */
  at(time: number, run: () => void): void {
    let i = this.#timers.length
    while (i > 0 && this.#timers[i - 1]!.at > time) i--
    this.#timers.splice(i, 0, { at: time, run })
  }

  after(ms: number, run: () => void): void {
    this.at(this.now + Math.ceil(ms), run)
  }

  /** A call of a task to the world. */
  call<T>(task: Task, site: Site, perform: () => T | Promise<T>, { failures, tear }: CallOptions<T>): Promise<T> {
    return this.#wait(task, (resolve, reject) => {
      const index = this.sites.push(site) - 1
      const fault = this.#plan.strike(index, site, tear !== undefined)
      if (fault) this.#note({ index, site, fault, task })
      if (fault === 'before') return reject(failures.before())
      const answer = attempted(perform)
      // Nobody may be there any more to hear of a failure.
      if (answer instanceof Promise) answer.catch(() => {})
      if (fault === 'crash') return this.#kill(task)
      if (fault === 'hang') return this.after(HANG_MS + this.random.below(10_000), () => resolve(answer))
      if (fault === 'after') return void Promise.resolve(answer).then(() => reject(failures.after()), reject)
      if (fault === 'torn' && tear) return resolve(Promise.resolve(answer).then(tear))
      resolve(answer)
    })
  }

  /** A task lets others run. */
  sleep(task: Task, ms: number): Promise<void> {
    if (ms <= 0) return this.#wait(task, (resolve) => resolve())
    if (task.state === 'dead') return never
    task.waiting++
    return new Promise((resolve) => {
      this.after(ms, () => {
        task.waiting--
        if (task.state !== 'dead') resolve()
      })
    })
  }

  #wait<T>(task: Task, make: (resolve: (value: T | Promise<T>) => void, reject: (error: unknown) => void) => void): Promise<T> {
    if (task.state === 'dead') return never
    task.waiting++
    return new Promise<T>((resolve, reject) => {
      const done =
        <V>(tell: (value: V) => void) =>
        (value: V) => {
          task.waiting--
          if (task.state !== 'dead') tell(value)
        }
      this.#waiting.push({ task, make: () => make(done(resolve), done(reject)) })
    })
  }

  #note(struck: Struck): void {
    this.struck.push(struck)
    struck.task.faults.push(struck.fault)
  }

  #kill(task: Task): void {
    task.state = 'dead'
    this.#running.delete(task)
    this.onOver(task)
    this.onDeath(task)
  }

  /** One step; false: nothing is left to happen. */
  async step(): Promise<boolean> {
    const waits = this.#waiting.some(({ task }) => task.state !== 'dead')
    if (!waits && this.#timers.length > 0) this.now = Math.max(this.now, this.#timers[0]!.at)
    else if (!waits) return false
    while (this.#timers.length > 0 && this.#timers[0]!.at <= this.now) this.#timers.shift()!.run()
    const next = this.#take()
    if (next) {
      this.now += this.#shuffles && this.random.oneIn(SLOW_ONE_IN) ? SLOW_MS : CALL_MS
      next.make()
    }
    await this.#settle()
    return true
  }

  #take(): Waiting | null {
    while (this.#waiting.length > 0) {
      const [taken] = this.#waiting.splice(this.#shuffles ? this.random.below(this.#waiting.length) : 0, 1)
      if (taken!.task.state !== 'dead') return taken!
    }
    return null
  }

  /** Everything runs on until it waits for its turn, for a time, or has ended. */
  async #settle(): Promise<void> {
    for (let i = 0; i < 10_000; i++) {
      await new Promise((next) => setImmediate(next))
      if (![...this.#running].some((task) => task.waiting === 0)) return
    }
    throw new Error('something waits for the world without a call to it')
  }
}
