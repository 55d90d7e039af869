import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import { castDate } from '../../../shared/filter/casts/date.ts'

const MS_PER_DAY = 86_400_000

/** Days since 1970-01-01, by JavaScript's own calendar; year 0 is 1 BC. */
const day = (year: number, month: number, dayOfMonth: number): number =>
  new Date(0).setUTCFullYear(year, month - 1, dayOfMonth) / MS_PER_DAY

/** TRY_CAST(text AS DATE), measured in DuckDB 1.5.6. */
const PINNED: readonly (readonly [text: string, days: number | null])[] = [
  ['2024', null],
  ['20240131', null],
  ['2024-01-31', day(2024, 1, 31)],
  ['2024-1-3', day(2024, 1, 3)],
  ['2024/01/31', day(2024, 1, 31)],
  ['2024/1/3', day(2024, 1, 3)],
  ['2024.01.31', null],
  ['2024 01 31', day(2024, 1, 31)],
  ['31-01-2024', null],
  ['01/31/2024', null],
  ['1/31/24', null],
  ['2024-02-30', null],
  ['2024-13-01', null],
  [' 2024-01-31 ', day(2024, 1, 31)],
  ['2024-01-31T10:00:00', day(2024, 1, 31)],
  ['2024-01-31 10:00:00', day(2024, 1, 31)],
  ['2024-01-31 abc', day(2024, 1, 31)],
  ['2024-01', null],
  ['Jan 31, 2024', null],
  ['31 Jan 2024', null],
  ['0001-01-01', day(1, 1, 1)],
  ['-0001-01-01', day(-1, 1, 1)],
  ['2024-01-31 (BC)', day(-2023, 1, 31)],
  ['12024-01-31', day(12024, 1, 31)],
  ['24-01-31', day(24, 1, 31)],
  ['infinity', Number.POSITIVE_INFINITY],
  ['epoch', day(1970, 1, 1)],
  ['2024-01-31Z', day(2024, 1, 31)],
  ['2024-01/31', null],
  ['', null],
  ['0000-01-01', day(0, 1, 1)],
  ['99-1-1', day(99, 1, 1)],
  ['5-1-1', day(5, 1, 1)],
]

/** Found by comparing with DuckDB over mutated dates. */
const FOUND: readonly (readonly [text: string, days: number | null])[] = [
  ['2024-01-31x', day(2024, 1, 31)],
  ['2024-01-311', null],
  ['2024\\01\\31', day(2024, 1, 31)],
  ['2024-1-', null],
  ['2024-1-0', null],
  ['-2024-1-1', day(-2024, 1, 1)],
  ['- 2024-1-1', null],
  ['+2024-01-01', null],
  ['\t2024-01-01\n', day(2024, 1, 1)],
  ['2024  1  1', null],
  ['2024-001-01', null],
  ['1900-02-29', null],
  ['2000-02-29', day(2000, 2, 29)],
  ['2024-01-31 (bc)x', day(-2023, 1, 31)],
  ['2024-01-31 (BC)1', null],
  ['2024-01-31(bc)', day(2024, 1, 31)],
  ['0000-01-01 (BC)', null],
  ['-2024-01-01 (BC)', null],
  ['infinity ', Number.POSITIVE_INFINITY],
  ['-INFINITY', Number.NEGATIVE_INFINITY],
  ['infinity x', null],
  ['inf', Number.POSITIVE_INFINITY],
  ['inf ', null],
  ['-epoch', 0],
  ['5881580-07-10', 2147483646],
  ['5881580-07-11', null],
  ['-5877641-06-25', -2147483646],
  ['-5877641-06-24', null],
  ['999999999-1-1', null],
]

describe('a date', () => {
  it.each([...PINNED, ...FOUND])('%j is day %s', (text, days) => {
    expect(castDate(utf8(text))).toBe(days)
  })

  it('is the day that the calendar of JavaScript says', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        expect(castDate(utf8(date.toISOString().slice(0, 10)))).toBe(Math.floor(date.getTime() / MS_PER_DAY))
      }),
    )
  })
})
