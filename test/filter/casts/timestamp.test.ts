import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import { castTimestamp, dateToTimestamp, timestampToDate } from '../../../shared/filter/casts/timestamp.ts'

/** Microseconds since 1970-01-01, by JavaScript's own calendar. */
const micros = (iso: string, fraction = 0): number => Date.parse(iso) * 1000 + fraction

/** TRY_CAST(text AS TIMESTAMP), measured in DuckDB 1.5.6. */
const PINNED: readonly (readonly [text: string, micros: number | bigint | null])[] = [
  ['1706695200', null],
  ['2024-01-31', micros('2024-01-31T00:00:00Z')],
  ['2024-01-31 10:00:00', micros('2024-01-31T10:00:00Z')],
  ['2024-01-31T10:00:00', micros('2024-01-31T10:00:00Z')],
  ['2024-01-31 10:00', micros('2024-01-31T10:00:00Z')],
  ['2024-01-31 10', null],
  ['2024-01-31T10:00:00Z', micros('2024-01-31T10:00:00Z')],
  ['2024-01-31T10:00:00+02:00', micros('2024-01-31T10:00:00Z')],
  ['2024-01-31 10:00:00+02', micros('2024-01-31T10:00:00Z')],
  ['2024-01-31 10:00:00.123', micros('2024-01-31T10:00:00Z', 123000)],
  ['2024-01-31 10:00:00.123456789', micros('2024-01-31T10:00:00Z', 123456)],
  ['2024-01-31 25:00:00', null],
  ['2024-01-31 24:00:00', micros('2024-02-01T00:00:00Z')],
  ['2024-01-31 10:00:60', null],
  ['2024/01/31 10:00:00', micros('2024-01-31T10:00:00Z')],
  ['2024-01-31t10:00:00', null],
  ['2024-01-31  10:00:00', micros('2024-01-31T10:00:00Z')],
  ['2024-01-31 1:2:3', micros('2024-01-31T01:02:03Z')],
  ['2024-01-31 10:00:00 UTC', micros('2024-01-31T10:00:00Z')],
  ['2024-01-31 10:00:00 PM', null],
  ['', null],
  ['infinity', Number.POSITIVE_INFINITY],
  ['2024-01-31 10:00:00 Europe/Berlin', null],
]

const TEN = micros('2024-01-31T10:00:00Z')

/** Found by comparing with DuckDB over mutated timestamps. */
const FOUND: readonly (readonly [text: string, micros: number | bigint | null])[] = [
  ['2024-01-31 10:', TEN],
  ['2024-01-31 10:0:', TEN],
  ['2024-01-31 10:00:00.', TEN],
  ['2024-01-31 10:00 ', null],
  ['2024-01-31 10:00Z', null],
  ['2024-01-31 10:00:00 ', TEN],
  ['2024-01-31 10:00:00Z ', TEN],
  ['2024-01-31 10:00:00Zx', null],
  ['2024-01-31 10:00:00 utc', TEN],
  ['2024-01-31 10:00:00  UTC', null],
  ['2024-01-31 10:00:00+2', null],
  ['2024-01-31 10:00:00+0230', TEN],
  ['2024-01-31 10:00:00+0230:15', null],
  ['2024-01-31 10:00:00+02:30:15', TEN],
  ['2024-01-31 10:00:00+02:', TEN],
  ['2024-01-31 10:00:00+02:30:', TEN],
  ['2024-01-31 10:00:00-5:00', null],
  ['2024-01-3110:00', null],
  ['2024-01-31x10:00', null],
  ['2024-01-31T 10:00', TEN],
  ['2024-01-31 ', null],
  ['2024-01-31 10:60', null],
  ['2024-01-31 24:00:01', null],
  ['2024-01-31 000000010:00', TEN],
  ['2024-01-31 0000000010:00', null],
  ['infinity 10:00', null],
  ['-infinity', Number.NEGATIVE_INFINITY],
  ['9999-12-31 23:59:59.999999', 253402300799999999n],
  ['294247-01-10 04:00:54.775806', 9223372036854775806n],
  ['294247-01-10 04:00:54.775807', null],
  ['-290308-12-22', -9223372022400000000n],
  ['-290308-12-21 23:59', null],
]

describe('a timestamp', () => {
  it.each([...PINNED, ...FOUND])('%j is %s', (text, value) => {
    expect(castTimestamp(utf8(text))).toBe(value)
  })

  it.each([
    [0, 0],
    [-1, -86_400_000_000],
    [104_248, 9_007_027_200_000_000n],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [106_751_992, null],
  ])('at midnight of day %s is %s', (days, value) => {
    expect(dateToTimestamp(days)).toBe(value)
  })

  it.each([
    [-1, -1],
    [86_399_999_999, 0],
    [9_007_027_200_000_000n, 104_248],
    [-9_007_027_200_000_001n, -104_249],
    [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ])('of %s microseconds lies on day %s', (value, days) => {
    expect(timestampToDate(value)).toBe(days)
  })
})
