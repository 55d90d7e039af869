/** Which year, month and day is a number of days since 1970-01-01, and which moment is a number of microseconds? Gregorian, also before it was made; year 0 is 1 BC. Whoever asks has made sure that it is finite. */
import { daysOf } from '../casts/date.ts'
import { MICROS_PER_DAY, timestampToDate } from '../casts/timestamp.ts'

export interface Civil {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
}

const DAYS_PER_ERA = 146_097
const EPOCH_OF_ERAS = 719_468

/** "civil_from_days" of Howard Hinnant, chrono-Compatible Low-Level Date Algorithms: years begin in March, so that leap days come last. */
export const civilOf = (days: number): Civil => {
  const z = days + EPOCH_OF_ERAS
  const era = Math.floor(z / DAYS_PER_ERA)
  const dayOfEra = z - era * DAYS_PER_ERA
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  }
}

export interface Moment {
  readonly days: number
  /** Microseconds since midnight. */
  readonly micros: number
}

export const momentOf = (timestamp: number | bigint): Moment => {
  const days = timestampToDate(timestamp)
  const micros =
    typeof timestamp === 'number' ? timestamp - days * MICROS_PER_DAY : Number(timestamp - BigInt(days) * BigInt(MICROS_PER_DAY))
  return { days, micros }
}

const mod = (a: number, n: number): number => a - n * Math.floor(a / n)

/** 0 is Sunday. 1970-01-01 was a Thursday. */
export const dayOfWeek = (days: number): number => mod(days + 4, 7)

/** 1 is Monday, 7 Sunday. */
export const isoDayOfWeek = (days: number): number => mod(days + 3, 7) + 1

export const dayOfYear = (days: number): number => days - daysOf(civilOf(days).year, 1, 1) + 1

/** Weeks begin on Monday; the first of a year is the one with its first Thursday. */
export const isoWeek = (days: number): number => {
  const thursday = days - isoDayOfWeek(days) + 4
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1
}

export const lastDay = (days: number): number => {
  const { year, month } = civilOf(days)
  return (month === 12 ? daysOf(year + 1, 1, 1) : daysOf(year, month + 1, 1)) - 1
}
