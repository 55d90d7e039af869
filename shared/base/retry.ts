/** When to try again, as data: attempt -> delay. */
import { fraction, type Random } from './random.ts'

const DELAYS_S = [1, 4, 15, 60, 300] as const

/** Seconds before the next try after `attempt` failed ones (from 1), with up to half of it as jitter so that failures do not march in step. */
export const retryDelayS = (attempt: number, random: Random): number => {
  const base = DELAYS_S[Math.min(attempt, DELAYS_S.length) - 1] ?? DELAYS_S[0]
  return Math.round(base * (1 + fraction(random) / 2))
}
