/**
 * Is the field a number, and how does it compare? The meaning is that of ../../filter/casts/number.ts (TRY_CAST AS DOUBLE).
 * Up to 19 digits whose whole number is at most 2^53, with up to 22 of them behind the point, are one exact division away from their double (W. Clinger, "How to read floating
 * point numbers accurately", 1990). All others are read by decimal.ts, and the few that it does not decide by the host.
 */
import { castDecimal, NO_NUMBER, NUMBER, number as decimalNumber, TENS } from './decimal'
import { EQUAL, GREATER, SMALLER } from './comparison'
import { beginColumn, from, readField, to } from './field'
import { ASK, FALSE, TRUE, UNKNOWN, walk } from './walk'

const MINUS: u32 = 0x2d
const PLUS: u32 = 0x2b
const POINT: u32 = 0x2e
const EXACT: u64 = 1 << 53
let number: f64 = 0

/** TRUE: `number` is the field's. UNKNOWN: it is none. ASK: the host has to look. */
// @ts-ignore: decorator
@inline
function readNumber(): u32 {
  let at = from
  const end = to
  let digit = <u32>load<u8>(at)
  const isNegative = digit == MINUS
  if (isNegative || digit == PLUS) at++
  const first = at
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
  const value = places == 0 ? <f64>whole : <f64>whole / load<f64>(TENS + (places << 3))
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

class CompareNumber {
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
  beginColumn(column)
  wanted = value
  mask = comparison
  return walk<CompareNumber>()
}

let list: usize = 0
let listCount: u32 = 0

class NumberIn {
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
  beginColumn(column)
  list = at
  listCount = count
  return walk<NumberIn>()
}
