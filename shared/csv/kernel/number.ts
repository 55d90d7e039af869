/**
 * Is the field a number, and how does it compare? The meaning is that of ../../filter/casts/number.ts (TRY_CAST AS DOUBLE).
 * Up to eight bytes are read at once. Up to 19 digits whose whole number is at most 2^53, with up to 22 of them behind the point, are one exact division away from their double
 * (W. Clinger, "How to read floating point numbers accurately", 1990). All others are read by decimal.ts, and the few that it does not decide by the host.
 */
import { castDecimal, NO_NUMBER, NUMBER, number as decimalNumber, TENS } from './decimal'
import { EQUAL, GREATER, SMALLER } from './comparison'
import { from, readField, to } from './field'
import { ASK, FALSE, SLOW, SlowTest, TRUE, UNKNOWN, walk } from './walk'

const MINUS: u32 = 0x2d
const PLUS: u32 = 0x2b
const POINT: u32 = 0x2e
const EXACT: u64 = 1 << 53

let number: f64 = 0

const ZEROS: u64 = 0x3030303030303030
const POINTS: u64 = 0x2e2e2e2e2e2e2e2e
const ONES: u64 = 0x0101010101010101
const HIGHS: u64 = 0x8080808080808080
/** Added to a byte of 10 to 127 it sets the highest bit. */
const NOT_DIGIT: u64 = 0x7676767676767676

/** The value of eight digits, each in its byte: neighbours are joined to pairs, pairs to fours, fours to the whole (D. Lemire, "Quickly parsing eight digits", 2018). */
// @ts-ignore: decorator
@inline
function whole(digits: u64): u64 {
  const pairs = digits * 10 + (digits >> 8)
  return <u64>(((pairs & 0x000000ff000000ff) * 0x000f424000000064 + ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >> 32)
}

// @ts-ignore: decorator
@inline
function areDigits(word: u64): bool {
  return (((word + NOT_DIGIT) | word) & HIGHS) == 0
}

/** The first `length` bytes but the one at `point`, as digits at the word's end. */
// @ts-ignore: decorator
@inline
function withoutByte(word: u64, point: usize, length: usize): u64 {
  const before = (<u64>1 << (<u64>point << 3)) - 1
  return (((word & before) | ((word >> 8) & ~before)) - ZEROS) << (<u64>(9 - length) << 3)
}

/** Up to eight bytes, digits with a point among them: what lies behind the point is moved down. False: it is something else. */
function readDecimal(at: usize, length: usize): bool {
  const word = load<u64>(at)
  const points = word ^ POINTS
  const point = <usize>ctz((points - ONES) & ~points & HIGHS) >> 3
  if (point >= length || length == 1) return false
  const digits = withoutByte(word, point, length)
  if (!areDigits(digits)) return false
  number = <f64><i64>whole(digits) / load<f64>(TENS + ((length - 1 - point) << 3))
  return true
}

/** Up to eight bytes at once, without a branch that depends on how many there are. False: it is something else. */
// @ts-ignore: decorator
@inline
function readShort(at: usize, length: usize): bool {
  const digits = (load<u64>(at) - ZEROS) << (<u64>(8 - length) << 3)
  if (!areDigits(digits)) return readDecimal(at, length)
  number = <f64><i64>whole(digits)
  return true
}

/** TRUE: `number` is the field's. UNKNOWN: it is none. ASK: the host has to look. */
// @ts-ignore: decorator
@inline
function readNumber(): u32 {
  let at = from
  const end = to
  const sign = <u32>load<u8>(at)
  const isNegative = sign == MINUS
  if (isNegative || sign == PLUS) at++
  const length = end - at
  if (length - 1 < 8 && readShort(at, length)) {
    if (isNegative) number = -number
    return TRUE
  }
  return readLong(at, end, isNegative)
}

/** Up to 19 digits that make a whole number of at most 2^53. */
function readLong(at: usize, end: usize, isNegative: bool): u32 {
  const first = at
  let digit: u32 = 0
  let whole: u64 = 0
  while (at < end) {
    digit = <u32>load<u8>(at) - 48
    if (digit > 9) break
    whole = whole * 10 + digit
    at++
  }
  let digits = at - first
  let places: usize = 0
  if (at < end && digit == POINT - 48) {
    const point = at++
    while (at < end) {
      digit = <u32>load<u8>(at) - 48
      if (digit > 9) break
      whole = whole * 10 + digit
      at++
    }
    places = at - point - 1
    digits += places
  }
  if (at < end || digits == 0 || digits > 19 || whole > EXACT) return readOther()
  const value = places == 0 ? <f64><i64>whole : <f64><i64>whole / load<f64>(TENS + (places << 3))
  number = isNegative ? -value : value
  return TRUE
}

/** No plain decimal: mostly text, which is told by its first byte. */
function readOther(): u32 {
  const found = castDecimal(from, to)
  number = decimalNumber
  return found == NUMBER ? TRUE : found == NO_NUMBER ? UNKNOWN : ASK
}

let wanted: f64 = 0
let mask: u32 = 0

/** SMALLER, EQUAL or GREATER, without a branch that the data would decide. NaN equals NaN and is greater than every other number. */
// @ts-ignore: decorator
@inline
function maskBit(value: f64): u32 {
  const bit = <u32>(value < wanted) | (<u32>(value == wanted) << 1) | (<u32>(value > wanted) << 2)
  if (bit != 0) return bit
  const isNaN = value != value
  return isNaN == (wanted != wanted) ? EQUAL : isNaN ? GREATER : SMALLER
}

/** So many numbers are written with up to eight digits. */
const SHORT_NUMBERS: u64 = 100_000_000
const PLACES: usize = 8
/**
 * Which of them are asked for, read as whole numbers? For each number of digits behind the point, from 0 to 7, two u64: those from the first on, as many as the second says, or all others.
 * So no double has to be made of a short number.
 */
const RANGES = memory.data<u64>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
let isOutside: u32 = 0

/** The first whole number that is, divided by `tens`, at least `wanted`, or greater than it if `isGreater`. */
function firstAbove(isGreater: bool, tens: f64): u64 {
  // The product is rounded, by less than one.
  const near = floor(wanted * tens) - 1
  // Not where `wanted` is NaN, which is greater than every number.
  if (!(near < <f64>SHORT_NUMBERS)) return SHORT_NUMBERS
  let digits: u64 = near > 0 ? <u64>near : 0
  for (; digits < SHORT_NUMBERS; digits++) {
    const value = <f64>digits / tens
    if (isGreater ? value > wanted : value >= wanted) break
  }
  return digits
}

/** Sets RANGES for `mask` and `wanted`. */
function findRanges(): void {
  const isEquality = mask == EQUAL || mask == (SMALLER | GREATER)
  // `>` begins above the bound, and `<=` is all others.
  const isGreater = mask == GREATER || mask == (SMALLER | EQUAL)
  isOutside = <u32>((mask & SMALLER) != 0)
  for (let places: usize = 0; places < PLACES; places++) {
    const tens = load<f64>(TENS + (places << 3))
    const first = firstAbove(isGreater, tens)
    store<u64>(RANGES + (places << 4), first)
    store<u64>(RANGES + (places << 4), isEquality ? firstAbove(true, tens) - first : SHORT_NUMBERS, 8)
  }
}

/** The answer for the short number of these digits, `places` of them behind the point. */
// @ts-ignore: decorator
@inline
function isInRange(digits: u64, places: usize): u32 {
  const range = RANGES + (places << 4)
  return <u32>(whole(digits) - load<u64>(range) < load<u64>(range, 8)) ^ isOutside
}

class CompareNumber {
  // @ts-ignore: decorator
  @inline
  isQuick(): bool {
    return true
  }

  // @ts-ignore: decorator
  @inline
  quick(start: usize, end: usize, isQuoted: bool): u32 {
    const length = end - start
    const word = load<u64>(start)
    if (length - 1 >= 8) return SLOW
    const digits = (word - ZEROS) << (<u64>(8 - length) << 3)
    if (areDigits(digits)) return isInRange(digits, 0)
    const points = word ^ POINTS
    const point = <usize>ctz((points - ONES) & ~points & HIGHS) >> 3
    if (point >= length || length == 1) return SLOW
    const together = withoutByte(word, point, length)
    return areDigits(together) ? isInRange(together, length - 1 - point) : SLOW
  }

  // @ts-ignore: decorator
  @inline
  answer(r: u32): u32 {
    if (!readField(r)) return UNKNOWN
    const read = readNumber()
    if (read != TRUE) return read
    return <u32>((mask & maskBit(number)) != 0)
  }
}

/** column <comparison> value, the column as a number. A mask's bit is TRUE as a number. */
export function compareNumber(column: u32, comparison: u32, value: f64): bool {
  wanted = value
  mask = comparison
  findRanges()
  return walk<CompareNumber>(column)
}

let list: usize = 0
let listCount: u32 = 0

class NumberIn extends SlowTest {
  // @ts-ignore: decorator
  @inline
  answer(r: u32): u32 {
    if (!readField(r)) return UNKNOWN
    const read = readNumber()
    if (read != TRUE) return read
    let low: u32 = 0
    for (let high = listCount; low < high; ) {
      const middle = (low + high) >> 1
      if (load<f64>(list + (<usize>middle << 3)) < number) low = middle + 1
      else high = middle
    }
    return low < listCount && load<f64>(list + (<usize>low << 3)) == number ? TRUE : FALSE
  }
}

/** column IN (numbers): `count` ascending doubles at `at`, none of them NaN. */
export function numberIn(column: u32, at: usize, count: u32): bool {
  list = at
  listCount = count
  return walk<NumberIn>(column)
}
