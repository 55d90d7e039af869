/**
 * Watches the rows that the invariants speak of, at every commit: triggers tell each change, so that nothing is missed between two looks. What is wrong is noted
 * by the name of its invariant.
 */
import { LIMITS } from '../../shared/base/limits.ts'
import type { InvariantName, Violations } from './invariants.ts'
import type { Task } from './scheduler.ts'
import type { Database } from './sqlite-d1.ts'

const ENDS = new Set(['succeeded', 'failed', 'canceled', 'expired'])

/** A job or a chunk was changed. */
interface RowChange {
  readonly of: 'job' | 'chunk'
  readonly id: string
  readonly before: string
  readonly after: string
  readonly fenceBefore: number
  readonly fenceAfter: number
  readonly leaseBefore: number | null
  /** The plan was committed. */
  readonly isPlanned: boolean
}

interface EventChange {
  readonly of: 'event'
  readonly kind: string
  readonly subject: string
  readonly jobState: string | null
}

/** Something that calls for a message, or a message that is kept: both should be in the same transaction. */
interface Call {
  readonly of: 'call' | 'message'
  readonly id: string
  readonly queue: string
}

type Change = RowChange | EventChange | Call | { readonly of: 'new'; readonly id: string; readonly state: string }

/** An admitted job calls for its plan message, a chunk that wakes for its own, a job whose last chunk is joined for the finish message. */
export const TRIGGERS = `
  CREATE TEMP TRIGGER watch_new_jobs AFTER INSERT ON jobs BEGIN
    SELECT watch('new', NEW.id, NEW.state);
    SELECT watch('call', NEW.id, 'jobs') WHERE NEW.admitted_at IS NOT NULL; END;
  CREATE TEMP TRIGGER watch_jobs AFTER UPDATE ON jobs BEGIN
    SELECT watch('job', NEW.id, OLD.state, NEW.state, OLD.fence, NEW.fence, OLD.lease_until, OLD.plan IS NULL AND NEW.plan IS NOT NULL);
    SELECT watch('call', NEW.id, 'jobs') WHERE OLD.admitted_at IS NULL AND NEW.admitted_at IS NOT NULL
      OR OLD.joined < NEW.joined AND NEW.joined = NEW.chunks_total AND NEW.state = 'running'; END;
  CREATE TEMP TRIGGER watch_chunks AFTER UPDATE ON chunks BEGIN
    SELECT watch('chunk', NEW.job_id || '/' || NEW.k, OLD.state, NEW.state, OLD.fence, NEW.fence, OLD.lease_until, 0);
    SELECT watch('call', NEW.job_id || '/' || NEW.k, 'chunks') WHERE OLD.state = 'waiting' AND NEW.state = 'waiting' AND OLD.lease_until IS NULL AND NEW.lease_until IS NOT NULL; END;
  CREATE TEMP TRIGGER watch_outbox AFTER INSERT ON outbox BEGIN
    SELECT watch('message', NEW.body ->> 'job' || coalesce('/' || (NEW.body ->> 'k'), ''), NEW.queue); END;
  CREATE TEMP TRIGGER watch_events AFTER INSERT ON events BEGIN
    SELECT watch('event', NEW.subject, NEW.kind, (SELECT state FROM jobs WHERE id = NEW.subject)); END;`

export class Watch {
  /** Job -> its state, as committed. */
  readonly jobs = new Map<string, string>()
  readonly #violations: Violations
  readonly #now: () => number
  readonly #faultCount: () => number
  readonly #holders = new Map<string, Task>()
  readonly #told = new Map<string, number>()
  readonly #claims = new Map<string, number>()
  /** Messages that are due and that nothing but the task that owes them knows of. */
  readonly #owed = new Map<Task, string[]>()
  #changes: Change[] = []

  constructor(database: Database, violations: Violations, now: () => number, faultCount: () => number) {
    this.#violations = violations
    this.#now = now
    this.#faultCount = faultCount
    database.hear = (of, id, a, b, c, d, e, f) => {
      if (of === 'new') this.#changes.push({ of, id: String(id), state: String(a) })
      else if (of === 'message' || of === 'call') this.#changes.push({ of, id: String(id), queue: String(a) })
      else if (of === 'event') this.#changes.push({ of, subject: String(id), kind: String(a), jobState: b === null ? null : String(b) })
      else
        this.#changes.push({
          of: of as 'job' | 'chunk',
          id: String(id),
          before: String(a),
          after: String(b),
          fenceBefore: Number(c),
          fenceAfter: Number(d),
          leaseBefore: e === null ? null : Number(e),
          isPlanned: f === 1,
        })
    }
  }

  rolledBack(): void {
    this.#changes = []
  }

  committed(task: Task): void {
    const changes = this.#changes
    this.#changes = []
    for (const change of changes) {
      if (change.of === 'new') this.jobs.set(change.id, change.state)
      else if (change.of === 'event') this.#event(change)
      else if (change.of === 'job' || change.of === 'chunk') this.#row(change, task)
    }
    for (const { id, queue } of changes.filter((change): change is Call => change.of === 'call')) {
      const isKept = changes.some((one) => one.of === 'message' && one.queue === queue && one.id === id)
      if (!isKept) this.#owed.set(task, [...(this.#owed.get(task) ?? []), `${queue} ${id}`])
    }
  }

  /** A task has sent a message: what it alone knew of is out. */
  sent(task: Task, queue: string, body: unknown): void {
    const { job, k } = body as { job?: string; k?: number }
    const name = `${queue} ${job}${k === undefined ? '' : `/${k}`}`
    const owed = this.#owed.get(task)
    if (owed)
      this.#owed.set(
        task,
        owed.filter((one) => one !== name),
      )
  }

  /** A task has ended or died. What it has not sent, and nobody has kept, nobody knows of. */
  over(task: Task): void {
    for (const message of this.#owed.get(task) ?? [])
      this.#says('messages_accounted', `${message}: the message was due, was not sent, and was not kept`)
    this.#owed.delete(task)
  }

  /** True once every job there is has ended, but for this one. */
  areEnded(except: string | null): boolean {
    for (const [id, state] of this.jobs) if (!ENDS.has(state) && id !== except) return false
    return true
  }

  #says(invariant: InvariantName, what: string): void {
    this.#violations.add(invariant, what)
  }

  #row(change: RowChange, task: Task): void {
    const { of, id, before, after, fenceBefore, fenceAfter, leaseBefore } = change
    const name = `${of} ${id}`
    if (of === 'job') {
      this.jobs.set(id, after)
      if (ENDS.has(before)) this.#says('terminal_row_never_changes', `${name} was ${before} and was changed to ${after}`)
    }
    if (fenceAfter < fenceBefore) this.#says('newest_fence_commits', `the fence of ${name} fell from ${fenceBefore} to ${fenceAfter}`)
    const isClaim = fenceAfter > fenceBefore
    const wasHeld = before === 'running' || before === 'finalizing'
    if (isClaim && wasHeld && before === after && leaseBefore !== null && leaseBefore >= this.#now())
      this.#says('live_lease_is_respected', `${name} was taken from its holder ${leaseBefore - this.#now()} ms before its lease ran out`)
    const isCommit =
      change.isPlanned || (of === 'chunk' && before === 'running' && after === 'done') || (of === 'job' && after === 'succeeded')
    if (isCommit && !isClaim && this.#holders.get(name) !== task)
      this.#says(
        'newest_fence_commits',
        `${name} went from ${before} to ${after} by ${task.kind} ${task.subject}, who does not hold fence ${fenceAfter}`,
      )
    if (isClaim) this.#holders.set(name, task)
    if (isClaim && (after === 'running' || after === 'finalizing')) this.#claimed(name)
    if (of === 'chunk' && before === 'done' && after === 'waiting') this.#claims.delete(name)
  }

  /** How often a job, or the chunk of it that was tried most often, was tried. */
  triesOf(job: string): number {
    const names = [...this.#claims.keys()].filter((name) => name === `job ${job}` || name.startsWith(`chunk ${job}/`))
    return Math.max(0, ...names.map((name) => this.#claims.get(name)!))
  }

  /** Work is tried again and again, but not for ever. A try that a fault took may count once more. */
  #claimed(name: string): void {
    const claims = (this.#claims.get(name) ?? 0) + 1
    this.#claims.set(name, claims)
    if (claims === LIMITS.attemptsMax + LIMITS.guessesMax + this.#faultCount() + 2)
      this.#says('attempts_are_counted', `${name} was claimed ${claims} times`)
  }

  #event({ kind, subject, jobState }: EventChange): void {
    const end = kind.startsWith('job.') ? kind.slice('job.'.length) : ''
    if (!ENDS.has(end) && end !== 'started') return
    const key = `${subject} ${end === 'started' ? end : 'end'}`
    const told = (this.#told.get(key) ?? 0) + 1
    this.#told.set(key, told)
    if (told > 1) this.#says('one_end_event', `${kind} is event number ${told} of its sort for job ${subject}`)
    if (ENDS.has(end) && jobState !== end) this.#says('one_end_event', `${kind} was told while job ${subject} was ${jobState}`)
  }
}
