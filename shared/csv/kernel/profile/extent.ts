/** What are the least and the greatest number, time and value as bytes? As ../../profile/extent.ts. */
import {
  HAS_NUMBER,
  HAS_TIME,
  LEAST,
  LEAST_LENGTH,
  LEAST_PREFIX,
  MOST,
  MOST_LENGTH,
  MOST_PREFIX,
  NUMBER_MAX,
  NUMBER_MIN,
  TIME_MAX,
  TIME_MIN,
  column,
  KEPT_BYTES,
  keep,
} from './layout'
import { beginOf, endOf } from './waiting'

export function extendNumber(value: f64): void {
  if (load<u32>(column, HAS_NUMBER) == 0) {
    store<u32>(column, 1, HAS_NUMBER)
    store<f64>(column, value, NUMBER_MIN)
    store<f64>(column, value, NUMBER_MAX)
  } else if (value < load<f64>(column, NUMBER_MIN)) store<f64>(column, value, NUMBER_MIN)
  else if (value > load<f64>(column, NUMBER_MAX)) store<f64>(column, value, NUMBER_MAX)
}

// @ts-ignore: decorator
@inline
export function extendTime(instant: i64): void {
  if (load<u32>(column, HAS_TIME) == 0) {
    store<u32>(column, 1, HAS_TIME)
    store<i64>(column, instant, TIME_MIN)
    store<i64>(column, instant, TIME_MAX)
  } else if (instant < load<i64>(column, TIME_MIN)) store<i64>(column, instant, TIME_MIN)
  else if (instant > load<i64>(column, TIME_MAX)) store<i64>(column, instant, TIME_MAX)
}

/** Takes in `count` finite numbers, which lie one after the other from `at` on. */
export function extendNumbers(at: usize, count: usize): void {
  let least: f64 = Infinity
  let most: f64 = -Infinity
  const end = at + (count << 3)
  for (let next = at; next < end; next += 8) {
    least = min(least, load<f64>(next))
    most = max(most, load<f64>(next))
  }
  extendNumber(least)
  extendNumber(most)
}

/** Takes in `count` times, likewise. */
export function extendTimes(at: usize, count: usize): void {
  const end = at + (count << 3)
  for (let next = at; next < end; next += 8) extendTime(load<i64>(next))
}

/** The first eight bytes as a number that grows with their order; missing ones are zeros. */
// @ts-ignore: decorator
@inline
function prefixOf(from: usize, to: usize): u64 {
  const length = <u64>(to - from)
  const word = bswap<u64>(load<u64>(from))
  return length >= 8 ? word : word & ~(~(<u64>0) >> (length << 3))
}

/** memcmp of what is kept of two values, eight bytes at a time. Reads up to 7 bytes behind them. */
function compareKept(from: usize, length: usize, other: usize, otherLength: usize): i32 {
  const shared = min<usize>(length, otherLength)
  for (let i: usize = 0; i < shared; i += 8) {
    const one = prefixOf(from + i, from + shared)
    const two = prefixOf(other + i, other + shared)
    if (one != two) return one < two ? -1 : 1
  }
  return <i32>length - <i32>otherLength
}

/** Takes in the bytes of the `count` waiting values whose entries lie at `list`. Nearly every value lies between the two prefixes, and then between the two values. */
export function extendBytes(list: usize, count: u32): void {
  const end = list + (<usize>count << 2)
  let least = load<u64>(column, LEAST_PREFIX)
  let most = load<u64>(column, MOST_PREFIX)
  for (let at = list; at < end; at += 4) {
    const entry = <usize>load<u32>(at)
    const prefix = prefixOf(beginOf(entry), endOf(entry))
    if (prefix > least && prefix < most) continue
    extendBytesBy(prefix, beginOf(entry), endOf(entry))
    least = load<u64>(column, LEAST_PREFIX)
    most = load<u64>(column, MOST_PREFIX)
  }
}

function extendBytesBy(prefix: u64, from: usize, to: usize): void {
  const length = min<usize>(to - from, KEPT_BYTES)
  const least = <usize>load<u32>(column, LEAST_LENGTH)
  const isFirst = least == 0
  if (isFirst || (prefix <= load<u64>(column, LEAST_PREFIX) && compareKept(from, length, column + LEAST, least) < 0)) {
    store<u32>(column, keep(column + LEAST, from, to), LEAST_LENGTH)
    store<u64>(column, prefix, LEAST_PREFIX)
  }
  const most = <usize>load<u32>(column, MOST_LENGTH)
  if (isFirst || (prefix >= load<u64>(column, MOST_PREFIX) && compareKept(from, length, column + MOST, most) > 0)) {
    store<u32>(column, keep(column + MOST, from, to), MOST_LENGTH)
    store<u64>(column, prefix, MOST_PREFIX)
  }
}
