/**
 * How are the values spread? Counts by bucket in an open table, at most three quarters full: the keys, levels and kinds are those of ../../profile/histogram.ts.
 * A key is kept plus one, because 0 marks a free place.
 */
import { output } from '../memory'
import { BUCKET_BYTES, BUCKET_COUNT, KIND, LEVEL, buckets, bucketsMax, column, places } from './layout'

const NONE: u32 = 0
export const NUMBERS_KIND: u32 = 1
export const TIMES_KIND: u32 = 2
const BOTH: u32 = 3

/** A number's key: sign, exponent and seven bits of the mantissa. */
const NUMBER_SHIFT: u64 = 45
const SCATTER: u64 = 0x9e3779b97f4a7c15
/** Microseconds from 0000-01-01 to 1970-01-01. */
const EPOCH: i64 = 62_167_219_200_000_000

// @ts-ignore: decorator
@inline
export function numberKey(value: f64): u64 {
  return reinterpret<u64>(value) >> NUMBER_SHIFT
}

/** Of microseconds since 1970; the milliseconds of a day are cut off, not rounded. */
// @ts-ignore: decorator
@inline
export function timeKey(instant: i64): u64 {
  return <u64>(instant + EPOCH) / 1_000
}

/** Says that values of `kind` were met; false where nothing is kept any more. */
// @ts-ignore: decorator
@inline
function accepts(kind: u32): bool {
  const met = load<u32>(column, KIND)
  return met == kind || acceptsNew(met, kind)
}

function acceptsNew(met: u32, kind: u32): bool {
  store<u32>(column, met == NONE ? kind : BOTH, KIND)
  return met == NONE
}

/** Counts `weight` values of the key. */
export function addKey(kind: u32, key: u64, weight: u32): void {
  if (!accepts(kind)) return
  addBucket((key >> <u64>load<u32>(column, LEVEL)) + 1, weight)
}

/** Counts `count` numbers, which lie one after the other from `at` on: neighbours of one key together. */
export function addNumberKeys(at: usize, count: usize): void {
  if (!accepts(NUMBERS_KIND)) return
  const end = at + (count << 3)
  let key = numberKey(load<f64>(at))
  let run: u32 = 0
  for (let next = at; next < end; next += 8) {
    const following = numberKey(load<f64>(next))
    if (following == key) {
      run++
      continue
    }
    addBucket((key >> <u64>load<u32>(column, LEVEL)) + 1, run)
    key = following
    run = 1
  }
  addBucket((key >> <u64>load<u32>(column, LEVEL)) + 1, run)
}

/** Counts `count` times, likewise. */
export function addTimeKeys(at: usize, count: usize): void {
  if (!accepts(TIMES_KIND)) return
  const end = at + (count << 3)
  for (let next = at; next < end; next += 8) addBucket((timeKey(load<i64>(next)) >> <u64>load<u32>(column, LEVEL)) + 1, 1)
}

/** Places in use: at least a third more than the buckets, and all of them only when they are needed, so that few buckets stay close together in memory. */
// @ts-ignore: decorator
@inline
function placesFor(count: u32): u32 {
  return min<u32>(places, 1 << (33 - clz<u32>(count | 15)))
}

/** The place of a bucket (plus one) among the first `used`, or the free one that it would have. */
// @ts-ignore: decorator
@inline
function find(bucket: u64, used: u32): usize {
  let at: usize = <usize>((((bucket * SCATTER) >> 32) * <u64>used) >> 32)
  const end = buckets + <usize>used * BUCKET_BYTES
  let place = buckets + at * BUCKET_BYTES
  for (let there = load<u64>(place); there != 0 && there != bucket; there = load<u64>(place)) {
    place += BUCKET_BYTES
    if (place == end) place = buckets
  }
  return place
}

// @ts-ignore: decorator
@inline
function addBucket(bucket: u64, weight: u32): void {
  const count = load<u32>(column, BUCKET_COUNT)
  const place = find(bucket, placesFor(count))
  if (load<u64>(place) == bucket) store<u32>(place, load<u32>(place, 8) + weight, 8)
  else beginBucket(place, bucket, weight, count + 1)
}

function beginBucket(place: usize, bucket: u64, weight: u32, count: u32): void {
  store<u64>(place, bucket)
  store<u32>(place, weight, 8)
  store<u32>(column, count, BUCKET_COUNT)
  if (count > bucketsMax) coarsen()
  else if (placesFor(count) != placesFor(count - 1)) replace(placesFor(count - 1), 0)
}

/** Joins neighbours in pairs until they fit. */
function coarsen(): void {
  while (load<u32>(column, BUCKET_COUNT) > bucketsMax) {
    store<u32>(column, load<u32>(column, LEVEL) + 1, LEVEL)
    replace(places, 1)
  }
}

/** Empties the first `used` places to `output` and puts all buckets, `levels` levels up, where they belong now. */
function replace(used: u32, levels: u64): void {
  const bytes = <usize>used * BUCKET_BYTES
  memory.copy(output, buckets, bytes)
  memory.fill(buckets, 0, bytes)
  // As many as there were at most: joined buckets only leave more room.
  const room = placesFor(load<u32>(column, BUCKET_COUNT))
  let count: u32 = 0
  for (let from = output; from < output + bytes; from += BUCKET_BYTES) {
    const key = load<u64>(from)
    if (key == 0) continue
    const bucket = ((key - 1) >> levels) + 1
    const place = find(bucket, room)
    if (load<u64>(place) == 0) {
      store<u64>(place, bucket)
      count++
    }
    store<u32>(place, load<u32>(place, 8) + load<u32>(from, 8), 8)
  }
  store<u32>(column, count, BUCKET_COUNT)
  if (placesFor(count) != room) replace(room, 0)
}
