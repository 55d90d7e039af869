/**
 * What does a step of a job ask of the platform? The figures are those that the real code was seen to ask for, over the real database: test/processor/costs.test.ts counts every
 * question and fails where this table says something else. They hold for objects that fit into one window of reading and one part of writing; what larger ones add is arithmetic.
 */
import { LIMITS } from '../../../shared/base/limits.ts'
import { SIZES, type Sizes } from '../../../shared/base/sizes.ts'

export interface Cost {
  /** Questions to the database that only read, and those that write: each one statement alone, or a batch. */
  readonly reads: number
  readonly writes: number
  /** Statements in all of them. */
  readonly statements: number
  /** As D1 counts them for its bill: an index that is touched is a row. */
  readonly rowsRead: number
  readonly rowsWritten: number
  /** Requests to the bucket by their price; removing costs nothing. */
  readonly classA: number
  readonly classB: number
  /** Messages handed to queues: our own, and those that R2 sends about objects. */
  readonly messages: number
}

const KEYS = ['reads', 'writes', 'statements', 'rowsRead', 'rowsWritten', 'classA', 'classB', 'messages'] as const satisfies (keyof Cost)[]

const cost = (...figures: readonly number[]): Cost => Object.fromEntries(KEYS.map((key, i) => [key, figures[i] ?? 0])) as unknown as Cost

export const NO_COST: Cost = cost()

export const sumOf = (costs: readonly Cost[]): Cost => cost(...KEYS.map((key) => costs.reduce((sum, one) => sum + one[key], 0)))
export const timesOf = (times: number, one: Cost): Cost => cost(...KEYS.map((key) => times * one[key]))

/** Steps that are the same whatever the size. In order: reads, writes, statements, rows read, rows written, class A, class B, messages. */
export const STEPS = {
  /** A request's key is looked up. */
  authenticate: cost(1, 0, 1, 2, 0, 0, 0, 0),
  /** The job's row, and its plan message. */
  submit: cost(2, 2, 5, 14, 11, 0, 0, 1),
  /** A client asks how its job stands. */
  look: cost(1, 0, 1, 1, 0, 0, 0, 0),
  /** R2 tells of the result: it is looked at, and its analysis begins. */
  event: cost(3, 2, 8, 18, 15, 0, 2, 1),
  /** A chunk that has run for a second asks whether it goes on; sometimes it also says how far it is. */
  poll: cost(1, 0, 1, 2, 0, 0, 0, 0),
  beat: cost(0, 1, 2, 2, 3, 0, 0, 0),
  /** A composition begins and ends, beside its parts. */
  compose: cost(2, 2, 4, 10, 3, 2, 0, 0),
  /** A part is written and committed. */
  part: cost(0, 1, 3, 5, 5, 1, 0, 0),
  /** A finish that is long leaves the rest to another message. */
  goOn: cost(3, 3, 7, 20, 8, 0, 2, 1),
} as const

/** The operations whose costs differ: what makes a file, and what makes a profile. */
export type Makes = 'file' | 'profile'

export interface JobSteps {
  readonly plan: Cost
  /** Of the average chunk. */
  readonly chunk: Cost
  /** Without the parts of a composition. */
  readonly finish: Cost
}

const ONE_CHUNK: Readonly<Record<Makes, JobSteps>> = {
  file: { plan: cost(1, 3, 8, 30, 15, 0, 1, 1), chunk: cost(2, 3, 9, 24, 10, 1, 2, 2), finish: cost(2, 2, 10, 29, 15, 0, 0, 0) },
  profile: { plan: cost(1, 3, 8, 30, 15, 0, 1, 1), chunk: cost(2, 3, 9, 24, 10, 1, 1, 1), finish: cost(4, 3, 13, 32, 7, 2, 1, 0) },
}

/** The steps of a job in `n` chunks. A commit looks at all chunks of its job, so rows read grow with n squared. */
export const stepsOf = (makes: Makes, n: number, { parallelPerJob }: Pick<Sizes, 'parallelPerJob'> = SIZES): JobSteps => {
  if (n === 1) return ONE_CHUNK[makes]
  const out = Math.min(n, parallelPerJob)
  const released = (n - out) / n
  return {
    plan: cost(1, 3, 8, 9 + 20 * out + out * out + 7 * (n - out), 7 + 8 * out + 2 * (n - out), 0, 1, out),
    chunk: cost(4.25, 3.2 + 0.8 * released, 16.6, 50 + 7.9 * n, 7.8 + 5.5 * released, 1, 1.92, 1 / n + released),
    finish: makes === 'file' ? cost(5, 3, 15, 31 + 2 * n, 15, 2, n + 1, 1) : cost(5, 3, 14, 29 + 2 * n, 7, 2, n, 0),
  }
}

/** Further requests of reading so many bytes in one go. */
export const moreWindows = (bytes: number, { windowBytes }: Pick<Sizes, 'windowBytes'> = SIZES): number =>
  Math.max(0, Math.ceil(bytes / windowBytes) - 1)

/** Further requests of writing an object of so many bytes: in parts it has a beginning and an end. */
export const moreParts = (bytes: number, partBytes: number = LIMITS.partBytes): number =>
  bytes <= partBytes ? 0 : Math.ceil(bytes / partBytes) + 1
