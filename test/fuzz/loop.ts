/** Case after case, target after target, until somebody says stop. The seed of a case is all that is needed to see it again. */
import { Random } from '../support/random.ts'
import type { AnyTarget, Failure } from './target.ts'

export interface FailedCase {
  readonly target: AnyTarget
  readonly seed: number
  readonly failure: Failure
  /** As it was made, and made as small as it could be with a failure left. */
  readonly original: unknown
  readonly smallest: unknown
}

/** A target takes its turn for about this long: long enough that changing over costs nothing, short enough that Ctrl-C is heard. */
const TURN_MS = 50
/** Smaller cases that are tried for one failure. */
const SMALLER_TRIES_MAX = 3_000

const caught = (error: unknown): Failure => ({
  what: 'it threw',
  expected: 'an answer',
  actual: error instanceof Error ? error.stack : error,
})

/** What is wrong with a case; an exception is a failure too. */
const failureOf = (target: AnyTarget, one: unknown): Failure | null => {
  try {
    return target.check(one)
  } catch (error) {
    return caught(error)
  }
}

const smallestOf = (target: AnyTarget, original: unknown, failure: Failure): { smallest: unknown; failure: Failure } => {
  let found = { smallest: original, failure }
  let triesLeft = SMALLER_TRIES_MAX
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false
    for (const one of target.smaller?.(found.smallest) ?? []) {
      if (triesLeft-- === 0) return found
      const again = failureOf(target, one)
      if (!again) continue
      found = { smallest: one, failure: again }
      isSmaller = true
      break
    }
  }
  return found
}

/** Runs the case of one seed; null: all agree. */
export const runSeed = (target: AnyTarget, seed: number): FailedCase | null => {
  let original: unknown = null
  try {
    original = target.generate(new Random(seed))
  } catch (error) {
    return { target, seed, failure: caught(error), original, smallest: original }
  }
  const failure = failureOf(target, original)
  return failure && { target, seed, original, ...smallestOf(target, original, failure) }
}

export interface Tally {
  readonly target: AnyTarget
  caseCount: number
  failureCount: number
}

export interface Fuzzing {
  readonly targets: readonly AnyTarget[]
  /** Of the first case; the others follow one by one. */
  readonly seed: number
  /** For each target; Infinity: until the time is over. */
  readonly casesMax: number
  /** A target that failed so often has said enough. */
  readonly failuresMax: number
  readonly isOver: () => boolean
  readonly onFailure: (failed: FailedCase) => void
}

/** One turn of a target; false: it has nothing left to do. */
const takeTurn = (tally: Tally, { seed, casesMax, failuresMax, isOver, onFailure }: Fuzzing): boolean => {
  const until = performance.now() + TURN_MS
  while (tally.caseCount < casesMax && tally.failureCount < failuresMax) {
    const failed = runSeed(tally.target, (seed + tally.caseCount++) >>> 0)
    if (failed) {
      tally.failureCount++
      onFailure(failed)
    }
    if (isOver()) return false
    if (performance.now() > until) return true
  }
  return false
}

/** Runs until all cases are done or it is over, letting others in between turns. Returns what was done. */
export const fuzz = async (fuzzing: Fuzzing): Promise<readonly Tally[]> => {
  const tallies = fuzzing.targets.map((target): Tally => ({ target, caseCount: 0, failureCount: 0 }))
  for (let left: readonly Tally[] = tallies; left.length > 0 && !fuzzing.isOver(); ) {
    left = left.filter((tally) => takeTurn(tally, fuzzing))
    await new Promise((done) => setImmediate(done))
  }
  return tallies
}
