/**
 * Which moment do these bytes write? TRY_CAST(… AS TIMESTAMP) of DuckDB 1.5.6: a date, then a time after a space or T, then `Z`, an offset or ` UTC`, all three of which change nothing.
 * Microseconds pass 2^53 in the year 2255: from there on a bigint holds them, which JavaScript compares exactly with numbers.
 */
import { isDigit, skipSpaces, startsWithWord } from './ascii.ts'
import { digitsAt, pairLength, readDate } from './date.ts'

export const MICROS_PER_DAY = 86_400_000_000
/** The day before which not even midnight fits 64 bits; and the 64-bit value that stands for infinity. */
const DAYS_MIN = -106_751_991
const DAYS_MAX = 106_751_991
const INFINITE = 2n ** 63n - 1n
/** Days whose microseconds are exact in a number. */
const EXACT_DAYS = 104_248
const HOUR_DIGITS_MAX = 9

/** Microseconds of a day and a time of day; null if they do not fit. */
export const microsOf = (days: number, micros: number): number | bigint | null => {
  if (Math.abs(days) < EXACT_DAYS) return days * MICROS_PER_DAY + micros
  if (days < DAYS_MIN || days > DAYS_MAX) return null
  const exact = BigInt(days) * BigInt(MICROS_PER_DAY) + BigInt(micros)
  return exact < INFINITE ? exact : null
}

interface TimeRead {
  readonly micros: number
  readonly end: number
}

/** `.` and digits: microseconds, further digits cut off. */
const readFraction = (bytes: Uint8Array, at: number): TimeRead => {
  if (bytes[at] !== 0x2e) return { micros: 0, end: at }
  let end = at + 1
  let micros = 0
  for (let unit = 100_000; isDigit(bytes[end]); end++, unit = Math.floor(unit / 10)) micros += (bytes[end]! - 0x30) * unit
  return { micros, end }
}

/** One or two digits below 60, in units of microseconds; at the end of the bytes nothing, which is 0. */
const readSixtieth = (bytes: Uint8Array, at: number, unit: number): TimeRead | null => {
  const length = pairLength(bytes, at)
  if (length === 0) return at === bytes.length ? { micros: 0, end: at } : null
  const value = digitsAt(bytes, at, length)
  return value < 60 ? { micros: value * unit, end: at + length } : null
}

/** `H:M`, with the end of the bytes behind it, or `H:M:S` with a fraction; what is missing at the end is 0. */
const readTime = (bytes: Uint8Array, start: number): TimeRead | null => {
  const at = skipSpaces(bytes, start)
  let colon = at
  while (isDigit(bytes[colon]) && colon - at <= HOUR_DIGITS_MAX) colon++
  if (colon === at || colon - at > HOUR_DIGITS_MAX || bytes[colon] !== 0x3a) return null
  const hour = digitsAt(bytes, at, colon - at)
  const minutes = readSixtieth(bytes, colon + 1, 60_000_000)
  if (hour > 24 || !minutes) return null
  const whole = hour * 3_600_000_000 + minutes.micros
  if (minutes.end === bytes.length) return { micros: whole, end: minutes.end }
  const seconds = bytes[minutes.end] === 0x3a ? readSixtieth(bytes, minutes.end + 1, 1_000_000) : null
  if (!seconds) return null
  const fraction = readFraction(bytes, seconds.end)
  return { micros: whole + seconds.micros + fraction.micros, end: fraction.end }
}

/** `+HH`, `+HHMM`, `+HH:MM`, `+HH:MM:SS` (or minus): where it ends, or null. A colon may also stand with nothing behind it. */
const offsetEnd = (bytes: Uint8Array, at: number): number | null => {
  if ((bytes[at] !== 0x2b && bytes[at] !== 0x2d) || pairLength(bytes, at + 1) < 2) return null
  const hours = at + 3
  const hasColon = bytes[hours] === 0x3a
  const minutes = hasColon ? hours + 1 : hours
  if (pairLength(bytes, minutes) < 2) return minutes
  const seconds = minutes + 3
  if (!hasColon || bytes[seconds - 1] !== 0x3a) return minutes + 2
  return pairLength(bytes, seconds) === 2 ? seconds + 2 : seconds
}

/** Where the zone behind a time ends; null if it is one that would change the moment. */
const zoneEnd = (bytes: Uint8Array, at: number): number | null => {
  if (at === bytes.length) return at
  if (bytes[at] === 0x5a) return at + 1
  const offset = offsetEnd(bytes, at)
  if (offset !== null) return offset
  if (bytes[at] !== 0x20) return null
  return startsWithWord(bytes, at + 1, 'utc') ? at + 4 : at + 1
}

/** Microseconds since 1970-01-01; null if the bytes write no timestamp. */
export const castTimestamp = (bytes: Uint8Array): number | bigint | null => {
  const date = readDate(bytes)
  if (!date) return null
  if (date.end === bytes.length) return dateToTimestamp(date.days)
  const separated = bytes[date.end] === 0x20 || bytes[date.end] === 0x54
  const time = readTime(bytes, date.end + (separated ? 1 : 0))
  if (!time || time.micros > MICROS_PER_DAY) return null
  const end = zoneEnd(bytes, time.end)
  if (end === null || skipSpaces(bytes, end) < bytes.length) return null
  return microsOf(date.days, time.micros)
}

/** Midnight of a day; null if it does not fit. */
export const dateToTimestamp = (days: number): number | bigint | null => (Number.isFinite(days) ? microsOf(days, 0) : days)

/** The day of a moment. */
export const timestampToDate = (micros: number | bigint): number => {
  if (typeof micros === 'number') return Number.isFinite(micros) ? Math.floor(micros / MICROS_PER_DAY) : micros
  const day = BigInt(MICROS_PER_DAY)
  const days = micros / day
  return Number(micros < 0n && days * day !== micros ? days - 1n : days)
}
