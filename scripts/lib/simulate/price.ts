/** What does a job cost? All that it asks for, added up and multiplied by the published prices; the arithmetic that docs/scaling.md shows. */
import { SIZES, type Sizes } from '../../../shared/base/sizes.ts'
import { type Cost, moreParts, moreWindows, STEPS, stepsOf, sumOf, timesOf } from './costs.ts'
import { ASSUMED, type Assumed, MEASURED, OPERATIONS_PER_MESSAGE, PRICES } from './platform.ts'
import { analysisOf, beatsOf, chunkCpuMs, chunkMs, composeCpuMs, filterOf, type Pieces, piecesOf, pollsOf, type Work } from './size.ts'

/** What is billed. */
export interface Usage {
  readonly cost: Cost
  /** Invocations of a Worker: requests, and messages, each of which is taken for one. */
  readonly requests: number
  readonly cpuMs: number
}

const usage = (cost: Cost, requests: number, cpuMs: number): Usage => ({ cost, requests, cpuMs })

export const sumUsage = (all: readonly Usage[]): Usage =>
  usage(
    sumOf(all.map(({ cost }) => cost)),
    all.reduce((sum, { requests }) => sum + requests, 0),
    all.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  )

/** All chunks of a job: their steps, what is read and written, polls and signs of life. */
const passCost = (work: Work, pieces: Pieces, sizes: Sizes, assumed: Assumed): Cost => {
  const { chunks, chunkBytes, chunkOutBytes } = pieces
  const ms = chunkMs(work, pieces, sizes, assumed)
  const bytes = { classB: moreWindows(chunkBytes, sizes), classA: moreParts(chunkOutBytes) }
  const one = stepsOf(work.makes, chunks, sizes).chunk
  const whole = { ...one, classA: one.classA + bytes.classA, classB: one.classB + bytes.classB }
  return timesOf(chunks, sumOf([whole, timesOf(pollsOf(ms), STEPS.poll), timesOf(beatsOf(ms), STEPS.beat)]))
}

/** The finish of a job, and what is put together in it. */
const finishCost = (work: Work, pieces: Pieces, sizes: Sizes): Cost => {
  const { chunks, chunkOutBytes, parts, moreFinishes } = pieces
  const finish = stepsOf(work.makes, chunks, sizes).finish
  if (parts === 0) return finish
  const composed = sumOf([finish, STEPS.compose, timesOf(parts, STEPS.part), timesOf(moreFinishes, STEPS.goOn)])
  return { ...composed, classA: composed.classA - 1, classB: composed.classB + chunks * moreWindows(chunkOutBytes, sizes) }
}

/** A job from its plan message to its end. */
export const jobUsage = (work: Work, sizes: Sizes = SIZES, assumed: Assumed = ASSUMED): Usage => {
  const pieces = piecesOf(work, sizes, assumed)
  const { chunks, moreFinishes } = pieces
  const cost = sumOf([stepsOf(work.makes, chunks, sizes).plan, passCost(work, pieces, sizes, assumed), finishCost(work, pieces, sizes)])
  const invocations = 1 + chunks + 1 + moreFinishes
  const states = work.makes === 'profile' && chunks > 1 ? chunks * MEASURED.stateCpuMs : 0
  const cpuMs = chunks * chunkCpuMs(work, pieces, assumed) + composeCpuMs(pieces, sizes, assumed) + states
  return usage(cost, invocations, invocations * assumed.invocationCpuMs + cpuMs)
}

/** A filter as a user meets it: the request, the job, and the analysis of its result that follows by itself. */
export const requestUsage = (bytes: number, share: number, sizes: Sizes = SIZES, assumed: Assumed = ASSUMED): Record<string, Usage> => ({
  request: usage(sumOf([STEPS.authenticate, STEPS.submit]), 1, assumed.invocationCpuMs),
  filter: jobUsage(filterOf(bytes, share), sizes, assumed),
  'the result is looked at': usage(STEPS.event, 1, assumed.invocationCpuMs),
  'its analysis': jobUsage(analysisOf(bytes * share), sizes, assumed),
})

/** Dollars by what they are paid for. */
export const dollarsOf = ({ cost, requests, cpuMs }: Usage): Record<string, number> => ({
  'Workers requests': requests * PRICES.workersPerRequest,
  'Workers CPU': cpuMs * PRICES.workersPerCpuMs,
  'R2 class A': cost.classA * PRICES.r2PerClassA,
  'R2 class B': cost.classB * PRICES.r2PerClassB,
  'D1 rows read': cost.rowsRead * PRICES.d1PerRowRead,
  'D1 rows written': cost.rowsWritten * PRICES.d1PerRowWritten,
  'Queue operations': cost.messages * OPERATIONS_PER_MESSAGE * PRICES.queuePerOperation,
})

export const totalOf = (dollars: Readonly<Record<string, number>>): number => Object.values(dollars).reduce((sum, one) => sum + one, 0)

/** How long the database is busy with it, in milliseconds. */
export const databaseMs = ({ cost }: Usage, { d1ReadMs, d1WriteMs, d1RowUs }: Assumed = ASSUMED): number =>
  cost.reads * d1ReadMs + cost.writes * d1WriteMs + (cost.rowsRead * d1RowUs) / 1000
