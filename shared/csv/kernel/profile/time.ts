/** Is it a date or a timestamp, and when? As ../../profile/time.ts says; dates as most files have them, 2024-01-31, are read by their places. */
import { digitMask } from '../decimal'

const DAY_MICROS: i64 = 86_400_000_000
const POINT: u32 = 0x2e
const COLON: u32 = 0x3a
const SPACE: u32 = 0x20
const LETTER_T: u32 = 0x54
const LETTER_Z: u32 = 0x5a
const PLUS: u32 = 0x2b
const MINUS: u32 = 0x2d
const SLASH: u32 = 0x2f
/** Digits at places 0 to 3, 5, 6, 8 and 9. */
const DATE_DIGITS: u32 = 0b11_0110_1111

export const NO_TIME: u32 = 0
export const DATE: u32 = 3
export const TIMESTAMP: u32 = 4

/** Microseconds since 1970-01-01 of the time that was read; an offset is not applied. */
export let instant: i64 = 0

export function setInstant(time: i64): void {
  instant = time
}

/** A place that moves on as the value is read, and the value's end. */
let at: usize = 0
let end: usize = 0

// @ts-ignore: decorator
@inline
function isNext(byte: u32): bool {
  return at < end && <u32>load<u8>(at) == byte
}

function skip(byte: u32): bool {
  if (!isNext(byte)) return false
  at++
  return true
}

/** Reads at least one and at most `digitsMax` digits; -1 where there is none. */
function digits(digitsMax: u32): i32 {
  let value: i32 = -1
  for (let read: u32 = 0; read < digitsMax && at < end && <u32>load<u8>(at) - 0x30 < 10; read++, at++)
    value = (value < 0 ? 0 : value) * 10 + <i32>load<u8>(at) - 0x30
  return value
}

// @ts-ignore: decorator
@inline
function isLeap(year: i32): bool {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/** Months of 31 days, as bits. */
const LONG_MONTHS: u32 = 0b1_0101_1010_1010

// @ts-ignore: decorator
@inline
function isDay(year: i32, month: i32, day: i32): bool {
  if (month < 1 || month > 12 || day < 1) return false
  if (day <= 28) return true
  if (month == 2) return day == 29 && isLeap(year)
  return day <= 30 + <i32>((LONG_MONTHS >> month) & 1)
}

/** Days from 1970-01-01 (H. Hinnant, days_from_civil). Years 0 to 9999. */
// @ts-ignore: decorator
@inline
function daysOf(year: i32, month: i32, day: i32): i32 {
  const y = month > 2 ? year : year - 1
  // The year before year 0 lies in the era before.
  const era = y < 0 ? -1 : y / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

// @ts-ignore: decorator
@inline
function isSeparator(byte: u32): bool {
  return byte == MINUS || byte == SLASH || byte == SPACE
}

// @ts-ignore: decorator
@inline
function digitAt(place: usize): i32 {
  return <i32>load<u8>(place) - 0x30
}

const NO_DAYS: i32 = i32.MIN_VALUE

/** Days of a date at `at`, or NO_DAYS. */
function readDate(): i32 {
  const from = at
  const year = digits(4)
  if (at - from != 4 || at == end) return NO_DAYS
  const separator = <u32>load<u8>(at)
  if (!isSeparator(separator)) return NO_DAYS
  at++
  const month = digits(2)
  if (!skip(separator)) return NO_DAYS
  const day = digits(2)
  return isDay(year, month, day) ? daysOf(year, month, day) : NO_DAYS
}

/** Microseconds of a fraction's digits, negative where there are none; those past the sixth are cut off. */
function readFraction(): i64 {
  const from = at
  let micros: i64 = digits(6)
  for (let read = at - from; read < 6; read++) micros *= 10
  while (at < end && <u32>load<u8>(at) - 0x30 < 10) at++
  return micros
}

/** Microseconds of the day of hours, minutes and maybe seconds, or -1. 24:00 is the end of the day. */
function readClock(): i64 {
  const hours = digits(2)
  if (hours < 0 || !skip(COLON)) return -1
  const minutes = digits(2)
  const seconds = skip(COLON) ? digits(2) : 0
  const fraction: i64 = seconds >= 0 && skip(POINT) ? readFraction() : 0
  if (minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59 || fraction < 0) return -1
  const micros = <i64>(hours * 3_600 + minutes * 60 + seconds) * 1_000_000 + fraction
  return micros <= DAY_MICROS ? micros : -1
}

/** Steps over Z, UTC, +01, +0100 or +01:00, with or without a blank before it. False where something else is left. */
function skipOffset(): bool {
  skip(SPACE)
  if (skip(LETTER_Z)) return at == end
  if (at + 3 <= end && (load<u32>(at) & 0xffffff) == 0x435455) return at + 3 == end
  if (!skip(PLUS) && !skip(MINUS)) return false
  const hours = digits(2)
  const isColon = skip(COLON)
  const minutes = at == end && !isColon ? 0 : digits(2)
  return hours >= 0 && hours <= 15 && minutes >= 0 && minutes <= 59 && at == end
}

/** DATE or TIMESTAMP of [from, to) with `instant`, or NO_TIME. The value begins with a digit and has no blanks around. */
export function readTime(from: usize, to: usize): u32 {
  const length = to - from
  const separator = <u32>load<u8>(from + 4)
  if (length < 8 || !isSeparator(separator)) return NO_TIME
  if (length == 10 && (digitMask(from) & DATE_DIGITS) == DATE_DIGITS && <u32>load<u8>(from + 7) == separator) {
    const year = ((digitAt(from) * 10 + digitAt(from + 1)) * 10 + digitAt(from + 2)) * 10 + digitAt(from + 3)
    const month = digitAt(from + 5) * 10 + digitAt(from + 6)
    const day = digitAt(from + 8) * 10 + digitAt(from + 9)
    if (!isDay(year, month, day)) return NO_TIME
    instant = <i64>daysOf(year, month, day) * DAY_MICROS
    return DATE
  }
  at = from
  end = to
  const days = readDate()
  if (days == NO_DAYS) return NO_TIME
  instant = <i64>days * DAY_MICROS
  if (at == end) return DATE
  if (!skip(SPACE) && !skip(LETTER_T)) return NO_TIME
  const micros = readClock()
  if (micros < 0 || !(at == end || skipOffset())) return NO_TIME
  instant += micros
  return TIMESTAMP
}
