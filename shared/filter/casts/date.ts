/**
 * Which day do these bytes write? TRY_CAST(… AS DATE) of DuckDB 1.5.6: year, month, day with one separator (`-`, `/`, `\` or a space), `(BC)`, `infinity`, `epoch`.
 * What follows the day is ignored unless it is a digit: `2024-01-31 abc` is a date there, so it is one here. Dates are days since 1970-01-01 in the Gregorian calendar, also before it was made.
 */
import { isDigit, isSpace, skipSpaces, startsWithWord } from './ascii.ts'

export interface DateRead {
  readonly days: number
  /** Just past what was read. */
  readonly end: number
}

/** First and last day that fit: -5877641-06-25 and 5881580-07-10. */
const DAYS_MIN = -2147483646
const DAYS_MAX = 2147483646

const YEAR_MAX = 100_000_000

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

/** Days since 1970-01-01 of a day that exists; "days_from_civil" of Howard Hinnant, chrono-Compatible Low-Level Date Algorithms. Years are astronomical: year 0 is 1 BC. */
export const daysOf = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

const dayOf = (year: number, month: number, day: number): number | null => {
  const length = month === 2 && isLeap(year) ? 29 : DAYS_IN_MONTH[month - 1]
  if (length === undefined || day < 1 || day > length) return null
  const days = daysOf(year, month, day)
  return days >= DAYS_MIN && days <= DAYS_MAX ? days : null
}

/** Words for days: spaces may follow the long ones, nothing may follow `inf`. */
const SPECIALS: readonly { readonly word: string; readonly days: number; readonly mayTrail: boolean }[] = [
  { word: 'infinity', days: Number.POSITIVE_INFINITY, mayTrail: true },
  { word: 'inf', days: Number.POSITIVE_INFINITY, mayTrail: false },
  { word: 'epoch', days: 0, mayTrail: true },
]

const readSpecial = (bytes: Uint8Array, at: number, minus: boolean): DateRead | null => {
  const special = SPECIALS.find(({ word }) => startsWithWord(bytes, at, word))
  if (!special) return null
  const wordEnd = at + special.word.length
  const end = special.mayTrail ? skipSpaces(bytes, wordEnd) : wordEnd
  if (end < bytes.length) return null
  return { days: minus && special.days > 0 ? -special.days : special.days, end }
}

/** One or two digits at `at`: how many there are. */
export const pairLength = (bytes: Uint8Array, at: number): number => (isDigit(bytes[at]) ? (isDigit(bytes[at + 1]) ? 2 : 1) : 0)

/** The number that `length` digits at `at` write. */
export const digitsAt = (bytes: Uint8Array, at: number, length: number): number => {
  let value = 0
  for (let i = at; i < at + length; i++) value = value * 10 + bytes[i]! - 0x30
  return value
}

/** ` (BC)` */
const BC_LENGTH = 5

const isSeparator = (byte: number | undefined): boolean => byte === 0x2d || byte === 0x2f || byte === 0x5c || byte === 0x20

const isBeforeChrist = (bytes: Uint8Array, at: number): boolean => isSpace(bytes[at]) && startsWithWord(bytes, at + 1, '(bc)')

/** Reads a date at the start of the bytes, spaces before it allowed; null if none stands there. */
export const readDate = (bytes: Uint8Array): DateRead | null => {
  let at = skipSpaces(bytes, 0)
  const minus = bytes[at] === 0x2d
  if (minus) at++
  if (!isDigit(bytes[at])) return readSpecial(bytes, at, minus)
  let year = 0
  for (; isDigit(bytes[at]); at++) {
    if (year >= YEAR_MAX) return null
    year = year * 10 + bytes[at]! - 0x30
  }
  const separator = bytes[at]
  const monthLength = pairLength(bytes, at + 1)
  const dayAt = at + monthLength + 2
  const dayLength = pairLength(bytes, dayAt)
  if (!isSeparator(separator) || monthLength === 0 || bytes[dayAt - 1] !== separator || dayLength === 0) return null
  const isBc = isBeforeChrist(bytes, dayAt + dayLength)
  const end = dayAt + dayLength + (isBc ? BC_LENGTH : 0)
  if ((isBc && (minus || year === 0)) || isDigit(bytes[end])) return null
  const astronomical = isBc ? 1 - year : minus ? -year : year
  const days = dayOf(astronomical, digitsAt(bytes, at + 1, monthLength), digitsAt(bytes, dayAt, dayLength))
  return days === null ? null : { days, end }
}

/** Days since 1970-01-01; null if the bytes write no date. */
export const castDate = (bytes: Uint8Array): number | null => readDate(bytes)?.days ?? null
