/** How many values, and how long are they? Lengths are code points; the counts are exact up to 2^53. */
import type { Sketch } from './sketch.ts'

export interface CountState {
  values: number
  points: number
  pointsMin: number
  pointsMax: number
}

/** Length of the values; null without values. */
export type LengthResult = { readonly min: number; readonly max: number; readonly mean: number } | null

export interface CountResult {
  readonly values: number
  readonly length: LengthResult
}

export const count: Sketch<CountState, CountResult> = {
  commutes: true,
  empty: () => ({ values: 0, points: 0, pointsMin: Number.MAX_SAFE_INTEGER, pointsMax: 0 }),
  add(state, { points }) {
    state.values++
    state.points += points
    if (points < state.pointsMin) state.pointsMin = points
    if (points > state.pointsMax) state.pointsMax = points
  },
  merge(left, right) {
    left.values += right.values
    left.points += right.points
    left.pointsMin = Math.min(left.pointsMin, right.pointsMin)
    left.pointsMax = Math.max(left.pointsMax, right.pointsMax)
    return left
  },
  result: ({ values, points, pointsMin, pointsMax }) => ({
    values,
    length: values === 0 ? null : { min: pointsMin, max: pointsMax, mean: points / values },
  }),
  encode(state, to) {
    to.count(state.values)
    to.count(state.points)
    to.count(state.pointsMin)
    to.count(state.pointsMax)
  },
  decode: (from) => ({ values: from.count(), points: from.count(), pointsMin: from.count(), pointsMax: from.count() }),
}
