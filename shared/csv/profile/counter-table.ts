/** Where are counters kept by hash? Columns of numbers with an index in front: no object per value, and a counter costs about 90 bytes. It grows; who uses it bounds it. */
import { LIMITS } from '../../base/limits.ts'

/** Bytes kept of a value: one more than is shown, which says that it goes on. */
export const SLOT_VALUE_BYTES = LIMITS.profileValueBytesMax + 1
const FIRST_SLOTS = 16

export interface CounterTable {
  /** Slots 0 to size - 1 are in use. */
  size: number
  low: Uint32Array
  high: Uint32Array
  counts: Float64Array
  lengths: Uint8Array
  values: Uint8Array
  /** Open index by hash, twice as long as the slots: slot + 1, 0 is free. */
  index: Int32Array
}

const columns = (slots: number) => ({
  low: new Uint32Array(slots),
  high: new Uint32Array(slots),
  counts: new Float64Array(slots),
  lengths: new Uint8Array(slots),
  values: new Uint8Array(slots * SLOT_VALUE_BYTES),
  index: new Int32Array(slots * 2),
})

/** An empty table that will hold at most `slotsMax` counters, a power of two or none. */
export const counterTable = (slotsMax: number): CounterTable => ({ size: 0, ...columns(Math.min(slotsMax, FIRST_SLOTS)) })

/** Calls `take` with every slot in use. */
export const eachCounter = ({ size }: CounterTable, take: (slot: number) => void): void => {
  for (let slot = 0; slot < size; slot++) take(slot)
}

/** The place in the index where this hash is or belongs. */
const place = ({ index, low, high }: CounterTable, hashLow: number, hashHigh: number): number => {
  const mask = index.length - 1
  let at = hashHigh & mask
  for (let slot = index[at]!; slot !== 0 && (low[slot - 1] !== hashLow || high[slot - 1] !== hashHigh); slot = index[at]!)
    at = (at + 1) & mask
  return at
}

/** The slot of this hash, or -1. */
export const counterAt = (table: CounterTable, low: number, high: number): number => table.index[place(table, low, high)]! - 1

const reindex = (table: CounterTable): void => {
  table.index.fill(0)
  eachCounter(table, (slot) => {
    table.index[place(table, table.low[slot]!, table.high[slot]!)] = slot + 1
  })
}

const grow = (table: CounterTable): void => {
  const wider = columns(table.counts.length * 2)
  wider.low.set(table.low)
  wider.high.set(table.high)
  wider.counts.set(table.counts)
  wider.lengths.set(table.lengths)
  wider.values.set(table.values)
  Object.assign(table, wider)
  reindex(table)
}

/** Adds a counter for a hash that has none; `length` bytes at `from` are kept as its value. */
export const addCount = (
  table: CounterTable,
  low: number,
  high: number,
  count: number,
  bytes: Uint8Array,
  from: number,
  length: number,
): void => {
  if (table.size === table.counts.length) grow(table)
  const slot = table.size++
  table.low[slot] = low
  table.high[slot] = high
  table.counts[slot] = count
  table.lengths[slot] = length
  const to = slot * SLOT_VALUE_BYTES
  for (let i = 0; i < length; i++) table.values[to + i] = bytes[from + i]!
  table.index[place(table, low, high)] = slot + 1
}

const move = (table: CounterTable, from: number, to: number): void => {
  table.low[to] = table.low[from]!
  table.high[to] = table.high[from]!
  table.counts[to] = table.counts[from]!
  table.lengths[to] = table.lengths[from]!
  table.values.copyWithin(to * SLOT_VALUE_BYTES, from * SLOT_VALUE_BYTES, from * SLOT_VALUE_BYTES + table.lengths[from]!)
}

/** Takes `amount` off every counter and drops those that have nothing left. */
export const takeOff = (table: CounterTable, amount: number): void => {
  let kept = 0
  for (let slot = 0; slot < table.size; slot++) {
    if (table.counts[slot]! <= amount) continue
    table.counts[slot]! -= amount
    if (slot !== kept) move(table, slot, kept)
    kept++
  }
  table.size = kept
  reindex(table)
}
