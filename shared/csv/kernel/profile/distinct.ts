/** How many different values are there? A set of their hashes while they are few, HyperLogLog's registers in its place from then on: as ../../profile/distinct.ts, with the same switch. */
import { output } from '../memory'
import { HASH_COUNT, IS_ESTIMATE, REGISTERS, column, hashes, hashesMax } from './layout'
import { hashAt } from './waiting'

const INDEX_BITS: u64 = 12

// @ts-ignore: decorator
@inline
export function isEstimate(): bool {
  return load<u32>(column, IS_ESTIMATE) != 0
}

/** Adds the hashes of the `count` waiting values whose entries lie at `list`. */
export function addDistinct(list: usize, count: u32): void {
  const end = list + (<usize>count << 2)
  let at = list
  for (; at < end && !isEstimate(); at += 4) addToSet(nameOf(load<u32>(at)))
  const registers = hashes
  for (; at < end; at += 4) addToRegister(registers, nameOf(load<u32>(at)))
}

/** A hash of zeros counts as its neighbour: zeros mark a free place. */
// @ts-ignore: decorator
@inline
function nameOf(entry: usize): u64 {
  const hash = hashAt(entry)
  return hash == 0 ? <u64>1 << 32 : hash
}

/** Where the search for this hash begins in the set. */
// @ts-ignore: decorator
@inline
export function distinctPlace(hash: u64): usize {
  return hashes + ((<usize>hash << 3) & ((<usize>placesFor(load<u32>(column, HASH_COUNT)) - 1) << 3))
}

/** The low bits choose a register, which keeps the longest run of leading zeros of the others. */
// @ts-ignore: decorator
@inline
function addToRegister(registers: usize, hash: u64): void {
  const register = registers + (<usize>hash & (REGISTERS - 1))
  const rank = <u32>clz(hash | (<u64>1 << (INDEX_BITS - 1))) + 1
  if (rank > <u32>load<u8>(register)) store<u8>(register, <u8>rank)
}

/** Places in use: a power of two, at least twice the hashes, so that few values stay close together in memory. */
// @ts-ignore: decorator
@inline
function placesFor(count: u32): u32 {
  return min<u32>(hashesMax << 1, 1 << (33 - clz<u32>(count | 31)))
}

/** The offset of a hash's place among `places`, or of the free one that it would have. */
// @ts-ignore: decorator
@inline
function find(hash: u64, places: u32): usize {
  const mask = (<usize>places - 1) << 3
  let at = (<usize>hash << 3) & mask
  for (let there = load<u64>(hashes + at); there != 0 && there != hash; there = load<u64>(hashes + at)) at = (at + 8) & mask
  return at
}

function addToSet(hash: u64): void {
  const count = load<u32>(column, HASH_COUNT)
  const places = placesFor(count)
  const at = find(hash, places)
  if (load<u64>(hashes + at) == hash) return
  if (count == hashesMax) {
    toRegisters()
    addToRegister(hashes, hash)
    return
  }
  store<u64>(hashes + at, hash)
  store<u32>(column, count + 1, HASH_COUNT)
  if (placesFor(count + 1) != places) spread(places)
}

/** Doubles the places in use. */
function spread(places: u32): void {
  const old = <usize>places << 3
  memory.copy(output, hashes, old)
  memory.fill(hashes, 0, old)
  for (let at: usize = 0; at < old; at += 8) {
    const hash = load<u64>(output + at)
    if (hash != 0) store<u64>(hashes + find(hash, places << 1), hash)
  }
}

/** Gives up the exact set: its room holds the registers, which are filled elsewhere first. */
function toRegisters(): void {
  const registers = output
  memory.fill(registers, 0, REGISTERS)
  const places = <usize>hashesMax << 1
  for (let at: usize = 0; at < places; at++) {
    const hash = load<u64>(hashes + (at << 3))
    if (hash != 0) addToRegister(registers, hash)
  }
  memory.copy(hashes, registers, REGISTERS)
  store<u32>(column, 1, IS_ESTIMATE)
}
