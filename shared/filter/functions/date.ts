/** What the functions on dates and timestamps do. A part of an infinite date is NULL. */
import { utf8 } from '../../base/bytes.ts'
import { daysOf } from '../casts/date.ts'
import { microsOf } from '../casts/timestamp.ts'
import { type Civil, civilOf, isoDayOfWeek, type Moment, momentOf } from './calendar.ts'

/** A part of a date, as a number or text. */
export const datePart =
  <V>(part: (days: number) => V) =>
  (days: number): V | null =>
    Number.isFinite(days) ? part(days) : null

export const civilPart = (part: (civil: Civil) => number) => datePart((days) => part(civilOf(days)))

const isBounded = (timestamp: number | bigint): boolean => typeof timestamp === 'bigint' || Number.isFinite(timestamp)

/** A part of the time of day: whole `unit`s of microseconds, at most `most` of them. */
export const timePart =
  (unit: number, most: number) =>
  (timestamp: number | bigint): number | null =>
    isBounded(timestamp) ? Math.floor(momentOf(timestamp).micros / unit) % most : null

const names = (english: string) => english.split(' ').map(utf8)

const DAY_NAMES = names('Monday Tuesday Wednesday Thursday Friday Saturday Sunday')
const MONTH_NAMES = names('January February March April May June July August September October November December')

export const dayName = datePart((days) => DAY_NAMES[isoDayOfWeek(days) - 1]!)
export const monthName = datePart((days) => MONTH_NAMES[civilOf(days).month - 1]!)

interface Unit {
  /** Units from one moment to a later one: how often a new one begins between them. */
  readonly between: (from: Moment, to: Moment) => number
  /** The moment at which the unit of a moment began. */
  readonly start: (moment: Moment) => Moment
}

const monthsOf = (days: number): number => {
  const { year, month } = civilOf(days)
  return year * 12 + month - 1
}

/** `months` together are one unit: 3 a quarter, 12 a year. */
const calendarUnit = (months: number): Unit => ({
  between: (from, to) => Math.trunc(monthsOf(to.days) / months) - Math.trunc(monthsOf(from.days) / months),
  start: ({ days }) => {
    const first = Math.floor(monthsOf(days) / months) * months
    return { days: daysOf(Math.floor(first / 12), first - Math.floor(first / 12) * 12 + 1, 1), micros: 0 }
  },
})

const timeUnit = (micros: number): Unit => {
  const perDay = 86_400_000_000 / micros
  return {
    between: (from, to) => (to.days - from.days) * perDay + Math.floor(to.micros / micros) - Math.floor(from.micros / micros),
    start: (moment) => ({ days: moment.days, micros: Math.floor(moment.micros / micros) * micros }),
  }
}

export const UNITS: Readonly<Record<string, Unit>> = {
  year: {
    ...calendarUnit(12),
    between: (from, to) => civilOf(to.days).year - civilOf(from.days).year,
  },
  quarter: calendarUnit(3),
  month: calendarUnit(1),
  /** Between two days lie whole weeks of seven days (never -0 of them); a week as a stretch of time begins on Monday. */
  week: {
    between: (from, to) => Math.trunc((to.days - from.days) / 7) + 0,
    start: ({ days }) => ({ days: days - isoDayOfWeek(days) + 1, micros: 0 }),
  },
  day: timeUnit(86_400_000_000),
  hour: timeUnit(3_600_000_000),
  minute: timeUnit(60_000_000),
  second: timeUnit(1_000_000),
  millisecond: timeUnit(1_000),
}

export const dateDiff =
  ({ between }: Unit) =>
  (from: number | bigint, to: number | bigint): number | null =>
    isBounded(from) && isBounded(to) ? between(momentOf(from), momentOf(to)) : null

export const dateTrunc =
  ({ start }: Unit) =>
  (timestamp: number | bigint): number | bigint | null => {
    if (!isBounded(timestamp)) return timestamp
    const { days, micros } = start(momentOf(timestamp))
    return microsOf(days, micros)
  }
