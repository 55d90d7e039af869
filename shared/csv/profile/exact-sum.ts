/**
 * What is the sum of these doubles, exactly? A fixed-point number as wide as the doubles themselves, in limbs of 24 bits that are kept as whole numbers in doubles
 * (R. M. Neal's small superaccumulator, "Fast exact summation using small and large superaccumulators", 2015, with limbs that suit JavaScript).
 *
 * Nothing is ever rounded, so any order and any split gives the same number; it costs 2 KiB a column and three additions a value, where a compensated
 * sum costs 16 bytes and promises the same printed digits only almost always.
 */
import type { ByteReader, ByteWriter } from './codec.ts'

const LIMB_BITS = 24
const LIMB = 2 ** LIMB_BITS
/** One addition moves a limb by less than 2^30; after this many a limb is below 2^52 and carries are due. */
const ADDS_MAX = 2 ** 22
/** Three limbs hold one number; two more the carries of 2^48 of them. */
const SPARE_LIMBS = 5

export interface ExactSum {
  /** The value is the sum of limbs[k] × 2^(24 k + lowest). After `carry` all limbs but the last are in [0, 2^24). */
  readonly limbs: Float64Array
  readonly lowest: number
  adds: number
}

/** Zero, for numbers that are multiples of 2^lowest below 2^highest. */
export const exactZero = (lowest: number, highest: number): ExactSum => ({
  limbs: new Float64Array(Math.ceil((highest - lowest) / LIMB_BITS) + SPARE_LIMBS),
  lowest,
  adds: 0,
})

const UP = Array.from({ length: LIMB_BITS + 1 }, (_, bits) => 2 ** bits)
const DOWN = UP.map((power) => 1 / power)

/** Brings the limbs to their one normal form: equal sums then have equal limbs. */
export const carry = (sum: ExactSum): void => {
  const { limbs } = sum
  let over = 0
  for (let k = 0; k < limbs.length - 1; k++) {
    const limb = limbs[k]! + over
    over = Math.floor(limb / LIMB)
    limbs[k] = limb - over * LIMB
  }
  limbs[limbs.length - 1]! += over
  sum.adds = 0
}

/** Adds whole × 2^exponent, where `whole` is a whole number of at most 2^54 in size. Exact. */
export const addExact = (sum: ExactSum, whole: number, exponent: number): void => {
  if (sum.adds === ADDS_MAX) carry(sum)
  sum.adds++
  const place = exponent - sum.lowest
  const k = Math.floor(place / LIMB_BITS)
  const shift = place - k * LIMB_BITS
  const room = LIMB_BITS - shift
  const high = Math.floor(whole * DOWN[room]!)
  const top = Math.floor(high / LIMB)
  sum.limbs[k]! += (whole - high * UP[room]!) * UP[shift]!
  sum.limbs[k + 1]! += high - top * LIMB
  sum.limbs[k + 2]! += top
}

/** Takes `right` into `left`. */
export const mergeExact = (left: ExactSum, right: ExactSum): void => {
  carry(left)
  for (let k = 0; k < right.limbs.length; k++) left.limbs[k]! += right.limbs[k]!
  carry(left)
}

/** The sum as a whole number of 2^lowest. */
export const exactWhole = (sum: ExactSum): bigint => {
  carry(sum)
  let whole = 0n
  for (let k = sum.limbs.length - 1; k >= 0; k--) whole = whole * BigInt(LIMB) + BigInt(sum.limbs[k]!)
  return whole
}

/** The sum that is `whole` times 2^lowest, made of `zero`, in its one normal form. */
export const exactOf = (whole: bigint, zero: ExactSum): ExactSum => {
  const { limbs } = zero
  const bits = BigInt(LIMB_BITS)
  let rest = whole
  for (let k = 0; k < limbs.length - 1; k++, rest >>= bits) limbs[k] = Number(BigInt.asUintN(LIMB_BITS, rest))
  limbs[limbs.length - 1] = Number(rest)
  return zero
}

/** Only the limbs that are not zero: values of one file lie close together. */
export const encodeExact = (sum: ExactSum, to: ByteWriter): void => {
  carry(sum)
  const used = [...sum.limbs.keys()].filter((k) => sum.limbs[k] !== 0)
  to.count(used.length)
  for (const k of used) {
    to.count(k)
    to.float(sum.limbs[k]!)
  }
}

/** Reads into `zero`, which has the range of the sum that was written. */
export const decodeExact = (from: ByteReader, zero: ExactSum): ExactSum => {
  for (let left = from.count(); left > 0; left--) zero.limbs[from.count()] = from.float()
  return zero
}

/** To the next multiple of four: so shifts are even, and a root can halve them. */
const bitLength = (value: bigint): number => value.toString(16).length * 4

/** numerator / denominator as quotient × 2^exponent with at least 66 bits, the lowest set if anything was cut off: rounding it once more is right. Both positive. */
const quotient = (numerator: bigint, denominator: bigint): { readonly bits: bigint; readonly exponent: number } => {
  const shift = 70 - bitLength(numerator) + bitLength(denominator)
  const scaled = shift >= 0 ? numerator << BigInt(shift) : numerator
  const divisor = shift >= 0 ? denominator : denominator << BigInt(-shift)
  const bits = scaled / divisor
  return { bits: bits * divisor === scaled ? bits : bits | 1n, exponent: -shift }
}

/** value × 2^exponent in two steps, because 2^exponent alone may not be a double. */
const scale = (value: number, exponent: number): number => {
  const half = Math.trunc(exponent / 2)
  return value * 2 ** half * 2 ** (exponent - half)
}

/** numerator / denominator × 2^exponent, rounded once (subnormal results twice). The denominator is positive. */
export const ratio = (numerator: bigint, denominator: bigint, exponent: number): number => {
  if (numerator === 0n) return 0
  const { bits, exponent: shift } = quotient(numerator < 0n ? -numerator : numerator, denominator)
  const size = scale(Number(bits), shift + exponent)
  return numerator < 0n ? -size : size
}

/** The square root of numerator / denominator × 2^exponent, to one unit in the last place. `exponent` is even, numerator not negative, denominator positive. */
export const ratioRoot = (numerator: bigint, denominator: bigint, exponent: number): number => {
  if (numerator === 0n) return 0
  const { bits, exponent: shift } = quotient(numerator, denominator)
  return scale(Math.sqrt(Number(bits)), (shift + exponent) / 2)
}
