/**
 * What is the 64-bit name of a value? Two 32-bit lanes, because Workers' JavaScript has no fast 64-bit integers.
 * Each lane is MurmurHash3's x86_32 body (A. Appleby, public domain) with its own seed and constants, four bytes a step, finished across the lanes.
 * Not for secrets: whoever crafts collisions only spoils the profile of their own file.
 */

/** Where a hash is put: no allocation per cell. */
export interface Hashed {
  hashLow: number
  hashHigh: number
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

/** MurmurHash3's finaliser: every input bit moves every output bit. */
const mix = (word: number): number => {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Writes the hash of bytes [from, to) to `into` as two unsigned 32-bit words. The same in every version of the engine: encoded sketches depend on it. */
export const hashInto = (into: Hashed, bytes: Uint8Array, from: number, to: number): void => {
  let low = 0x9747b28c
  let high = 0x3c6ef372
  let at = from
  for (; at + 4 <= to; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    low = (Math.imul(rotate(low ^ Math.imul(rotate(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593), 13), 5) + 0xe6546b64) | 0
    high = (Math.imul(rotate(high ^ Math.imul(rotate(Math.imul(word, 0x239b961b), 16), 0xab0e9789), 19), 5) + 0x561ccd1b) | 0
  }
  let tail = 0
  for (let shift = 0; at < to; at++, shift += 8) tail |= bytes[at]! << shift
  low ^= Math.imul(rotate(Math.imul(tail, 0xcc9e2d51), 15), 0x1b873593) ^ (to - from)
  high ^= Math.imul(rotate(Math.imul(tail, 0x239b961b), 16), 0xab0e9789) ^ (to - from)
  low = (low + high) | 0
  high = (high + low) | 0
  low = mix(low)
  high = mix(high)
  low = (low + high) | 0
  into.hashLow = low >>> 0
  into.hashHigh = (high + low) >>> 0
}
