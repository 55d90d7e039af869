/**
 * By what does the kernel (kernel/decimal.ts) multiply to read a decimal? 5^-342 to 5^308 as 128 bits with the highest bit set, cut off below; those from 5^-27 to 5^-1, by
 * which a whole number of 64 bits may be divisible, are rounded up instead. As D. Lemire's proof wants them ("Number parsing at a gigabyte per second", 2021).
 */
const FIVE_MIN = -342
const FIVE_MAX = 308
const BITS = 128
/** 5^27 is the last that fits into 64 bits. */
const DIVISOR_MAX = 27
const HALF = 64n

export const POWERS_OF_FIVE_BYTES = (FIVE_MAX - FIVE_MIN + 1) * 16

const bitLength = (value: bigint): number => value.toString(2).length

/** The upper 128 bits of a positive whole number. */
const upperBits = (value: bigint): bigint => {
  const shift = bitLength(value) - BITS
  return shift >= 0 ? value >> BigInt(shift) : value << BigInt(-shift)
}

/** 1 / power, rounded up at 128 bits or cut off there. */
const reciprocal = (power: bigint, isRoundedUp: boolean): bigint => {
  const length = bitLength(power)
  return isRoundedUp ? (1n << BigInt(length + BITS - 1)) / power + 1n : upperBits((1n << BigInt(2 * length + BITS)) / power)
}

/** Writes all of them from `at` on, in ascending order, each with its lower half first, little-endian. */
export const writePowersOfFive = (bytes: Uint8Array, at: number): void => {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const write = (exponent: number, power: bigint) => {
    view.setBigUint64(at + (exponent - FIVE_MIN) * 16, BigInt.asUintN(64, power), true)
    view.setBigUint64(at + (exponent - FIVE_MIN) * 16 + 8, power >> HALF, true)
  }
  let power = 1n
  for (let exponent = 0; exponent <= -FIVE_MIN; exponent++, power *= 5n) {
    if (exponent <= FIVE_MAX) write(exponent, upperBits(power))
    if (exponent > 0) write(-exponent, reciprocal(power, exponent <= DIVISOR_MAX))
  }
}
