/**
 * Which double do these digits write? The nearest one, ties to even: what Number() says in JavaScript.
 *
 * Up to 2^53 the digits are an exact double, and times or by a power of ten up to 10^22 it is rounded once, hence right (W. Clinger, "How to read floating point numbers
 * accurately", 1990). Others are multiplied with a power of five of 128 bits, of which the upper 64 nearly always decide (D. Lemire, "Number parsing at a gigabyte per
 * second", 2021; that they always do for up to 19 digits: N. Mushtak and D. Lemire, "Fast number parsing without fallback", 2023). Of more than 19 digits the first 19 are
 * taken, and one more: where both give the same double that is it, else the host is asked.
 *
 * Reads up to 15 bytes behind the field.
 */

/** What a text was found to be. ASK: a number, or maybe one, and the host must say which. */
export const NO_NUMBER: u32 = 0
export const NUMBER: u32 = 1
export const ASK: u32 = 2

/** The number that was read; -0 is possible. */
export let number: f64 = 0
/** True if it was written with digits only, but for its sign. */
export let isWhole: bool = false

const PLUS: u32 = 0x2b
const MINUS: u32 = 0x2d
const POINT: u32 = 0x2e
const UNDERSCORE: u32 = 0x5f
const PARENTHESIS: u32 = 0x28
const LETTER_E: u32 = 0x65
/** So many digits fit into 64 bits. */
const DIGITS_MAX: u32 = 19
/** Exponents beyond this are all the same: nothing, or infinite. */
const EXPONENT_MAX: i32 = 100_000
const EXACT_POWER: i32 = 22

/** 10^0 to 10^22, which are exact. */
export const TENS = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
])
const WHOLE_TENS = memory.data<u64>([1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000])

const FIVE_MIN: i32 = -342
const FIVE_MAX: i32 = 308
/** 5^-342 to 5^308, each of 16 bytes with its highest bit at 2^127, low half first. The host makes them (../powers-of-five.ts): 10 KiB that the binary need not carry. */
let fives: usize = 0

/** Says where the powers of five lie. To be called once, before anything is read. */
export function setPowersOfFive(at: usize): void {
  fives = at
}

/** The value of the `count` digits at `at`, 1 to 8: pairs, then fours, then all, each step in all lanes at once. */
// @ts-ignore: decorator
@inline
export function digits8(at: usize, count: u32): u64 {
  let word = (load<u64>(at) << ((8 - count) << 3)) & 0x0f0f0f0f0f0f0f0f
  word = ((word * 2561) >> 8) & 0x00ff00ff00ff00ff
  word = ((word * 6553601) >> 16) & 0x0000ffff0000ffff
  return (word * 42949672960001) >> 32
}

/** Which of the 16 bytes at `at` are digits? */
// @ts-ignore: decorator
@inline
export function digitMask(at: usize): u32 {
  return <u32>i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(at), i8x16.splat(0x30)), i8x16.splat(10)))
}

// @ts-ignore: decorator
@inline
function isDigit(at: usize): bool {
  return <u32>load<u8>(at) - 0x30 < 10
}

/** The number of `before` digits at `at`, a point and `behind` digits: 1 to 8, and 1 to 7. */
// @ts-ignore: decorator
@inline
export function fraction(at: usize, before: u32, behind: u32): f64 {
  const value = digits8(at, before) * load<u64>(WHOLE_TENS + (<usize>behind << 3)) + digits8(at + before + 1, behind)
  return <f64>value / load<f64>(TENS + (<usize>behind << 3))
}

/**
 * Reads [from, to) as a number without blanks: a sign maybe, digits with a point maybe, an exponent maybe; or nan, inf, infinity in any case.
 * ASK only for a number of more than 19 digits.
 */
export function readNumber(from: usize, to: usize): u32 {
  if (from >= to) return NO_NUMBER
  const sign = <u32>load<u8>(from)
  const isNegative = sign == MINUS
  const at = isNegative || sign == PLUS ? from + 1 : from
  return readUnsigned(at, to, isNegative)
}

/** As readNumber, of what follows the sign. */
export function readUnsigned(at: usize, to: usize, isNegative: bool): u32 {
  const length = <u32>(to - at)
  if (length - 1 < 16) {
    const odd = ~digitMask(at)
    const before = <u32>ctz(odd)
    // Nearly all numbers: one or two runs of at most eight digits.
    if (before <= 8 && before >= 1) {
      if (before >= length) {
        finish(<f64>digits8(at, length), isNegative)
        isWhole = true
        return NUMBER
      }
      const after = <u32>ctz(odd >> (before + 1))
      const behind = length - before - 1
      if (<u32>load<u8>(at + before) == POINT && after >= behind && behind <= 7 && behind >= 1) {
        finish(fraction(at, before, behind), isNegative)
        isWhole = false
        return NUMBER
      }
    }
  }
  return readAny(at, to, isNegative)
}

// @ts-ignore: decorator
@inline
function finish(size: f64, isNegative: bool): void {
  number = isNegative ? -size : size
}

/** Digits read so far: the first 19 that count as `digits`, and how many were left out behind them. */
let digits: u64 = 0
let digitCount: u32 = 0
let dropped: i32 = 0
let droppedSome: bool = false

/** Reads digits and returns the place behind them. */
function takeDigits(at: usize, to: usize): usize {
  for (; at < to && isDigit(at); at++) {
    const digit = <u64>load<u8>(at) - 0x30
    if (digitCount < DIGITS_MAX) {
      digits = digits * 10 + digit
      // Zeros in front do not count.
      if (digits != 0) digitCount++
    } else {
      dropped++
      droppedSome = droppedSome || digit != 0
    }
  }
  return at
}

/** Reads an exponent's digits, as far as it matters how large they are. */
function exponentOf(at: usize, to: usize): i32 {
  let exponent: i32 = 0
  for (; at < to; at++) if (exponent < EXPONENT_MAX) exponent = exponent * 10 + <i32>load<u8>(at) - 0x30
  return exponent
}

/** The long way, for any number. */
function readAny(from: usize, to: usize, isNegative: bool): u32 {
  digits = 0
  digitCount = 0
  dropped = 0
  droppedSome = false
  let at = takeDigits(from, to)
  isWhole = at == to
  let exponent = dropped
  let count = at - from
  if (at < to && <u32>load<u8>(at) == POINT) {
    const point = at + 1
    at = takeDigits(point, to)
    count += at - point
    // Behind the point each digit that was taken is one power less; those left out change nothing.
    exponent = dropped - <i32>(at - point)
  }
  if (count == 0) return from < to && at == from ? readWord(from, to, isNegative) : NO_NUMBER
  if (at < to) {
    if (<u32>(load<u8>(at) | 0x20) != LETTER_E) return NO_NUMBER
    const sign = at + 1 < to ? <u32>load<u8>(at + 1) : 0
    const power = at + (sign == MINUS || sign == PLUS ? 2 : 1)
    let end = power
    while (end < to && isDigit(end)) end++
    if (end == power || end != to) return NO_NUMBER
    exponent += sign == MINUS ? -exponentOf(power, to) : exponentOf(power, to)
  }
  const size = nearest(digits, exponent)
  if (droppedSome && nearest(digits + 1, exponent) != size) return ASK
  finish(size, isNegative)
  return NUMBER
}

/** nan, inf, infinity. */
function readWord(from: usize, to: usize, isNegative: bool): u32 {
  const length = to - from
  const first = <u32>load<u16>(from) | 0x2020
  if (length != 3 && length != 8) return NO_NUMBER
  const third = <u32>load<u8>(from + 2) | 0x20
  isWhole = false
  if (length == 3 && first == 0x616e && third == 0x6e) {
    number = NaN
    return NUMBER
  }
  if (first != 0x6e69 || third != 0x66) return NO_NUMBER
  // "inf" and "inity" as it lies in memory.
  if (length == 8 && (load<u32>(from + 4) | 0x20202020) != 0x7974696e) return NO_NUMBER
  if (length == 8 && <u32>(load<u8>(from + 3) | 0x20) != 0x69) return NO_NUMBER
  finish(Infinity, isNegative)
  return NUMBER
}

/** The double nearest to whole × 10^exponent. */
export function nearest(whole: u64, exponent: i32): f64 {
  if (whole <= <u64>1 << 53 && exponent >= -EXACT_POWER && exponent <= EXACT_POWER) {
    if (exponent < 0) return <f64>whole / load<f64>(TENS + (<usize>-exponent << 3))
    return <f64>whole * load<f64>(TENS + (<usize>exponent << 3))
  }
  if (whole == 0 || exponent < FIVE_MIN) return 0
  if (exponent > FIVE_MAX) return Infinity
  return fromProduct(whole, exponent)
}

let productHigh: u64 = 0

/** a × b: the upper half in productHigh, the lower half as the result. */
// @ts-ignore: decorator
@inline
function multiply(a: u64, b: u64): u64 {
  const al = a & 0xffffffff
  const ah = a >> 32
  const bl = b & 0xffffffff
  const bh = b >> 32
  const low = al * bl
  const middle = ah * bl + (low >> 32)
  const other = al * bh + (middle & 0xffffffff)
  productHigh = ah * bh + (middle >> 32) + (other >> 32)
  return a * b
}

/** Lemire's algorithm, with the names of his paper where they say more than ours. */
function fromProduct(whole: u64, q: i32): f64 {
  const shift = clz(whole)
  const w = whole << shift
  const five = fives + (<usize>(q - FIVE_MIN) << 4)
  let low = multiply(w, load<u64>(five, 8))
  let high = productHigh
  // 55 bits are needed; if the 9 below them are all ones, what is missing may carry into them.
  if ((high & 0x1ff) == 0x1ff) {
    multiply(w, load<u64>(five))
    low += productHigh
    if (productHigh > low) high++
  }
  const upper = high >> 63
  let mantissa = high >> (upper + 9)
  // floor(q × log2(10)) + 63, biased.
  let power = ((217_706 * q) >> 16) + 63 + <i32>upper - <i32>shift + 1_023
  if (power <= 0) {
    // Below 2^-1022 there are fewer bits.
    if (power <= -63) return 0
    mantissa >>= <u64>(1 - power)
    mantissa = (mantissa + (mantissa & 1)) >> 1
    return reinterpret<f64>(mantissa)
  }
  // Half way between two doubles: to the even one. Only where 5^q, or the whole number divided by it, is exact.
  if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && mantissa << (upper + 9) == high) mantissa &= ~(<u64>1)
  mantissa = (mantissa + (mantissa & 1)) >> 1
  if (mantissa >= <u64>2 << 52) {
    mantissa = <u64>1 << 52
    power++
  }
  if (power >= 0x7ff) return Infinity
  return reinterpret<f64>((mantissa & ~(<u64>1 << 52)) | (<u64>power << 52))
}

// @ts-ignore: decorator
@inline
function isBlank(at: usize): bool {
  const byte = <u32>load<u8>(at)
  return byte == 0x20 || byte - 0x09 < 5
}

/**
 * What TRY_CAST(… AS DOUBLE) makes of the field [from, to): blanks around are skipped, a plus may stand before everything. Its rarities, underscores between digits and
 * nan(…), are the host's (ASK).
 */
export function castDecimal(from: usize, to: usize): u32 {
  while (from < to && isBlank(from)) from++
  if (from == to) return NO_NUMBER
  const first = <u32>load<u8>(from)
  const letter = first | 0x20
  // A digit, a sign or a point, nan or inf: most texts are refused here.
  if (first - 0x30 > 9 && first - PLUS > 3 && letter != 0x6e && letter != 0x69) return NO_NUMBER
  while (isBlank(to - 1)) to--
  let at = first == PLUS ? from + 1 : from
  const isNegative = at < to && <u32>load<u8>(at) == MINUS
  if (isNegative) at++
  if (at == to) return NO_NUMBER
  const found = readUnsigned(at, to, isNegative)
  return found == NO_NUMBER && mayBeRare(at, to) ? ASK : found
}

/** An underscore between two digits, or nan( at the beginning. */
function mayBeRare(from: usize, to: usize): bool {
  if (to - from > 4 && <u32>load<u8>(from + 3) == PARENTHESIS) return <u32>(load<u8>(from) | 0x20) == 0x6e
  if (!isDigit(from) && <u32>load<u8>(from) != POINT) return false
  for (let at = from + 1; at + 1 < to; at++) if (<u32>load<u8>(at) == UNDERSCORE && isDigit(at - 1) && isDigit(at + 1)) return true
  return false
}
