/**
 * Where does the state of one column lie? The host reads it (../../profile/kernel-column.ts has the same offsets), so a change here is a change there.
 *
 *     fixed part | hashes, later registers | frequent: hash, count, fresh, value, length of each slot, index | histogram: key and count of each place
 *
 * The three tables have the sizes that capacity.ts gives them. All numbers are little-endian; counters of 32 bits suffice, because a pass has fewer than 2^32 records.
 */

/** One column's state, and its tables. Set by `openColumn`. */
export let column: usize = 0
export let hashes: usize = 0
export let slotHashes: usize = 0
export let slotCounts: usize = 0
export let slotFresh: usize = 0
export let slotValues: usize = 0
export let slotLengths: usize = 0
export let slotIndex: usize = 0
export let buckets: usize = 0

/** The sizes, the same for all columns of a profile. Set by `setCapacity`. */
export let hashesMax: u32 = 0
export let slotsMax: u32 = 0
export let bucketsMax: u32 = 0
/** Places of the histogram: a third more than buckets. */
export let places: u32 = 0
/** Whether lengths count code points, not bytes. */
export let isUtf8: bool = true

/** Fixed part. Values: how many, their code points together, least and most. */
export const VALUES: usize = 0
export const POINTS: usize = 8
export const POINTS_MIN: usize = 16
export const POINTS_MAX: usize = 20
/** Extents: of numbers, of times in microseconds since 1970, and of bytes; lengths of 0 mean that there are none. */
export const HAS_NUMBER: usize = 24
export const HAS_TIME: usize = 28
export const NUMBER_MIN: usize = 32
export const NUMBER_MAX: usize = 40
export const TIME_MIN: usize = 48
export const TIME_MAX: usize = 56
export const LEAST_LENGTH: usize = 64
export const MOST_LENGTH: usize = 68
export const LEAST: usize = 72
export const MOST: usize = 144
/** The first eight bytes of both as numbers of which the larger is the later in order. */
export const LEAST_PREFIX: usize = 216
export const MOST_PREFIX: usize = 224
/** Sums: how many numbers; of whole ones below 2^30 their sum and that of their squares (128 bits); the others in limbs. */
export const NUMBERS: usize = 232
export const WHOLE_SUM: usize = 240
export const SQUARES: usize = 248
export const ADDS: usize = 264
export const SAMPLE_COUNT: usize = 268
export const HASH_COUNT: usize = 272
export const IS_ESTIMATE: usize = 276
export const SLOT_COUNT: usize = 280
export const PURGED: usize = 288
export const KIND: usize = 296
export const LEVEL: usize = 300
export const BUCKET_COUNT: usize = 304
/** Rows of sightings: count (u64), record of the first (f64), its kept length (u32) and bytes. */
export const SIGHTINGS: usize = 320
export const SIGHTING_BYTES: usize = 88
const SIGHTING_ROWS: usize = 15
/** Samples: hash (u64), kept length (u32), bytes. */
export const SAMPLES: usize = SIGHTINGS + SIGHTING_ROWS * SIGHTING_BYTES
export const SAMPLE_BYTES: usize = 80
const SAMPLE_ROWS: usize = 5
/** Limbs of 32 bits in words of 64, of numbers and of squares. */
export const SUM_LIMBS: usize = SAMPLES + SAMPLE_ROWS * SAMPLE_BYTES + 8
export const SUM_COUNT: usize = 70
export const SQUARE_LIMBS: usize = SUM_LIMBS + SUM_COUNT * 8
export const SQUARE_COUNT: usize = 137
const TABLES: usize = (SQUARE_LIMBS + SQUARE_COUNT * 8 + 15) & ~15

/** Bytes kept of a value: one more than are shown, which says that it goes on. */
export const KEPT_BYTES: u32 = 65
/** HyperLogLog's registers, which lie where the hashes were. */
export const REGISTERS: u32 = 4_096
/** A bucket's key (u64) and count (u32). */
export const BUCKET_BYTES: usize = 12
/** A hash takes a place in a table at most half full. */
const HASH_BYTES: usize = 16

let hashBytes: usize = 0
let columnBytes: usize = 0

/** Says how large the tables are, and returns the bytes of a column. `registers` must fit where the hashes are: 256 hashes at least. */
export function setCapacity(hashCount: u32, slotCount: u32, bucketCount: u32, countsPoints: bool): usize {
  hashesMax = hashCount
  slotsMax = slotCount
  bucketsMax = bucketCount
  places = bucketCount + bucketCount / 3
  isUtf8 = countsPoints
  hashBytes = <usize>hashCount * HASH_BYTES
  openColumn(0)
  columnBytes = (buckets + <usize>places * BUCKET_BYTES + 15) & ~15
  return columnBytes
}

/** The calls that follow are about the column whose state begins at `at`, a multiple of 16. */
export function openColumn(at: usize): void {
  const slots = <usize>slotsMax
  column = at
  hashes = at + TABLES
  slotHashes = hashes + hashBytes
  slotCounts = slotHashes + (slots << 3)
  slotFresh = slotCounts + (slots << 2)
  slotIndex = slotFresh + (slots << 2)
  slotLengths = slotIndex + (slots << 3)
  slotValues = slotLengths + slots
  buckets = (slotValues + slots * KEPT_BYTES + 15) & ~15
}

/** Makes the column's state that of no values. */
export function clearColumn(at: usize): void {
  memory.fill(at, 0, columnBytes)
  store<u32>(at, u32.MAX_VALUE, POINTS_MIN)
}

/** Copies the first bytes of the value [from, to), as many as are kept, and returns how many. May write up to 15 bytes behind them. */
// @ts-ignore: decorator
@inline
export function keep(target: usize, from: usize, to: usize): u32 {
  const length = <u32>min<usize>(to - from, KEPT_BYTES)
  memory.copy(target, from, length)
  return length
}
