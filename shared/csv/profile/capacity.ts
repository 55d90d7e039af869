/**
 * How much may each column's sketches keep? The budget of the profile divided by its columns, then among the three sketches that grow: exact hashes, frequent values and the
 * histogram. Everything else of a column is small and fixed. Decided once, when a profile begins, from the number of columns alone; nothing that is met on the way changes
 * it. Fewer columns, finer answers; a profile always says how fine.
 */
import { LIMITS } from '../../base/limits.ts'

export interface Capacity {
  /** Different values whose hashes are kept before a distinct count becomes an estimate. */
  readonly hashesMax: number
  /** Values that are counted at once before the rare ones are dropped; 0: frequent values are not kept. */
  readonly slotsMax: number
  /** Buckets of the histogram before neighbours are joined. */
  readonly bucketsMax: number
}

export interface Budget {
  /** What all sketches of a profile together may take. */
  readonly budgetBytes: number
  /** Whether frequent values are kept; without them the histogram has their room. */
  readonly keepsFrequent: boolean
}

/** HyperLogLog's registers. Before they are needed the exact hashes may have their room. */
const REGISTER_BYTES = 4_096
/**
 * Registers, sums of values and squares, sightings with their examples, ends and samples, as they lie in memory. A column with every oddity there is, each with an example as
 * long as can be, holds 2 KiB more: even if all do, analyse stays within its 32 MiB.
 */
const FIXED_BYTES = REGISTER_BYTES + 2_500 + 2_300
/** A hash in an open table that is at most half full. */
const HASH_BYTES = 16
/** A value's bytes, hash, count and length, and its place in an index at most half full. */
const SLOT_BYTES = LIMITS.profileValueBytesMax + 1 + 8 + 8 + 1 + 8
/** A bucket and its count. */
const BUCKET_BYTES = 16
/** Past these more memory buys nothing that a user sees: 16,384 buckets are 128 powers of two at full precision, or 44 years of days. */
const HASHES_MAX = 32_768
const SLOTS_MAX = 4_096
const BUCKETS_MAX = 16_384
/** With fewer hardly an answer is useful: kept even over the budget, which only a smaller one than ours can demand. */
const HASHES_MIN = REGISTER_BYTES / HASH_BYTES
const SLOTS_MIN = 16
const BUCKETS_MIN = 128
/** Of what is left after the fixed part: hashes and slots double, so what their powers of two leave over is the histogram's too. */
const HASHES_SHARE = 1 / 4
const SLOTS_SHARE = 5 / 8

/** The power of two at or below `value`: tables double. */
const powerBelow = (value: number): number => 2 ** Math.floor(Math.log2(Math.max(1, value)))

const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** The slots that leave the histogram its least. */
const slotsOf = (share: number): number => {
  const room = Math.min(share * SLOTS_SHARE, share - BUCKETS_MIN * BUCKET_BYTES)
  return within(powerBelow(room / SLOT_BYTES), SLOTS_MIN, SLOTS_MAX)
}

/** What one of `columnCount` columns may keep. */
export const capacityOf = (columnCount: number, { budgetBytes, keepsFrequent }: Budget): Capacity => {
  const share = budgetBytes / Math.max(1, columnCount) - FIXED_BYTES
  const hashesMax = within(powerBelow((share * HASHES_SHARE) / HASH_BYTES), HASHES_MIN, HASHES_MAX)
  const slotsMax = keepsFrequent ? slotsOf(share) : 0
  const left = share - (hashesMax - HASHES_MIN) * HASH_BYTES - slotsMax * SLOT_BYTES
  return { hashesMax, slotsMax, bucketsMax: within(Math.floor(left / BUCKET_BYTES), BUCKETS_MIN, BUCKETS_MAX) }
}
