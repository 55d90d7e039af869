/**
 * How do facts get into the sketches? Those of up to 64 values wait here; mostly they are alike, one type and nothing odd, and then what each adds to a counter is added up first.
 */
import { extendNumber, extendNumbers, extendTime, extendTimes } from './extent'
import { DECIMAL, INTEGER, oddities, points, setFacts, type, value } from './facts'
import { addKey, addNumberKeys, addTimeKeys, NUMBERS_KIND, numberKey, TIMES_KIND, timeKey } from './histogram'
import { POINTS, POINTS_MAX, POINTS_MIN, VALUES, column } from './layout'
import { see } from './sightings'
import { addNumber, addNumbers } from './sums'
import { DATE, TIMESTAMP, instant, setInstant } from './time'
import { beginOf, endOf, recordOf } from './waiting'

/** How many values wait at most: 64. Of each, one array after the other: type and above it oddities; code points; where it waits (see waiting.ts); its number or time. */
const KINDS = memory.data(256, 16)
const LENGTHS = memory.data(256, 16)
const ENTRIES = memory.data(256, 16)
const MEASURES = memory.data(512, 16)

let count: usize = 0

/** Keeps the facts that were read last, of the value that waits at `entry`, until addKnown. */
// @ts-ignore: decorator
@inline
export function know(entry: usize): void {
  const place = count << 2
  store<u32>(KINDS + place, type | (oddities << 8))
  store<u32>(LENGTHS + place, points)
  store<u32>(ENTRIES + place, <u32>entry)
  if (type == DATE || type == TIMESTAMP) store<i64>(MEASURES + (count << 3), instant)
  else store<f64>(MEASURES + (count << 3), value)
  count++
}

/** Adds all that is known. */
export function addKnown(): void {
  if (count == 0) return
  const end = KINDS + (count << 2)
  const first = load<u32>(KINDS)
  let differences = first >> 8
  for (let at = KINDS; at < end; at += 4) differences |= load<u32>(at) ^ first
  if (differences == 0) addAlike(first)
  else addEach()
  count = 0
}

function addEach(): void {
  for (let i: usize = 0; i < count; i++) {
    const kind = load<u32>(KINDS + (i << 2))
    const measure = MEASURES + (i << 3)
    const entry = <usize>load<u32>(ENTRIES + (i << 2))
    setFacts(kind & 0xff, load<f64>(measure), kind >> 8, load<u32>(LENGTHS + (i << 2)))
    setInstant(load<i64>(measure))
    addFacts(1, recordOf(entry), beginOf(entry), endOf(entry))
  }
}

/** All are of one type, and nothing about them is odd. */
function addAlike(kind: u32): void {
  let sum: u64 = 0
  let least: u32 = u32.MAX_VALUE
  let most: u32 = 0
  const end = LENGTHS + (count << 2)
  for (let at = LENGTHS; at < end; at += 4) {
    const length = load<u32>(at)
    sum += length
    least = min(least, length)
    most = max(most, length)
  }
  addLengths(<u64>count, sum, least, most)
  const first = <usize>load<u32>(ENTRIES)
  see(kind, 0, <u64>count, recordOf(first), beginOf(first), endOf(first))
  if (kind == INTEGER || kind == DECIMAL) {
    extendNumbers(MEASURES, count)
    addNumberKeys(MEASURES, count)
    addNumbers(MEASURES, count)
  } else if (kind == DATE || kind == TIMESTAMP) {
    extendTimes(MEASURES, count)
    addTimeKeys(MEASURES, count)
  }
}

// @ts-ignore: decorator
@inline
function addLengths(values: u64, sum: u64, least: u32, most: u32): void {
  store<u64>(column, load<u64>(column, VALUES) + values, VALUES)
  store<u64>(column, load<u64>(column, POINTS) + sum, POINTS)
  if (least < load<u32>(column, POINTS_MIN)) store<u32>(column, least, POINTS_MIN)
  if (most > load<u32>(column, POINTS_MAX)) store<u32>(column, most, POINTS_MAX)
}

/** Adds what depends on the facts that were read or set last, `weight` times. The value [begin, end) of record `record` may be the first of its kind. */
export function addFacts(weight: u32, record: f64, begin: usize, end: usize): void {
  const times = <u64>weight
  addLengths(times, times * <u64>points, points, points)
  see(type, oddities, times, record, begin, end)
  if (type == INTEGER || type == DECIMAL) {
    if (abs(value) <= f64.MAX_VALUE) {
      extendNumber(value)
      addNumber(value, times)
      addKey(NUMBERS_KIND, numberKey(value), weight)
    }
  } else if (type == DATE || type == TIMESTAMP) {
    extendTime(instant)
    addKey(TIMES_KIND, timeKey(instant), weight)
  }
}
