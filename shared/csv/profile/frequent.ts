/**
 * Which values come most often? A table of counters that is exact until it is full; then the median count is taken off all of them and those that reach zero are dropped
 * (Misra and Gries, "Finding repeated elements", 1982; purging by the median and merging as in Anderson et al., "A high-performance algorithm for
 * identifying frequent items in data streams", 2017).
 *
 * What was taken off in all is `error`: a value's count is at most its true count, which is at most count + error; a value that is not in the table came at most
 * `error` times. Each purge takes at least half the table times the median off, so error is at most 2 × values / slots, in any split. Nothing was ever purged if and
 * only if there are at most `slotsMax` different values: that too does not depend on the split, and then everything is exact.
 *
 * Whether they are kept at all is decided when a profile begins (`slotsMax` 0: they are not), never by what is met: near-unique columns purge, and show nothing.
 */
import { compareBytes } from '../../base/bytes.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Cell } from './cell.ts'
import type { ByteReader, ByteWriter } from './codec.ts'
import { addCount, type CounterTable, counterAt, counterTable, eachCounter, SLOT_VALUE_BYTES, takeOff } from './counter-table.ts'
import type { Sketch } from './sketch.ts'
import { keptLength, keptText } from './value.ts'

export interface FrequentState {
  readonly slotsMax: number
  readonly table: CounterTable
  /** What the purges took off a counter at most. */
  error: number
}

export type FrequentResult = readonly { readonly value: string; readonly count: number; readonly error: number }[]

/** Takes the median off every counter. At least half of them go. */
const purge = (state: FrequentState): void => {
  const counts = state.table.counts.slice(0, state.table.size).sort()
  const median = counts[counts.length >> 1]!
  takeOff(state.table, median)
  state.error += median
}

/** Counts `weight` of the value with this hash, whose kept bytes are `length` bytes at `from`. */
const addWeight = (
  state: FrequentState,
  low: number,
  high: number,
  weight: number,
  bytes: Uint8Array,
  from: number,
  length: number,
): void => {
  if (state.slotsMax === 0) return
  const slot = counterAt(state.table, low, high)
  if (slot >= 0) {
    state.table.counts[slot]! += weight
    return
  }
  if (state.table.size === state.slotsMax) purge(state)
  addCount(state.table, low, high, weight, bytes, from, length)
}

const mergeInto = (left: FrequentState, { table, error }: FrequentState): FrequentState => {
  eachCounter(table, (slot) =>
    addWeight(left, table.low[slot]!, table.high[slot]!, table.counts[slot]!, table.values, slot * SLOT_VALUE_BYTES, table.lengths[slot]!),
  )
  left.error += error
  return left
}

/** The kept bytes of a slot's value. */
const valueAt = (table: CounterTable, slot: number): Uint8Array =>
  table.values.subarray(slot * SLOT_VALUE_BYTES, slot * SLOT_VALUE_BYTES + table.lengths[slot]!)

/** Every value there was and how often it came; null where that is not known, or a value is not known whole. */
export const allKept = ({
  slotsMax,
  table,
  error,
}: FrequentState): readonly { readonly bytes: Uint8Array; readonly count: number }[] | null => {
  if (slotsMax === 0 || error > 0) return null
  const slots: number[] = []
  eachCounter(table, (slot) => slots.push(slot))
  if (slots.some((slot) => table.lengths[slot] === SLOT_VALUE_BYTES)) return null
  return slots.map((slot) => ({ bytes: valueAt(table, slot), count: table.counts[slot]! }))
}

/** Most frequent first, then by bytes; values of whose count half may be unknown are left out, for they say nothing. */
const result = ({ table, error }: FrequentState): FrequentResult => {
  const slots: number[] = []
  eachCounter(table, (slot) => {
    if (table.counts[slot]! > error) slots.push(slot)
  })
  slots.sort((a, b) => table.counts[b]! - table.counts[a]! || compareBytes(valueAt(table, a), valueAt(table, b)))
  return slots
    .slice(0, LIMITS.profileFrequentMax)
    .map((slot) => ({ value: keptText(valueAt(table, slot)), count: table.counts[slot]!, error }))
}

const encode = ({ table, error }: FrequentState, to: ByteWriter): void => {
  to.count(error)
  to.count(table.size)
  eachCounter(table, (slot) => {
    to.word(table.low[slot]!)
    to.word(table.high[slot]!)
    to.count(table.counts[slot]!)
    to.text(valueAt(table, slot))
  })
}

const decode = (from: ByteReader, slotsMax: number): FrequentState => {
  const state: FrequentState = { slotsMax, table: counterTable(slotsMax), error: from.count() }
  for (let left = from.count(); left > 0; left--) {
    const low = from.word()
    const high = from.word()
    const weight = from.count()
    const value = from.text()
    addCount(state.table, low, high, weight, value, 0, value.length)
  }
  return state
}

export const frequent: Sketch<FrequentState, FrequentResult> = {
  commutes: true,
  empty: ({ slotsMax }) => ({ slotsMax, table: counterTable(slotsMax), error: 0 }),
  add: (state, cell: Cell) => addWeight(state, cell.hashLow, cell.hashHigh, 1, cell.bytes, cell.from, keptLength(cell)),
  merge: mergeInto,
  result,
  encode,
  decode: (from, { slotsMax }) => decode(from, slotsMax),
}
