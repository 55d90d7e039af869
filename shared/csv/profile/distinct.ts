/**
 * How many different values are there? Exactly, by a set of 64-bit hashes, while they are few; about, by HyperLogLog, from then on.
 * Which of the two depends only on how many there are, not on their order or on how the work was split.
 */
import type { Capacity } from './capacity.ts'
import type { ByteReader, ByteWriter } from './codec.ts'
import { addHash, estimate, HLL_ERROR, mergeRegisters, newRegisters } from './hyperloglog.ts'
import type { Sketch } from './sketch.ts'

export interface DistinctState {
  readonly hashesMax: number
  /** Number of hashes in `slots`. */
  count: number
  /** An open table of (low, high) pairs, at most half full; null once there were too many. (0, 0) is a free slot. */
  slots: Uint32Array | null
  registers: Uint8Array | null
}

export interface DistinctResult {
  readonly value: number
  readonly exact: boolean
  readonly error: number
}

const FIRST_SLOTS = 32

/** Where a hash is or belongs, as an index into `slots`. */
const find = (slots: Uint32Array, low: number, high: number): number => {
  const mask = slots.length - 1
  let at = (low << 1) & mask
  while ((slots[at] !== low || slots[at + 1] !== high) && (slots[at] !== 0 || slots[at + 1] !== 0)) at = (at + 2) & mask
  return at
}

const eachHash = (slots: Uint32Array, take: (low: number, high: number) => void): void => {
  for (let at = 0; at < slots.length; at += 2) if (slots[at] !== 0 || slots[at + 1] !== 0) take(slots[at]!, slots[at + 1]!)
}

const doubled = (slots: Uint32Array): Uint32Array => {
  const wider = new Uint32Array(slots.length * 2)
  eachHash(slots, (low, high) => {
    const at = find(wider, low, high)
    wider[at] = low
    wider[at + 1] = high
  })
  return wider
}

/** Gives up the exact set for registers. */
const toRegisters = (state: DistinctState): Uint8Array => {
  const registers = newRegisters()
  if (state.slots !== null) eachHash(state.slots, (low, high) => addHash(registers, low, high))
  state.slots = null
  state.registers = registers
  return registers
}

/** Adds a hash to the exact set; false where there is none, or no room in it. */
const addExactly = (state: DistinctState, low: number, high: number): boolean => {
  const { slots } = state
  if (slots === null) return false
  const at = find(slots, low, high)
  if (slots[at] === low && slots[at + 1] === high) return true
  if (state.count === state.hashesMax) return false
  slots[at] = low
  slots[at + 1] = high
  state.count++
  if (state.count * 4 > slots.length) state.slots = doubled(slots)
  return true
}

/** A hash of zeros counts as its neighbour: zeros mark a free slot. */
const addPair = (state: DistinctState, low: number, high: number): void => {
  const some = low === 0 && high === 0 ? 1 : high
  if (!addExactly(state, low, some)) addHash(state.registers ?? toRegisters(state), low, some)
}

/** The state of these hashes, at most as many as may be kept; or, where there were more, of registers. */
export const distinctOf = (
  hashesMax: number,
  hashes: readonly (readonly [low: number, high: number])[],
  registers: Uint8Array | null,
): DistinctState => {
  const state: DistinctState = { hashesMax, count: 0, slots: registers === null ? new Uint32Array(FIRST_SLOTS) : null, registers }
  for (const [low, high] of hashes) addPair(state, low, high)
  return state
}

const encode = (state: DistinctState, to: ByteWriter): void => {
  to.count(state.registers === null ? 0 : 1)
  if (state.registers !== null) to.text(state.registers)
  if (state.slots === null) return
  to.count(state.count)
  eachHash(state.slots, (low, high) => {
    to.word(low)
    to.word(high)
  })
}

const decode = (from: ByteReader, capacity: Capacity): DistinctState => {
  const isEstimate = from.count() === 1
  const state = distinct.empty(capacity)
  if (isEstimate) return { ...state, slots: null, registers: from.text() }
  for (let left = from.count(); left > 0; left--) {
    const low = from.word()
    addPair(state, low, from.word())
  }
  return state
}

export const distinct: Sketch<DistinctState, DistinctResult> = {
  commutes: true,
  empty: ({ hashesMax }) => ({ hashesMax, count: 0, slots: new Uint32Array(FIRST_SLOTS), registers: null }),
  add: (state, { hashLow, hashHigh }) => addPair(state, hashLow, hashHigh),
  merge(left, right) {
    if (right.slots !== null) eachHash(right.slots, (low, high) => addPair(left, low, high))
    if (right.registers !== null) mergeRegisters(left.registers ?? toRegisters(left), right.registers)
    return left
  },
  result: ({ count, registers }) =>
    registers === null
      ? { value: count, exact: true, error: 0 }
      : { value: Math.round(estimate(registers)), exact: false, error: HLL_ERROR },
  encode,
  decode,
}
