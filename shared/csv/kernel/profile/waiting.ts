/** Which values are about to be looked up? While they wait, what they will need is on its way from memory. */
import { from, to } from '../field'
import { hashOf } from './hash'
import { distinctPlace, isEstimate } from './distinct'
import { indexPlace } from './frequent'
import { slotsMax } from './layout'

/** How many wait at most. */
export const WAITING_MAX: u32 = 64
/** Of each: where it begins and ends, its record, its hash, its hash for a place in front or 0 (once it has a slot: that). */
const ENTRY_BYTES: usize = 32
const LIST = memory.data(2048, 16)

export let waiting: u32 = 0

let firstRecord: u32 = 0
let firstNumber: f64 = 0
/** Keeps the loads that fetch from being dropped. */
export let fetched: u64 = 0

/** Record `record` of the batch has the number `number`, those behind it the following ones. Nothing waits. */
export function beginWaiting(record: u32, number: f64): void {
  firstRecord = record
  firstNumber = number
  waiting = 0
}

/** The value of record `r` that was read last waits from now on. */
// @ts-ignore: decorator
@inline
export function wait(r: u32, short: u64): void {
  const entry = entryAt(waiting)
  store<u32>(entry, <u32>from)
  store<u32>(entry, <u32>to, 4)
  store<u32>(entry, r, 8)
  store<u64>(entry, hashOf(from, to), 16)
  store<u64>(entry, short, 24)
  waiting++
}

export function endWaiting(): void {
  waiting = 0
}

/** Asks the memory for the places of all that waits: side by side, not one after the other. Registers are few and always at hand. */
export function fetch(): void {
  if (isEstimate()) return
  const end = entryAt(waiting)
  let sum = fetched
  for (let entry = LIST; entry < end; entry += ENTRY_BYTES) {
    const hash = hashAt(entry)
    if (slotsMax != 0) sum += <u64>load<u16>(indexPlace(hash))
    sum += load<u64>(distinctPlace(hash))
  }
  fetched = sum
}

// @ts-ignore: decorator
@inline
export function entryAt(i: u32): usize {
  return LIST + <usize>i * ENTRY_BYTES
}

// @ts-ignore: decorator
@inline
export function beginOf(entry: usize): usize {
  return <usize>load<u32>(entry)
}

// @ts-ignore: decorator
@inline
export function endOf(entry: usize): usize {
  return <usize>load<u32>(entry, 4)
}

/** Its index in the batch. */
// @ts-ignore: decorator
@inline
export function indexOf(entry: usize): u32 {
  return load<u32>(entry, 8)
}

/** Its number. */
// @ts-ignore: decorator
@inline
export function recordOf(entry: usize): f64 {
  return firstNumber + <f64>(indexOf(entry) - firstRecord)
}

// @ts-ignore: decorator
@inline
export function hashAt(entry: usize): u64 {
  return load<u64>(entry, 16)
}

// @ts-ignore: decorator
@inline
export function shortAt(entry: usize): u64 {
  return load<u64>(entry, 24)
}

// @ts-ignore: decorator
@inline
export function slotAt(entry: usize): u32 {
  return load<u32>(entry, 24)
}

// @ts-ignore: decorator
@inline
export function setSlot(entry: usize, slot: u32): void {
  store<u32>(entry, slot, 24)
}
