/** When to try again, as data: attempt -> delay; and the short trying again within one request or message. */
import type { Clock } from './clock.ts'
import { LIMITS } from './limits.ts'
import { fraction, type Random } from './random.ts'

const DELAYS_S = [1, 4, 15, 60, 300] as const

/** Seconds before the next try after `attempt` failed ones (from 1), with up to half of it as jitter so that failures do not march in step. */
export const retryDelayS = (attempt: number, random: Random): number => {
  const base = DELAYS_S[Math.min(attempt, DELAYS_S.length) - 1] ?? DELAYS_S[0]
  return Math.round(base * (1 + fraction(random) / 2))
}

/** Milliseconds before the next of a few quick tries: doubling, half of each at random. */
const pauseMs = (tries: number, random: Random): number => LIMITS.triesPauseMs * 2 ** (tries - 1) * (0.5 + fraction(random) / 2)

/** What quick tries need of the world. */
export interface Patience {
  readonly clock: Clock
  readonly random: Random
}

/** Does the work, and again while `mayRepeat` says so of its failure, at most `triesMax` times in all; then its failure stands. `work` is told which try it is, from 1. */
export const insist = async <T>(
  { clock, random }: Patience,
  triesMax: number,
  mayRepeat: (failure: unknown) => boolean,
  work: (tries: number) => Promise<T>,
): Promise<T> => {
  for (let tries = 1; ; tries++) {
    try {
      return await work(tries)
    } catch (failure) {
      if (tries >= triesMax || !mayRepeat(failure)) throw failure
      await clock.sleep(pauseMs(tries, random))
    }
  }
}
