/** Made-up data that is the same every time: numbers drawn from a seed. */

/** The next number in [0, 1). */
export type Draw = () => number

/** Mulberry32: a small generator with 32 bits of state, good enough to look random and the same everywhere. */
export const seeded = (seed: number): Draw => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const pick = <T>(draw: Draw, list: readonly T[]): T => list[Math.floor(draw() * list.length)] as T
export const chance = (draw: Draw, share: number): boolean => draw() < share
/** A whole number from `low` to `high`, both included. */
export const between = (draw: Draw, low: number, high: number): number => low + Math.floor(draw() * (high - low + 1))
/** 07 */
export const two = (value: number): string => String(value).padStart(2, '0')
