/** A clock that never waits and notes how long it should have, and randomness without any. */
import type { Patience } from '../../shared/base/retry.ts'

/** `share`: what the randomness always gives, from 0 up to but not including 1. */
export const noted = (share = 0.5) => {
  const slept: number[] = []
  const patience: Patience = {
    clock: { now: () => 0, sleep: async (ms) => void slept.push(ms) },
    random: { bytes: (count) => new Uint8Array(count).fill(Math.floor(share * 256)) },
  }
  return { slept, patience }
}
