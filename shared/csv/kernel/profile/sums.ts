/**
 * What are the exact sums of the numbers and of their squares? Whole numbers below 2^30 go to plain sums of 64 and 128 bits; every other double is a whole number of 53
 * bits times a power of two, which is added at its place in a row of limbs: words of 64 bits that stand for 32 bits each, so that carries wait (R. M. Neal's small superaccumulator,
 * 2015). Nothing is rounded; the host makes the twin's limbs of it.
 */
import { ADDS, NUMBERS, SQUARES, SQUARE_COUNT, SQUARE_LIMBS, SUM_COUNT, SUM_LIMBS, WHOLE_SUM, column } from './layout'

const WHOLE_MAX: f64 = 1_073_741_824
/** Each addition moves a limb by less than 2^32: after so many of them it is still below 2^62. */
const ADDS_MAX: u32 = 1 << 29
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff
const LIMB: u64 = 0xffff_ffff

let productHigh: u64 = 0

/** a × b: the upper half in productHigh, the lower half as the result. */
// @ts-ignore: decorator
@inline
function multiply(a: u64, b: u64): u64 {
  const al = a & LIMB
  const ah = a >> 32
  const bl = b & LIMB
  const bh = b >> 32
  const low = al * bl
  const middle = ah * bl + (low >> 32)
  const other = al * bh + (middle & LIMB)
  productHigh = ah * bh + (middle >> 32) + (other >> 32)
  return a * b
}

/** Adds `sign` times a number of 128 bits at bit `place` of a row of limbs. */
// @ts-ignore: decorator
@inline
function addAt(limbs: usize, high: u64, low: u64, place: u32, sign: i64): void {
  const limb = limbs + (<usize>(place >> 5) << 3)
  const shift = <u64>(place & 31)
  // Two steps, because a shift by 64 is none.
  const top = (high >> 32) >> (32 - shift)
  const middle = (high << shift) | ((low >> 32) >> (32 - shift))
  const bottom = low << shift
  store<i64>(limb, load<i64>(limb) + sign * <i64>(bottom & LIMB))
  store<i64>(limb, load<i64>(limb, 8) + sign * <i64>(bottom >> 32), 8)
  store<i64>(limb, load<i64>(limb, 16) + sign * <i64>(middle & LIMB), 16)
  store<i64>(limb, load<i64>(limb, 24) + sign * <i64>(middle >> 32), 24)
  store<i64>(limb, load<i64>(limb, 32) + sign * <i64>top, 32)
}

/** Brings all limbs but the last into 32 bits. */
function carry(limbs: usize, count: usize): void {
  let over: i64 = 0
  const last = limbs + ((count - 1) << 3)
  for (let limb = limbs; limb < last; limb += 8) {
    const value = load<i64>(limb) + over
    over = value >> 32
    store<i64>(limb, value & <i64>LIMB)
  }
  store<i64>(last, load<i64>(last) + over)
}

/** A weighted one reaches some limbs twice. */
function countAdds(count: u32): void {
  const adds = load<u32>(column, ADDS) + 2 * count
  store<u32>(column, adds, ADDS)
  if (adds < ADDS_MAX) return
  store<u32>(column, 0, ADDS)
  carry(column + SUM_LIMBS, SUM_COUNT)
  carry(column + SQUARE_LIMBS, SQUARE_COUNT)
}

/** Takes `weight` times the finite number `value` in. */
export function addNumber(value: f64, weight: u64): void {
  store<u64>(column, load<u64>(column, NUMBERS) + weight, NUMBERS)
  if (abs(value) < WHOLE_MAX && <f64>(<i32>value) == value) addWhole(<i32>value, weight)
  else addDouble(value, weight)
}

/**
 * Takes `count` finite numbers in, which lie one after the other from `at` on; at most 64. Whole ones are summed up first, and so are others as long as they fall to the same limbs,
 * which those of one column mostly do. What lies there is gone afterwards.
 */
export function addNumbers(at: usize, count: usize): void {
  const end = at + (count << 3)
  let sum: i64 = 0
  let low: u64 = 0
  let high: u64 = 0
  store<u64>(column, load<u64>(column, NUMBERS) + <u64>count, NUMBERS)
  let others: usize = 0
  for (let next = at; next < end; next += 8) {
    const value = load<f64>(next)
    const whole = <i64>(<i32>value)
    if (abs(value) < WHOLE_MAX && <f64>whole == value) {
      sum += whole
      const square = <u64>(whole * whole)
      low += square & LIMB
      high += square >> 32
    } else {
      // Never ahead of what is read.
      store<f64>(at + (others << 3), value)
      others++
    }
  }
  addWholes(sum, low, high)
  if (others > 0) addDoubles(at, others)
}

function addDoubles(at: usize, count: usize): void {
  const end = at + (count << 3)
  let limb: u32 = u32.MAX_VALUE
  let sum0: i64 = 0
  let sum1: i64 = 0
  let sum2: i64 = 0
  let squareLimb: u32 = u32.MAX_VALUE
  let square0: i64 = 0
  let square1: i64 = 0
  let square2: i64 = 0
  let square3: i64 = 0
  let square4: i64 = 0
  for (; at < end; at += 8) {
    const bits = load<u64>(at)
    const biased = <u32>(bits >> 52) & 0x7ff
    const size = biased == 0 ? bits & MANTISSA : (bits & MANTISSA) | (MANTISSA + 1)
    const place = biased == 0 ? 0 : biased - 1
    if (place >> 5 != limb) {
      if (limb != u32.MAX_VALUE) addLimbs(SUM_LIMBS, limb, sum0, sum1, sum2, 0, 0)
      limb = place >> 5
      sum0 = sum1 = sum2 = 0
    }
    const shift = <u64>(place & 31)
    const bottom = size << shift
    // All ones to subtract, by the rule that -x = ~x + 1.
    const sign = <i64>bits >> 63
    sum0 += (<i64>(bottom & LIMB) ^ sign) - sign
    sum1 += (<i64>(bottom >> 32) ^ sign) - sign
    sum2 += (<i64>((size >> 32) >> (32 - shift)) ^ sign) - sign

    const squarePlace = place << 1
    if (squarePlace >> 5 != squareLimb) {
      if (squareLimb != u32.MAX_VALUE) addLimbs(SQUARE_LIMBS, squareLimb, square0, square1, square2, square3, square4)
      squareLimb = squarePlace >> 5
      square0 = square1 = square2 = square3 = square4 = 0
    }
    const low = multiply(size, size)
    const high = productHigh
    const by = <u64>(squarePlace & 31)
    const lower = low << by
    const upper = (high << by) | ((low >> 32) >> (32 - by))
    square0 += <i64>(lower & LIMB)
    square1 += <i64>(lower >> 32)
    square2 += <i64>(upper & LIMB)
    square3 += <i64>(upper >> 32)
    square4 += <i64>((high >> 32) >> (32 - by))
  }
  addLimbs(SUM_LIMBS, limb, sum0, sum1, sum2, 0, 0)
  addLimbs(SQUARE_LIMBS, squareLimb, square0, square1, square2, square3, square4)
  countAdds(<u32>count)
}

/** Adds to five limbs from number `limb` of a row on. */
function addLimbs(row: usize, limb: u32, first: i64, second: i64, third: i64, fourth: i64, fifth: i64): void {
  const at = column + row + (<usize>limb << 3)
  store<i64>(at, load<i64>(at) + first)
  store<i64>(at, load<i64>(at, 8) + second, 8)
  store<i64>(at, load<i64>(at, 16) + third, 16)
  store<i64>(at, load<i64>(at, 24) + fourth, 24)
  store<i64>(at, load<i64>(at, 32) + fifth, 32)
}

// @ts-ignore: decorator
@inline
function addWhole(whole: i32, weight: u64): void {
  const square = <u64>(<i64>whole * <i64>whole)
  addWholes(<i64>whole * <i64>weight, (square & LIMB) * weight, (square >> 32) * weight)
}

/** Adds a sum of whole numbers, and one of squares: low + high × 2^32. */
function addWholes(sum: i64, lower: u64, upper: u64): void {
  store<i64>(column, load<i64>(column, WHOLE_SUM) + sum, WHOLE_SUM)
  const low = lower + (upper << 32)
  const high = (upper >> 32) + <u64>(low < lower)
  const before = load<u64>(column, SQUARES)
  const after = before + low
  store<u64>(column, after, SQUARES)
  store<u64>(column, load<u64>(column, SQUARES + 8) + high + <u64>(after < before), SQUARES + 8)
}

/** Adds `weight` times a double and its square. */
function addDouble(value: f64, weight: u64): void {
  const bits = reinterpret<u64>(value)
  const sign: i64 = bits >> 63 ? -1 : 1
  const biased = <u32>(bits >> 52) & 0x7ff
  const size = biased == 0 ? bits & MANTISSA : (bits & MANTISSA) | (MANTISSA + 1)
  // The lowest bit of the least double is bit 0 of the sums; that of its square, of the squares.
  const place = biased == 0 ? 0 : biased - 1
  const sum = multiply(size, weight)
  addAt(column + SUM_LIMBS, productHigh, sum, place, sign)
  const low = multiply(size, size)
  const high = productHigh
  const lower = multiply(low, weight)
  addAt(column + SQUARE_LIMBS, productHigh, lower, place << 1, 1)
  const upper = multiply(high, weight)
  addAt(column + SQUARE_LIMBS, productHigh, upper, (place << 1) + 64, 1)
  countAdds(1)
}
