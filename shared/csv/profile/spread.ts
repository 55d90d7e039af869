/**
 * How are a column's values spread? Quantiles, and a few bars for people, of numbers, dates and timestamps.
 * The p-th percentile is the value with at least p % of the values at or below it: the one of rank ceil(p n / 100), never between two values.
 */
import { assert } from '../../base/assert.ts'
import { LIMITS } from '../../base/limits.ts'
import type { ColumnState } from './column.ts'
import { type Point, type Points, pointsOf, SCALES, type Scale } from './points.ts'
import type { Bars, ColumnType, Quantiles } from './view.ts'

export interface Spread {
  readonly quantiles: Quantiles | null
  readonly histogram: Bars | null
}

const NO_SPREAD: Spread = { quantiles: null, histogram: null }
const PERCENTS = { p01: 1, p05: 5, p25: 25, p50: 50, p75: 75, p95: 95, p99: 99 } as const
const BARS = LIMITS.profileBarsMax

/** The value of this rank among ascending points, from 1. */
const ofRank = (list: readonly Point[], rank: number): number => {
  let upTo = 0
  const point = list.find(({ count }) => {
    upTo += count
    return upTo >= rank
  })
  assert(point !== undefined, 'a rank is one of a value')
  return point.at
}

const quantilesOf = ({ list, error }: Points, { show }: Scale): Quantiles => {
  const total = list.reduce((sum, { count }) => sum + count, 0)
  const at = (percent: number) => show(ofRank(list, Math.ceil((percent * total) / 100)))
  const entries = Object.entries(PERCENTS).map(([name, percent]) => [name, at(percent)])
  return { ...(Object.fromEntries(entries) as Record<keyof typeof PERCENTS, number | string>), error }
}

/** How wide a bar is: whole where values are, so that none stands for more of them than the next; 0 for a single bar. */
const barWidth = (from: number, to: number, isWhole: boolean): number => {
  const span = to - from
  if (isWhole && Number.isSafeInteger(span)) return Math.ceil((span + 1) / BARS)
  return Number.isFinite(span) ? span / BARS : to / BARS - from / BARS
}

/** How many bars of `width` there are from `from` to `at`; the difference of two doubles may not be one. */
const barsUpTo = (from: number, at: number, width: number): number => {
  const offset = at - from
  return Math.floor(Number.isFinite(offset) ? offset / width : at / width - from / width)
}

const barsOf = ({ list }: Points, from: number, to: number, { isWhole, show, unit }: Scale): Bars => {
  const width = barWidth(from, to, isWhole)
  const last = width === 0 ? 0 : Math.min(BARS - 1, barsUpTo(from, to, width))
  const counts = new Array<number>(last + 1).fill(0)
  for (const { at, count } of list) counts[last === 0 ? 0 : Math.min(last, barsUpTo(from, at, width))]! += count
  return { from: show(from), to: show(to), width: width / unit, counts }
}

/** The spread of a column of this type; nulls where it has none. */
export const spreadOf = (column: ColumnState, type: ColumnType): Spread => {
  const scale = SCALES[type]
  const ends = scale?.ends(column.extent)
  if (!scale || !ends) return NO_SPREAD
  const points = pointsOf(column, scale, ...ends)
  return { quantiles: quantilesOf(points, scale), histogram: barsOf(points, ...ends, scale) }
}
