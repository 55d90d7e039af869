/**
 * Is it a number, and which? Digits with a sign make an integer; a point, an exponent, nan or inf make a decimal. Blanks around are allowed, nothing else:
 * 1,000 and $5 and 5% are text, as they are for a cast.
 */
import type { Cell } from './cell.ts'
import { DECIMAL, INTEGER } from './type-code.ts'

const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
/** Up to here a whole number times or by a power of ten is rounded once, hence right (W. Clinger, "How to read floating point numbers accurately", 1990). */
const EXACT_DIGITS = 15
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, power) => 10 ** power)

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** The end of the digits that begin at `from`. */
const digitsEnd = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to && isDigit(bytes[at])) at++
  return at
}

const ascii = (bytes: Uint8Array, from: number, to: number): string => {
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]!)
  return text
}

/** The whole number written in [from, to), a point in it skipped. */
const wholeNumber = (bytes: Uint8Array, from: number, to: number): number => {
  let value = 0
  for (let at = from; at < to; at++) if (bytes[at] !== POINT) value = value * 10 + (bytes[at]! - 0x30)
  return value
}

const integerValue = (bytes: Uint8Array, from: number, to: number): number =>
  to - from <= EXACT_DIGITS ? wholeNumber(bytes, from, to) : Number(ascii(bytes, from, to))

/** The value of digits with a point at `point`; the long way round only for long numbers. */
const fractionValue = (bytes: Uint8Array, from: number, point: number, to: number): number =>
  to - from - 1 <= EXACT_DIGITS ? wholeNumber(bytes, from, to) / POWERS[to - point - 1]! : Number(ascii(bytes, from, to))

/** Past an exponent that begins at `from`; -1 where there is none. */
const exponentEnd = (bytes: Uint8Array, from: number, to: number): number => {
  if ((bytes[from]! | 0x20) !== 0x65) return -1
  const sign = bytes[from + 1]
  const digits = from + (sign === PLUS || sign === MINUS ? 2 : 1)
  const end = digitsEnd(bytes, digits, to)
  return end > digits ? end : -1
}

const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
])

/** The value of nan, inf and infinity in any case. */
const wordValue = (bytes: Uint8Array, from: number, to: number): number | null => {
  const first = bytes[from]! | 0x20
  if ((first !== 0x6e && first !== 0x69) || (to - from !== 3 && to - from !== 8)) return null
  return NOT_FINITE.get(ascii(bytes, from, to).toLowerCase()) ?? null
}

/** The value of a decimal without its sign; null where it is none. */
const decimalValue = (bytes: Uint8Array, from: number, digits: number, to: number): number | null => {
  const isPoint = bytes[digits] === POINT && digits < to
  const end = isPoint ? digitsEnd(bytes, digits + 1, to) : digits
  if (end - from - (isPoint ? 1 : 0) === 0) return isPoint ? null : wordValue(bytes, from, to)
  if (end === to) return fractionValue(bytes, from, digits, to)
  return exponentEnd(bytes, end, to) === to ? Number(ascii(bytes, from, to)) : null
}

/** INTEGER or DECIMAL with the value in cell.number (the nearest double, -0 is 0), or null for what is no number. */
export const readNumber = (cell: Cell): typeof INTEGER | typeof DECIMAL | null => {
  const { bytes, trimmedFrom, trimmedTo: to } = cell
  const sign = bytes[trimmedFrom]
  const from = trimmedFrom + (sign === MINUS || sign === PLUS ? 1 : 0)
  if (from === to) return null
  const digits = digitsEnd(bytes, from, to)
  const isInteger = digits === to
  const value = isInteger ? integerValue(bytes, from, to) : decimalValue(bytes, from, digits, to)
  if (value === null) return null
  cell.number = sign === MINUS ? 0 - value : value
  return isInteger ? INTEGER : DECIMAL
}
