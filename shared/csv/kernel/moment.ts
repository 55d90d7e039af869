/**
 * Which day or moment does the field write, and how does it compare? The meaning is that of ../../filter/casts/date.ts and timestamp.ts. The kernel reads year-month-day with one of
 * the separators and a time of day with an optional Z; what is rarer (BC, infinity, offsets, years past 9999) is the host's.
 */
import { answerTo } from './comparison'
import { from, readField, to } from './field'
import { ASK, SlowTest, TRUE, UNKNOWN, walk } from './walk'

const MICROS_PER_DAY: i64 = 86400000000

let days: i32 = 0
let dayMicros: i64 = 0
/** Just past what was read. */
let rest: usize = 0

// @ts-ignore: decorator
@inline
function isBlank(byte: u32): bool {
  return byte == 32 || byte - 9 < 5
}

// @ts-ignore: decorator
@inline
function digitAt(at: usize): u32 {
  return at < to ? <u32>load<u8>(at) - 48 : 255
}

/** One or two digits at `rest`, which moves behind them; -1: there is none. */
// @ts-ignore: decorator
@inline
function readPair(): i32 {
  const tens = digitAt(rest)
  if (tens > 9) return -1
  const ones = digitAt(rest + 1)
  rest += ones > 9 ? 1 : 2
  return ones > 9 ? <i32>tens : <i32>(tens * 10 + ones)
}

// @ts-ignore: decorator
@inline
function isLeap(year: i32): bool {
  return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0)
}

// @ts-ignore: decorator
@inline
function monthLength(year: i32, month: i32): i32 {
  if (month == 2) return isLeap(year) ? 29 : 28
  return 30 + ((month + (month >> 3)) & 1)
}

/** Days since 1970-01-01, "days_from_civil" of Howard Hinnant, chrono-Compatible Low-Level Date Algorithms. The year is not negative. */
// @ts-ignore: decorator
@inline
function daysOf(year: i32, month: i32, day: i32): i32 {
  // Four hundred years later, so that nothing is negative in between.
  const y = (month <= 2 ? year - 1 : year) + 400
  const era = y / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  return (era - 1) * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
}

let year: i32 = 0
let month: i32 = 0
let day: i32 = 0

/** `YYYY-MM-DD` in the ten bytes at `from`, which most dates are, into `year`, `month` and `day`. False: look again. Reads six bytes behind them. */
// @ts-ignore: decorator
@inline
function readIsoDay(): bool {
  const digits = i8x16.sub(v128.load(from), i8x16.splat(48))
  if ((<u32>i8x16.bitmask(i8x16.lt_u(digits, i8x16.splat(10))) & 0x3ff) != 0x36f) return false
  if (load<u8>(from, 4) != 0x2d || load<u8>(from, 7) != 0x2d) return false
  year = <i32>load<u8>(from) * 1000 + <i32>load<u8>(from, 1) * 100 + <i32>load<u8>(from, 2) * 10 + <i32>load<u8>(from, 3) - 53328
  month = <i32>load<u8>(from, 5) * 10 + <i32>load<u8>(from, 6) - 528
  day = <i32>load<u8>(from, 8) * 10 + <i32>load<u8>(from, 9) - 528
  if (<u32>(month - 1) > 11 || day < 1) return false
  return day <= 28 || day <= monthLength(year, month)
}

/** Reads a day at the field's start. TRUE: `days` and `rest` are set. */
function readDay(): u32 {
  rest = from
  while (rest < to && isBlank(<u32>load<u8>(rest))) rest++
  if (rest == to) return UNKNOWN
  const first = <u32>load<u8>(rest)
  if (first - 48 > 9) {
    const letter = first | 32
    return first == 0x2d || letter == 0x69 || letter == 0x65 ? ASK : UNKNOWN
  }
  const yearAt = rest
  year = 0
  for (let digit = digitAt(rest); digit <= 9; digit = digitAt(rest)) {
    if (rest - yearAt == 4) return ASK
    year = year * 10 + <i32>digit
    rest++
  }
  if (rest == to) return UNKNOWN
  const separator = <u32>load<u8>(rest++)
  if (separator != 0x2d && separator != 0x2f && separator != 0x5c && separator != 0x20) return UNKNOWN
  month = readPair()
  if (month < 0 || rest == to || <u32>load<u8>(rest++) != separator) return UNKNOWN
  day = readPair()
  if (day < 0) return UNKNOWN
  // " (BC)" may follow.
  if (rest + 1 < to && isBlank(<u32>load<u8>(rest)) && <u32>load<u8>(rest + 1) == 0x28) return ASK
  if (digitAt(rest) <= 9 || month < 1 || month > 12 || day < 1 || day > monthLength(year, month)) return UNKNOWN
  days = daysOf(year, month, day)
  return TRUE
}

/** Reads `H:M` or `H:M:S` with a fraction behind the day, and perhaps a Z. TRUE: `dayMicros` is set. */
function readTime(): u32 {
  dayMicros = 0
  if (rest == to) return TRUE
  const separator = <u32>load<u8>(rest)
  if (separator != 0x20 && separator != 0x54) return ASK
  rest++
  const hour = readPair()
  if (hour < 0 || rest == to || <u32>load<u8>(rest) != 0x3a) return ASK
  rest++
  const minute = readPair()
  if (minute < 0 || hour > 23 || minute > 59) return ASK
  dayMicros = (<i64>hour * 60 + <i64>minute) * 60000000
  if (rest == to) return TRUE
  if (<u32>load<u8>(rest) != 0x3a) return ASK
  rest++
  const second = readPair()
  if (second < 0 || second > 59) return ASK
  dayMicros += <i64>second * 1000000
  if (rest < to && <u32>load<u8>(rest) == 0x2e) {
    rest++
    let unit: i64 = 100000
    for (let digit = digitAt(rest); digit <= 9; digit = digitAt(rest)) {
      dayMicros += <i64>digit * unit
      unit /= 10
      rest++
    }
  }
  if (rest < to && <u32>load<u8>(rest) == 0x5a) rest++
  return rest == to ? TRUE : ASK
}

let mask: u32 = 0
let wantedDay: f64 = 0
let wantedKey: i32 = 0
let wantedMicros: i64 = 0

class CompareDate extends SlowTest {
  // @ts-ignore: decorator
  @inline
  answer(r: u32): u32 {
    if (!readField(r)) return UNKNOWN
    // Among days that are written like this no count of days is needed to know which is earlier.
    if (to - from == 10 && readIsoDay()) {
      const key = year * 10000 + month * 100 + day
      return answerTo(mask, key < wantedKey, key > wantedKey)
    }
    const read = readDay()
    if (read != TRUE) return read
    return answerTo(mask, <f64>days < wantedDay, <f64>days > wantedDay)
  }
}

/**
 * column <comparison> day, the column as a date; `dayCount` counts from 1970-01-01 and may be infinite. `key`: the same day as year * 10000 + month * 100 + day; any
 * smaller or greater number where its year is before 0 or after 9999.
 */
export function compareDate(column: u32, comparison: u32, dayCount: f64, key: i32): bool {
  mask = comparison
  wantedDay = dayCount
  wantedKey = key
  return walk<CompareDate>(column)
}

/** Ten bytes, or a time of day behind them. */
// @ts-ignore: decorator
@inline
function hasIsoLength(): bool {
  const length = to - from
  if (length <= 12) return length == 10
  const separator = <u32>load<u8>(from, 10)
  return separator == 0x54 || (separator == 0x20 && <u32>load<u8>(from, 11) - 48 <= 9)
}

class CompareTimestamp extends SlowTest {
  // @ts-ignore: decorator
  @inline
  answer(r: u32): u32 {
    if (!readField(r)) return UNKNOWN
    if (hasIsoLength() && readIsoDay()) {
      days = daysOf(year, month, day)
      rest = from + 10
    } else {
      const read = readDay()
      if (read != TRUE) return read
    }
    const time = readTime()
    if (time != TRUE) return time
    const micros = <i64>days * MICROS_PER_DAY + dayMicros
    return answerTo(mask, micros < wantedMicros, micros > wantedMicros)
  }
}

/** column <comparison> moment, the column as a timestamp; `micros` since 1970-01-01, the ends of the range for infinity. */
export function compareTimestamp(column: u32, comparison: u32, micros: i64): bool {
  mask = comparison
  wantedMicros = micros
  return walk<CompareTimestamp>(column)
}
