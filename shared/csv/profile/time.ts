/**
 * Is it a date or a timestamp, and when? Year, month, day in that order, as ISO 8601 and as a cast reads them: 2024-01-31, 2024/1/3, 2024 01 31, with 10:00, T10:00:00.5Z behind.
 * An offset is read and not applied, because comparisons do not apply it either.
 */
import type { Cell } from './cell.ts'
import { DATE, TIMESTAMP } from './type-code.ts'

const DAY_MICROS = 86_400_000_000
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const
const POINT = 0x2e
const COLON = 0x3a
const SPACE = 0x20
const LETTER_T = 0x54
const PLUS = 0x2b
const MINUS = 0x2d
const SLASH = 0x2f

/** A place in a value that moves on as it is read. */
class Cursor {
  private readonly bytes: Uint8Array
  private readonly to: number
  at: number

  constructor(bytes: Uint8Array, from: number, to: number) {
    this.bytes = bytes
    this.at = from
    this.to = to
  }

  get isAtEnd(): boolean {
    return this.at === this.to
  }

  get next(): number | undefined {
    return this.at < this.to ? this.bytes[this.at] : undefined
  }

  /** Reads at least one and at most `digitsMax` digits; -1 where there is none. */
  number(digitsMax: number): number {
    let value = -1
    for (let read = 0; read < digitsMax && this.next !== undefined && this.next >= 0x30 && this.next <= 0x39; read++, this.at++)
      value = Math.max(value, 0) * 10 + (this.next - 0x30)
    return value
  }

  /** Steps over `byte` if it is next. */
  skip(byte: number): boolean {
    if (this.next !== byte) return false
    this.at++
    return true
  }

  skipWord(word: string): boolean {
    for (let i = 0; i < word.length; i++) if (this.bytes[this.at + i] !== word.charCodeAt(i) || this.at + i >= this.to) return false
    this.at += word.length
    return true
  }
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const isDay = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= MONTH_DAYS[month - 1]! + (month === 2 && isLeap(year) ? 1 : 0)

/** Days from 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil). Years 0 to 9999. */
const daysOf = (year: number, month: number, day: number): number => {
  const y = month > 2 ? year : year - 1
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

const isSeparator = (byte: number | undefined): byte is number => byte === MINUS || byte === SLASH || byte === SPACE

/** Days of a date at the cursor, or null. */
const readDate = (cursor: Cursor): number | null => {
  const from = cursor.at
  const year = cursor.number(4)
  const separator = cursor.next
  if (cursor.at - from !== 4 || !isSeparator(separator) || !cursor.skip(separator)) return null
  const month = cursor.number(2)
  if (!cursor.skip(separator)) return null
  const day = cursor.number(2)
  return isDay(year, month, day) ? daysOf(year, month, day) : null
}

/** Microseconds of a fraction's digits; those past the sixth are cut off. */
const readFraction = (cursor: Cursor): number => {
  const from = cursor.at
  const value = cursor.number(6)
  const micros = value * 10 ** (6 - (cursor.at - from))
  while (cursor.number(6) >= 0);
  return micros
}

/** Microseconds of the day of hours, minutes and maybe seconds, or null. 24:00 is the end of the day. */
const readClock = (cursor: Cursor): number | null => {
  const hours = cursor.number(2)
  if (hours < 0 || !cursor.skip(COLON)) return null
  const minutes = cursor.number(2)
  const seconds = cursor.skip(COLON) ? cursor.number(2) : 0
  const fraction = seconds >= 0 && cursor.skip(POINT) ? readFraction(cursor) : 0
  if (minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59 || fraction < 0) return null
  const micros = (hours * 3_600 + minutes * 60 + seconds) * 1_000_000 + fraction
  return micros <= DAY_MICROS ? micros : null
}

/** Steps over Z, UTC, +01, +0100 or +01:00, with or without a blank before it. False where something else is left. */
const skipOffset = (cursor: Cursor): boolean => {
  cursor.skip(SPACE)
  if (cursor.skipWord('Z') || cursor.skipWord('UTC')) return cursor.isAtEnd
  if (!cursor.skip(PLUS) && !cursor.skip(MINUS)) return false
  const hours = cursor.number(2)
  const isColon = cursor.skip(COLON)
  const minutes = cursor.isAtEnd && !isColon ? 0 : cursor.number(2)
  return hours >= 0 && hours <= 15 && minutes >= 0 && minutes <= 59 && cursor.isAtEnd
}

/** DATE or TIMESTAMP with cell.days and cell.micros, or null for what is neither. */
export const readTime = (cell: Cell): typeof DATE | typeof TIMESTAMP | null => {
  const { bytes, trimmedFrom: from, trimmedTo: to } = cell
  if (to - from < 8 || !isSeparator(bytes[from + 4])) return null
  const cursor = new Cursor(bytes, from, to)
  const days = readDate(cursor)
  if (days === null) return null
  cell.days = days
  cell.micros = 0
  if (cursor.isAtEnd) return DATE
  if (!cursor.skip(SPACE) && !cursor.skip(LETTER_T)) return null
  const micros = readClock(cursor)
  if (micros === null || !(cursor.isAtEnd || skipOffset(cursor))) return null
  cell.days += micros === DAY_MICROS ? 1 : 0
  cell.micros = micros === DAY_MICROS ? 0 : micros
  return TIMESTAMP
}

/** ISO 8601 text of days since 1970-01-01. */
export const isoDate = (days: number): string => {
  const text = new Date(days * 86_400_000).toISOString()
  return text.slice(0, text.indexOf('T'))
}

/** ISO 8601 text without an offset; the fraction only where there is one. */
export const isoTimestamp = (days: number, micros: number): string => {
  const seconds = Math.floor(micros / 1_000_000)
  const clock = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
  const fraction = String(micros % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return `${isoDate(days)}T${clock}${fraction && `.${fraction}`}`
}
