/**
 * How much may each column's sketches keep? The budget of the profile divided by its columns, then among the two sketches that grow: exact hashes and frequent values.
 * Everything else of a column is small and fixed. Fewer columns, finer answers; a profile always says how fine.
 */
import { LIMITS } from '../../base/limits.ts'

export interface Capacity {
  /** Different values whose hashes are kept before a distinct count becomes an estimate. */
  readonly hashesMax: number
  /** Values that are counted at once before the rare ones are dropped. */
  readonly slotsMax: number
}

/** HyperLogLog's registers. Before they are needed the exact hashes may have their room. */
const REGISTER_BYTES = 4_096
/** Registers, sums of values and squares, sightings with their examples, ends and samples, as they lie in memory. */
const FIXED_BYTES = REGISTER_BYTES + 2_300 + 2_000
/** A hash in an open table that is at most half full. */
const HASH_BYTES = 16
/** A value's bytes, hash, count and length, and its place in an index at most half full. */
const SLOT_BYTES = LIMITS.profileValueBytesMax + 8 + 8 + 1 + 8
/** Past these more memory buys nothing that a user sees. */
const HASHES_MAX = 32_768
const SLOTS_MAX = 4_096
const HASHES_MIN = REGISTER_BYTES / HASH_BYTES
/** With fewer hardly a value is called frequent: kept even over the budget, which only a smaller one than ours can demand. */
const SLOTS_MIN = 16
/** Of what is left after the fixed part, for each of the two. */
const HASHES_SHARE = 1 / 4
const SLOTS_SHARE = 3 / 4

/** The power of two at or below `value`: tables double. */
const powerBelow = (value: number): number => 2 ** Math.floor(Math.log2(Math.max(1, value)))

const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

/** What one of `columnCount` columns may keep within `budgetBytes` for all of them. */
export const capacityOf = (columnCount: number, budgetBytes: number): Capacity => {
  const share = budgetBytes / Math.max(1, columnCount) - FIXED_BYTES
  return {
    hashesMax: within(powerBelow((share * HASHES_SHARE) / HASH_BYTES), HASHES_MIN, HASHES_MAX),
    slotsMax: within(powerBelow((share * SLOTS_SHARE) / SLOT_BYTES), SLOTS_MIN, SLOTS_MAX),
  }
}
