/**
 * Which values are there, and how many of each? Taken from the frequent values where those are all there are, exactly; else from the histogram, with its error.
 * Which of the two depends on the set of values alone, as both sketches do.
 */
import { DAY_MS, dayError, dayOf, msError, msOf, numberError, numberOf, wholeExactBelow } from './bucket.ts'
import { type Cell, makeCell, readCell } from './cell.ts'
import type { ColumnState } from './column.ts'
import type { ExtentState, Instant } from './extent.ts'
import { allKept } from './frequent.ts'
import { histogram } from './histogram.ts'
import { isoDate, isoTimestamp } from './time.ts'
import type { ColumnType } from './view.ts'

/** `count` values at this place of their scale. */
export interface Point {
  readonly at: number
  readonly count: number
}

export interface Points {
  /** Ascending. */
  readonly list: readonly Point[]
  /** In the scale's unit of error. */
  readonly error: number
}

/** How values of a type lie on a line of numbers. */
export interface Scale {
  /** Only whole numbers are places of values. */
  readonly isWhole: boolean
  readonly atCell: (cell: Cell) => number
  readonly atBucket: (bucket: number, level: number) => number
  /** The places of the least and the greatest value. */
  readonly ends: (extent: ExtentState) => readonly [number, number] | null
  /** The most that a bucket's place is off; `sizeMax` is the greatest size among the values. */
  readonly error: (level: number, sizeMax: number) => number
  readonly show: (at: number) => number | string
  /** How many steps on the line are one unit of what is told. */
  readonly unit: number
}

const SECOND_MS = 1_000

/** Milliseconds since 1970-01-01: finer ones are cut off. */
const msAt = ({ days, micros }: Instant): number => days * DAY_MS + Math.floor(micros / 1_000)

const isoMs = (at: number): string => {
  const days = Math.floor(at / DAY_MS)
  return isoTimestamp(days, (at - days * DAY_MS) * 1_000)
}

/** Numbers lie where they are; their error is a fraction of the value. */
const NUMBERS = {
  atCell: ({ number }: Cell) => number,
  ends: ({ number: ends }: ExtentState) => ends && ([ends.min, ends.max] as const),
  show: (at: number) => at,
  unit: 1,
}

/** Dates lie by days and are told in days, timestamps by milliseconds and in seconds. */
export const SCALES: Readonly<Partial<Record<ColumnType, Scale>>> = {
  integer: {
    ...NUMBERS,
    isWhole: true,
    atBucket: (bucket, level) => numberOf(bucket, level, true),
    error: (level, sizeMax) => (sizeMax < wholeExactBelow(level) ? 0 : numberError(level)),
  },
  decimal: {
    ...NUMBERS,
    isWhole: false,
    atBucket: (bucket, level) => numberOf(bucket, level, false),
    error: numberError,
  },
  date: {
    isWhole: true,
    atCell: ({ days }) => days,
    atBucket: dayOf,
    ends: ({ time: ends }) => ends && [ends.min.days, ends.max.days],
    error: dayError,
    show: isoDate,
    unit: 1,
  },
  timestamp: {
    isWhole: false,
    atCell: msAt,
    atBucket: msOf,
    ends: ({ time: ends }) => ends && [msAt(ends.min), msAt(ends.max)],
    error: (level) => msError(level) / SECOND_MS,
    show: isoMs,
    unit: SECOND_MS,
  },
}

const ascending = (list: Point[]): Point[] => list.sort((a, b) => a.at - b.at)

/** The values that were kept one by one; null where some were not. */
const exactPoints = (column: ColumnState, scale: Scale): Points | null => {
  const kept = allKept(column.frequent)
  if (kept === null) return null
  const cell = makeCell()
  const list = kept.map(({ bytes, count }) => {
    readCell(cell, bytes, 0, bytes.length, 0, true)
    return { at: scale.atCell(cell), count }
  })
  return { list: ascending(list.filter(({ at }) => Number.isFinite(at))), error: 0 }
}

const bucketPoints = (column: ColumnState, scale: Scale, from: number, to: number): Points => {
  const { level, buckets, counts } = histogram.result(column.histogram)
  const list = Array.from(buckets, (bucket, i) => ({
    at: Math.min(to, Math.max(from, scale.atBucket(bucket, level))),
    count: counts[i]!,
  }))
  return { list: ascending(list), error: scale.error(level, Math.max(Math.abs(from), Math.abs(to))) }
}

/** The values of a column between its ends `from` and `to`, which lie on the scale. Not for a column without any. */
export const pointsOf = (column: ColumnState, scale: Scale, from: number, to: number): Points =>
  exactPoints(column, scale) ?? bucketPoints(column, scale, from, to)
