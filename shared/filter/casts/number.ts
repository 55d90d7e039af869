/**
 * Which number do these bytes write? TRY_CAST(… AS DOUBLE) of DuckDB 1.5.6, its quirks included: `1_000`, `+-91` and `nan(x)` are numbers there.
 * Most fields are short plain decimals and never become a string: up to 15 digits the integer of the digits and the power of ten are both exact doubles, so one division rounds correctly.
 * Everything else is checked against the grammar and left to Number(), which rounds correctly at any length.
 * Not followed: with more than 19 digits and an underscore among them DuckDB loses decimal places (`123_45678901234678789` is 123 there).
 */
import { asciiOf, isSpace, skipSpaces } from './ascii.ts'

const EXACT_DIGITS_MAX = 15
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS_MAX + 1 }, (_, n) => 10 ** n)

const DECIMAL = /^\+?(-?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?)$/i
const SPECIAL = /^\+?(-?)(?:(nan(?:\([a-z0-9_]*\))?)|inf(?:inity)?)$/i

const MINUS = 0x2d
const PLUS = 0x2b
const DOT = 0x2e

/** NaN here means: not a plain decimal, look again. */
const plainDecimal = (bytes: Uint8Array): number => {
  let at = 0
  const minus = bytes[0] === MINUS
  if (minus || bytes[0] === PLUS) at++
  let digits = 0
  let value = 0
  let fraction = -1
  for (; at < bytes.length; at++) {
    const digit = bytes[at]! - 0x30
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit
      digits++
      if (fraction >= 0) fraction++
    } else if (bytes[at] === DOT && fraction < 0) fraction = 0
    else return Number.NaN
  }
  if (digits === 0 || digits > EXACT_DIGITS_MAX) return Number.NaN
  if (fraction > 0) value /= POWERS_OF_TEN[fraction]!
  return minus ? -value : value
}

/** What may begin a number: a digit, a sign, a dot, nan or inf. Most texts are refused here, whatever their length. */
const mayBegin = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x30 && byte <= 0x39) || byte === MINUS || byte === PLUS || byte === DOT || (byte | 32) === 0x6e || (byte | 32) === 0x69)

const anyNumber = (bytes: Uint8Array): number | null => {
  const start = skipSpaces(bytes, 0)
  if (!mayBegin(bytes[start])) return null
  let end = bytes.length
  while (isSpace(bytes[end - 1])) end--
  const text = asciiOf(bytes.subarray(start, end))
  const decimal = DECIMAL.exec(text)
  if (decimal) return Number(decimal[1]!.replaceAll('_', ''))
  const special = SPECIAL.exec(text)
  if (!special) return null
  if (special[2]) return Number.NaN
  return special[1] ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** The double that the bytes write, correctly rounded; null if they write none. */
export const castNumber = (bytes: Uint8Array): number | null => {
  if (bytes.length <= EXACT_DIGITS_MAX + 2) {
    const value = plainDecimal(bytes)
    if (!Number.isNaN(value)) return value
  }
  return anyNumber(bytes)
}
