/**
 * What is the 64-bit name of a value? Eight bytes a step: taken in by xor, multiplied, and the upper half of the product laid over the lower; two such steps more at the end.
 * The kernel has 64-bit multiplication, and one for eight bytes is what made it fast (kernel/profile/hash.ts); here, in two 32-bit halves, it costs what the eight bytes did before.
 * Values of up to eight bytes and equal length never collide, for each step can be undone. Not for secrets: whoever crafts collisions only spoils the profile of their own file.
 */

/** Where a hash is put: no allocation per cell. */
export interface Hashed {
  hashLow: number
  hashHigh: number
}

/** A constant as the products need it: both halves, and the lower one's halves. */
interface Factor {
  readonly low: number
  readonly high: number
  readonly lowest: number
  readonly lower: number
}

const factor = (high: number, low: number): Factor => ({ low, high, lowest: low & 0xffff, lower: low >>> 16 })

/** The multipliers are those of MurmurHash3's 64-bit finaliser (A. Appleby, public domain), the seed is 2^64 / the golden ratio. */
const SEED = factor(0x9e3779b9, 0x7f4a7c15)
const WORD = factor(0xff51afd7, 0xed558ccd)
const LAST = factor(0xc4ceb9fe, 0x1a85ec53)

/** The upper 32 bits of the product of two words of 32 bits, by halves of 16: no sum here exceeds 32 bits. */
const upperProduct = (word: number, { lowest, lower }: Factor): number => {
  const first = word & 0xffff
  const second = word >>> 16
  const middle = (Math.imul(second, lowest) >>> 0) + (Math.imul(first, lowest) >>> 16)
  const other = (Math.imul(first, lower) >>> 0) + (middle & 0xffff)
  return (Math.imul(second, lower) + (middle >>> 16) + (other >>> 16)) | 0
}

/** Multiplies the hash and lays the upper half of the product over the lower. */
const mix = (into: Hashed, by: Factor): void => {
  const { hashLow: low, hashHigh: high } = into
  const upper = (upperProduct(low, by) + Math.imul(low, by.high) + Math.imul(high, by.low)) | 0
  into.hashLow = Math.imul(low, by.low) ^ upper
  into.hashHigh = upper
}

/** Up to four bytes as a word, the first one lowest. */
const wordAt = (bytes: Uint8Array, at: number, to: number): number => {
  if (at + 4 <= to) return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
  let word = 0
  for (let place = at, shift = 0; place < to; place++, shift += 8) word |= bytes[place]! << shift
  return word
}

/** Writes the hash of bytes [from, to) to `into` as two unsigned 32-bit words. The same in every version of the engine: encoded sketches depend on it. */
export const hashInto = (into: Hashed, bytes: Uint8Array, from: number, to: number): void => {
  const length = to - from
  into.hashLow = SEED.low ^ length
  into.hashHigh = SEED.high
  // One step more than there are whole words: the last takes what is left, which may be nothing.
  for (let at = from, steps = (length >>> 3) + 1; steps > 0; at += 8, steps--) {
    into.hashLow ^= wordAt(bytes, at, to)
    into.hashHigh ^= wordAt(bytes, at + 4, to)
    mix(into, WORD)
  }
  mix(into, LAST)
  mix(into, WORD)
  into.hashLow >>>= 0
  into.hashHigh >>>= 0
}
