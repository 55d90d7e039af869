/** How many values of each type and with each oddity, and which was the first? And the first few different values. As ../../profile/sightings.ts and samples.ts. */
import { SAMPLES, SAMPLE_BYTES, SAMPLE_COUNT, SIGHTINGS, SIGHTING_BYTES, column, keep } from './layout'
import { beginOf, endOf, hashAt } from './waiting'

const TYPE_ROWS: u32 = 6
const SAMPLES_MAX: u32 = 5

/** Counts `weight` values of a type with these oddities. The value [from, to) of record `record` may be the first. */
// @ts-ignore: decorator
@inline
export function see(type: u32, oddities: u32, weight: u64, record: f64, from: usize, to: usize): void {
  seeRow(type, weight, record, from, to)
  for (let left = oddities; left != 0; left &= left - 1) seeRow(TYPE_ROWS + <u32>ctz(left), weight, record, from, to)
}

// @ts-ignore: decorator
@inline
function seeRow(row: u32, weight: u64, record: f64, from: usize, to: usize): void {
  const at = column + SIGHTINGS + <usize>row * SIGHTING_BYTES
  const count = load<u64>(at)
  store<u64>(at, count + weight)
  if (count == 0 || record < load<f64>(at, 8)) seeFirst(at, record, from, to)
}

function seeFirst(at: usize, record: f64, from: usize, to: usize): void {
  store<f64>(at, record, 8)
  store<u32>(at, keep(at + 20, from, to), 16)
}

/** Takes the `count` waiting values whose entries lie at `list` as samples, those that are new, as long as some are wanted. */
export function addSamples(list: usize, count: u32): void {
  const end = list + (<usize>count << 2)
  for (let at = list; at < end && load<u32>(column, SAMPLE_COUNT) < SAMPLES_MAX; at += 4) addSample(load<u32>(at))
}

function addSample(entry: usize): void {
  const hash = hashAt(entry)
  const count = <usize>load<u32>(column, SAMPLE_COUNT)
  const samples = column + SAMPLES
  for (let i: usize = 0; i < count; i++) if (load<u64>(samples + i * SAMPLE_BYTES) == hash) return
  const at = samples + count * SAMPLE_BYTES
  store<u64>(at, hash)
  store<u32>(at, keep(at + 12, beginOf(entry), endOf(entry)), 8)
  store<u32>(column, <u32>count + 1, SAMPLE_COUNT)
}
