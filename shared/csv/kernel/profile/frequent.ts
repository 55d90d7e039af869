/**
 * Which values come most often? The table of ../../profile/frequent.ts: slots in the order in which their values came, the same purges, and so the same slots.
 *
 * It spares the other sketches most of their work as well. What they keep of a value depends on the value alone, but for the record that is first; so a value that has a slot is only
 * counted, as `fresh`, and everything else it adds is added when the slot is purged or the state is read: once, times `fresh`. Not so a value that is not kept whole, or that only the host can read: NOT_WHOLE.
 *
 * In front of it a table of the short values met last: by their bytes, which is less work than the hash.
 */
import {
  KEPT_BYTES,
  PURGED,
  SLOT_COUNT,
  column,
  slotCounts,
  slotFresh,
  slotHashes,
  slotIndex,
  slotLengths,
  slotValues,
  slotsMax,
} from './layout'

/** Of a slot's length: the value is not to be counted as fresh. */
const NOT_WHOLE: u32 = 0x80
/** An entry of 16 bits, here and in front: slot + 1 below, 0 is free; above it bits of a hash that mostly tell another value without a look at the slot. */
const SLOT_MASK: u32 = (1 << 13) - 1
/** Places of the index for each slot: so many that the first one mostly decides. */
const PLACES: usize = 4

/** Values up to this length have a place in front. */
export const SHORT_BYTES: usize = 16
const FRONT_BITS: u64 = 11
/** Entries of 32 bits: slot + 1 below, bits of the hash above. Serves one column at a time. */
const FRONT_BYTES: usize = 8_192
const FRONT = memory.data(8192, 16)

// @ts-ignore: decorator
@inline
export function clearFront(): void {
  memory.fill(FRONT, 0, FRONT_BYTES)
}

/** A hash of the value [from, from + length), at most 16 bytes, for its place in front. Reads up to 15 bytes behind it. */
// @ts-ignore: decorator
@inline
export function frontHash(from: usize, length: usize): u64 {
  const first = load<u64>(from)
  const word = length >= 8 ? first ^ rotl<u64>(load<u64>(from + length - 8), 29) : first << ((8 - length) << 3)
  return (word ^ <u64>length) * 0x9e3779b97f4a7c15
}

// @ts-ignore: decorator
@inline
function frontPlace(hash: u64): usize {
  return FRONT + (<usize>(hash >> (64 - FRONT_BITS)) << 2)
}

/** Counts the value with this hash if it is the one at its place in front; false if it is not. */
// @ts-ignore: decorator
@inline
export function countInFront(hash: u64, from: usize, length: usize): bool {
  const entry = load<u32>(frontPlace(hash)) ^ (<u32>(hash >> 16) & ~SLOT_MASK)
  if (entry - 1 >= SLOT_MASK) return false
  const slot = <usize>(entry - 1)
  if (<usize>load<u8>(slotLengths + slot) != length) return false
  const same = <u32>i8x16.bitmask(i8x16.eq(v128.load(slotValues + slot * KEPT_BYTES), v128.load(from)))
  if ((~same & ((<u32>1 << <u32>length) - 1)) != 0) return false
  countAgain(slot)
  return true
}

// @ts-ignore: decorator
@inline
export function putInFront(hash: u64, slot: usize): void {
  store<u32>(frontPlace(hash), (<u32>(hash >> 16) & ~SLOT_MASK) | (<u32>slot + 1))
}

// @ts-ignore: decorator
@inline
function countAgain(slot: usize): void {
  const count = slotCounts + (slot << 2)
  store<u32>(count, load<u32>(count) + 1)
  const fresh = slotFresh + (slot << 2)
  store<u32>(fresh, load<u32>(fresh) + 1)
}

/** Where in the index the search for a hash ended: its own place, or the free one that it would have. */
let place: usize = 0

/** Where in the index the search for a hash begins. */
// @ts-ignore: decorator
@inline
export function indexPlace(hash: u64): usize {
  return slotIndex + (<usize>(hash >> 31) & ((<usize>slotsMax * PLACES - 1) << 1))
}

/** The slot of this hash, or -1. */
// @ts-ignore: decorator
@inline
export function slotOf(hash: u64): i32 {
  const mask = (<usize>slotsMax * PLACES - 1) << 1
  const tag = <u32>hash & 0xe000
  let at = <usize>(hash >> 31) & mask
  for (let entry = <u32>load<u16>(slotIndex + at); entry != 0; entry = <u32>load<u16>(slotIndex + at)) {
    const slot = (entry ^ tag) - 1
    if (slot < SLOT_MASK && load<u64>(slotHashes + (<usize>slot << 3)) == hash) return <i32>slot
    at = (at + 2) & mask
  }
  place = slotIndex + at
  return -1
}

/** Counts a value that has this slot. True: as fresh; false: the other sketches want it now. */
// @ts-ignore: decorator
@inline
export function countSlot(slot: usize): bool {
  if ((<u32>load<u8>(slotLengths + slot) & NOT_WHOLE) == 0) {
    countAgain(slot)
    return true
  }
  const count = slotCounts + (slot << 2)
  store<u32>(count, load<u32>(count) + 1)
  return false
}

/** True: a value more needs a purge first. */
// @ts-ignore: decorator
@inline
export function isFull(): bool {
  return load<u32>(column, SLOT_COUNT) == slotsMax
}

/** Gives the value [from, to), for which slotOf has just found none, a slot. Returns it. */
// @ts-ignore: decorator
@inline
export function addSlot(hash: u64, from: usize, to: usize): u32 {
  const slot = load<u32>(column, SLOT_COUNT)
  store<u32>(column, slot + 1, SLOT_COUNT)
  const length = min<usize>(to - from, KEPT_BYTES)
  const value = slotValues + <usize>slot * KEPT_BYTES
  // Whole vectors at a time, which the slot has room for.
  v128.store(value, v128.load(from))
  if (length > 16) v128.store(value, v128.load(from, 16), 16)
  if (length > 32) memory.copy(value, from, length)
  store<u64>(slotHashes + (<usize>slot << 3), hash)
  store<u32>(slotCounts + (<usize>slot << 2), 1)
  store<u32>(slotFresh + (<usize>slot << 2), 0)
  store<u8>(slotLengths + slot, <u8>(length < KEPT_BYTES ? <u32>length : <u32>length | NOT_WHOLE))
  store<u16>(place, <u16>((<u32>hash & 0xe000) | (slot + 1)))
  return slot
}

/** From the slot can no longer be told what its values are. Returns how many it has counted as fresh: they are no longer. */
export function makePartial(slot: u32): u32 {
  const length = slotLengths + <usize>slot
  const fresh = slotFresh + (<usize>slot << 2)
  const count = load<u32>(fresh)
  store<u8>(length, <u8>(<u32>load<u8>(length) | NOT_WHOLE))
  store<u32>(fresh, 0)
  return count
}

/** How many slots of a full table have a count of at most `count`? */
function countUpTo(count: u32): u32 {
  const limit = i32x4.splat(<i32>count)
  let found = i32x4.splat(0)
  const end = slotCounts + (<usize>slotsMax << 2)
  // A comparison says -1.
  for (let at = slotCounts; at < end; at += 16) found = i32x4.sub(found, i32x4.le_u(v128.load(at), limit))
  return i32x4.extract_lane(found, 0) + i32x4.extract_lane(found, 1) + i32x4.extract_lane(found, 2) + i32x4.extract_lane(found, 3)
}

/** The count in the middle of a full table: of all in order, the one at half. It is small, mostly 1. */
function medianCount(): u32 {
  const half = slotsMax >> 1
  let high: u32 = 1
  while (countUpTo(high) <= half) high <<= 1
  let low = high >> 1
  while (high - low > 1) {
    const middle = low + ((high - low) >> 1)
    if (countUpTo(middle) <= half) low = middle
    else high = middle
  }
  return high
}

/** Takes the median off every counter and drops those that have nothing left. Nothing may be fresh; what is in front is void. */
export function purge(): void {
  const median = medianCount()
  const limit = i32x4.splat(<i32>median)
  memory.fill(slotIndex, 0, <usize>slotsMax << 3)
  let kept: usize = 0
  for (let slot: usize = 0; slot < <usize>slotsMax; slot += 4) {
    // Mostly none of four survives.
    let left = <u32>i32x4.bitmask(i32x4.gt_u(v128.load(slotCounts + (slot << 2)), limit))
    for (; left != 0; left &= left - 1) keepSlot(slot + <usize>ctz(left), kept++, median)
  }
  store<u32>(column, <u32>kept, SLOT_COUNT)
  store<u64>(column, load<u64>(column, PURGED) + median, PURGED)
}

/** Moves a slot down to where it stays. */
function keepSlot(from: usize, to: usize, median: u32): void {
  const hash = load<u64>(slotHashes + (from << 3))
  store<u32>(slotCounts + (to << 2), load<u32>(slotCounts + (from << 2)) - median)
  store<u32>(slotFresh + (to << 2), 0)
  store<u64>(slotHashes + (to << 3), hash)
  store<u8>(slotLengths + to, load<u8>(slotLengths + from))
  if (from != to) memory.copy(slotValues + to * KEPT_BYTES, slotValues + from * KEPT_BYTES, KEPT_BYTES)
  slotOf(hash)
  store<u16>(place, <u16>((<u32>hash & 0xe000) | (<u32>to + 1)))
}

/** The first slot from `slot` on that has fresh counts, or the number of slots in use. */
export function nextFresh(slot: usize): usize {
  const count = <usize>load<u32>(column, SLOT_COUNT)
  for (; slot < count; slot++) {
    if ((slot & 3) == 0) while (slot + 4 <= count && !v128.any_true(v128.load(slotFresh + (slot << 2)))) slot += 4
    if (slot < count && load<u32>(slotFresh + (slot << 2)) != 0) return slot
  }
  return count
}
