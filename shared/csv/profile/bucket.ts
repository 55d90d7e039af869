/**
 * Into which bucket does a value fall, and which value stands for a bucket? Two scales, each a whole number that grows with the size of the value.
 *
 * Numbers, log-linear: the first 19 of the double's 64 bits (sign, exponent, 7 bits of mantissa). A bucket is at most 1/128 of its values wide, so its middle is at most
 * 1/256 (0.39 %) off; integers below 256 have a bucket each. -0 is 0. Below 2^-1022 doubles are evenly spaced: there the error is at most 2^-1029 instead.
 * Times, linear: milliseconds since 0000-01-01T00:00.
 *
 * A level joins 2^level neighbours: bucket = floor(key / 2^level). Each level doubles the error; from level 8 on a bucket spans several powers of two and only the
 * magnitude is left (error 1).
 */

/** Bits of a key that are mantissa. */
const MANTISSA_BITS = 7
const KEY_SIGN = 2 ** 18
const KEY_INFINITY = 0x7ff * 2 ** MANTISSA_BITS
/** A key is the double's upper word without its last bits. */
const WORD_BITS = 13
export const DAY_MS = 86_400_000
/** Days from 0000-01-01 to 1970-01-01: no key is negative. */
const EPOCH_DAYS = 719_528

const scratch = new DataView(new ArrayBuffer(8))

/** The key of a finite number: 0 to 2^19 - 1. */
export const numberKey = (value: number): number => {
  scratch.setFloat64(0, value + 0)
  return scratch.getUint32(0) >>> WORD_BITS
}

/** The key of an instant: below 2^49. */
export const timeKey = (days: number, micros: number): number => (days + EPOCH_DAYS) * DAY_MS + Math.floor(micros / 1_000)

/** Milliseconds since 1970 of a time's key. */
export const msOfKey = (key: number): number => key - EPOCH_DAYS * DAY_MS

/** The size of the number with these first bits, and zeros behind; infinite past the last double. */
const sizeOfKey = (key: number): number => {
  if (key >= KEY_INFINITY) return Number.POSITIVE_INFINITY
  scratch.setUint32(0, key * 2 ** WORD_BITS)
  scratch.setUint32(4, 0)
  return scratch.getFloat64(0)
}

/** The one of the whole numbers in [from, to) that stands for them: their middle, but never more than twice the least. */
const wholeBetween = (from: number, to: number, middle: number): number => {
  const first = Math.ceil(from)
  const last = Number.isFinite(to) ? Math.ceil(to) - 1 : middle
  return Math.min(first + Math.floor((last - first) / 2), 2 * first)
}

/** The number that stands for a bucket; a whole one where all values are. */
export const numberOf = (bucket: number, level: number, isWhole: boolean): number => {
  const width = 2 ** level
  const key = bucket * width
  const size = key % KEY_SIGN
  const from = sizeOfKey(size)
  const middle = sizeOfKey(size + width / 2)
  const value = isWhole ? wholeBetween(from, sizeOfKey(size + width), middle) : Math.min(middle, 2 * from)
  return key < KEY_SIGN ? value : 0 - value
}

/** How far off a bucket's number is at most, as a fraction of the true one. */
export const numberError = (level: number): number => Math.min(1, 2 ** (level - MANTISSA_BITS - 1))

/** Whole numbers below this have a bucket each. */
export const wholeExactBelow = (level: number): number => 2 ** (MANTISSA_BITS + 1 - level)

/** The day, since 1970-01-01, that stands for the days that begin in a bucket. */
export const dayOf = (bucket: number, level: number): number => {
  const width = 2 ** level
  const first = Math.ceil(msOfKey(bucket * width) / DAY_MS)
  const last = Math.ceil(msOfKey((bucket + 1) * width) / DAY_MS) - 1
  return first + Math.floor((last - first) / 2)
}

/** How many days a bucket's day is off at most. */
export const dayError = (level: number): number => Math.ceil(Math.floor(2 ** level / DAY_MS) / 2)

/** The milliseconds since 1970 that stand for a bucket. */
export const msOf = (bucket: number, level: number): number => msOfKey(bucket * 2 ** level) + Math.floor(2 ** level / 2)

/** How many milliseconds a bucket's are off at most. */
export const msError = (level: number): number => Math.floor(2 ** level / 2)
