/**
 * How are the values spread? Counts by bucket, from which quantiles and bars are read (quantiles.ts). Merging is addition.
 *
 * One histogram serves numbers or times (bucket.ts has their keys): a column with both is text and keeps none. It holds at most `bucketsMax` buckets: one more, and the level
 * rises until they fit again. The level is therefore the least one at which all values seen fall into at most `bucketsMax` different buckets: a fact of the set of
 * values, whatever their order and however the work was split. NaN and infinities are not counted.
 *
 * Encoded: kind (0 none, 1 numbers, 2 times, 3 both); for 1 and 2 then level, number of buckets, and for each in ascending order its bucket less the one before (the
 * first: less 0) and its count. All are varints. Each count is at least 1.
 */
import { assert } from '../../base/assert.ts'
import { numberKey, timeKey } from './bucket.ts'
import type { Cell } from './cell.ts'
import type { ByteReader, ByteWriter } from './codec.ts'
import type { Sketch } from './sketch.ts'
import { DATE, DECIMAL, INTEGER, TIMESTAMP } from './type-code.ts'

export const NONE = 0
export const NUMBERS = 1
export const TIMES = 2
export const BOTH = 3
export type HistogramKind = typeof NONE | typeof NUMBERS | typeof TIMES | typeof BOTH

export interface HistogramState {
  readonly bucketsMax: number
  kind: HistogramKind
  level: number
  /** Places 0 to size - 1 are in use, their buckets ascending. */
  size: number
  buckets: Float64Array
  counts: Float64Array
}

export interface HistogramResult {
  readonly kind: HistogramKind
  readonly level: number
  /** By bucket number: for numbers not yet the order of the values, for the negative ones come last and backwards. */
  readonly buckets: Float64Array
  readonly counts: Float64Array
}

const FIRST_BUCKETS = 16

/** The place of the first bucket that is not below `bucket`. */
const placeOf = ({ buckets, size }: HistogramState, bucket: number): number => {
  let low = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >>> 1
    if (buckets[middle]! < bucket) low = middle + 1
    else high = middle
  }
  return low
}

/** Doubles the room, up to one more than may stay. */
const grow = (state: HistogramState): void => {
  const room = Math.min(state.size * 2, state.bucketsMax + 1)
  const { buckets, counts } = state
  state.buckets = new Float64Array(room)
  state.counts = new Float64Array(room)
  state.buckets.set(buckets)
  state.counts.set(counts)
}

/** Joins neighbours in pairs: the next level. */
const coarsen = (state: HistogramState): void => {
  const { buckets, counts } = state
  let kept = 0
  for (let at = 0; at < state.size; at++) {
    const bucket = Math.floor(buckets[at]! / 2)
    if (kept > 0 && buckets[kept - 1] === bucket) counts[kept - 1]! += counts[at]!
    else {
      buckets[kept] = bucket
      counts[kept++] = counts[at]!
    }
  }
  state.size = kept
  state.level++
}

/** Counts `count` values of a bucket of the state's own level. */
const addCount = (state: HistogramState, bucket: number, count: number): void => {
  const at = placeOf(state, bucket)
  if (at < state.size && state.buckets[at] === bucket) {
    state.counts[at]! += count
    return
  }
  if (state.size === state.buckets.length) grow(state)
  state.buckets.copyWithin(at + 1, at, state.size)
  state.counts.copyWithin(at + 1, at, state.size)
  state.buckets[at] = bucket
  state.counts[at] = count
  state.size++
  while (state.size > state.bucketsMax) coarsen(state)
}

/** Says that values of `kind` were met; false where nothing is kept any more. */
const accepts = (state: HistogramState, kind: HistogramKind): boolean => {
  if (state.kind === kind) return kind !== BOTH
  if (kind === NONE) return state.kind !== BOTH
  if (state.kind === NONE && kind !== BOTH) {
    state.kind = kind
    return true
  }
  Object.assign(state, empty(state.bucketsMax), { kind: BOTH })
  return false
}

const addKey = (state: HistogramState, kind: HistogramKind, key: number): void => {
  if (accepts(state, kind)) addCount(state, Math.floor(key / 2 ** state.level), 1)
}

const empty = (bucketsMax: number): HistogramState => {
  assert(bucketsMax >= 1, 'a histogram has a bucket')
  const room = Math.min(FIRST_BUCKETS, bucketsMax + 1)
  return { bucketsMax, kind: NONE, level: 0, size: 0, buckets: new Float64Array(room), counts: new Float64Array(room) }
}

/** The state of these buckets, in any order, and their counts. At most `bucketsMax` of them. */
export const histogramOf = (
  bucketsMax: number,
  kind: HistogramKind,
  level: number,
  found: readonly (readonly [bucket: number, count: number])[],
): HistogramState => {
  const state = { ...empty(bucketsMax), kind, level }
  for (const [bucket, count] of [...found].sort(([a], [b]) => a - b)) addCount(state, bucket, count)
  return state
}

const mergeInto = (left: HistogramState, right: HistogramState): HistogramState => {
  if (!accepts(left, right.kind)) return left
  while (left.level < right.level) coarsen(left)
  for (let at = 0; at < right.size; at++)
    addCount(left, Math.floor(right.buckets[at]! / 2 ** (left.level - right.level)), right.counts[at]!)
  return left
}

const encode = (state: HistogramState, to: ByteWriter): void => {
  to.count(state.kind)
  if (state.kind === NONE || state.kind === BOTH) return
  to.count(state.level)
  to.count(state.size)
  for (let at = 0; at < state.size; at++) {
    to.count(state.buckets[at]! - (at === 0 ? 0 : state.buckets[at - 1]!))
    to.count(state.counts[at]!)
  }
}

const decode = (from: ByteReader, bucketsMax: number): HistogramState => {
  const state = { ...empty(bucketsMax), kind: from.count() as HistogramKind }
  if (state.kind === NONE || state.kind === BOTH) return state
  state.level = from.count()
  let bucket = 0
  for (let left = from.count(); left > 0; left--) {
    bucket += from.count()
    addCount(state, bucket, from.count())
  }
  return state
}

export const histogram: Sketch<HistogramState, HistogramResult> = {
  commutes: true,
  empty: (capacity) => empty(capacity.bucketsMax),
  add(state, { type, number, days, micros }: Cell) {
    if (type === INTEGER || type === DECIMAL) {
      if (Number.isFinite(number)) addKey(state, NUMBERS, numberKey(number))
    } else if (type === DATE || type === TIMESTAMP) addKey(state, TIMES, timeKey(days, micros))
  },
  merge: mergeInto,
  result: ({ kind, level, size, buckets, counts }) => ({
    kind,
    level,
    buckets: buckets.slice(0, size),
    counts: counts.slice(0, size),
  }),
  encode,
  decode: (from, { bucketsMax }) => decode(from, bucketsMax),
}
