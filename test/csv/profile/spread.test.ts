/** Quantiles and bars as a profile shows them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addCell, emptyColumn } from '../../../shared/csv/profile/column.ts'
import { type Spread, spreadOf } from '../../../shared/csv/profile/spread.ts'
import type { ColumnType } from '../../../shared/csv/profile/view.ts'
import { always, cellOf } from './cells.ts'

/** Of few values, each kept one by one; or `slotsMax` 0, from buckets only. */
const spread = (values: readonly string[], type: ColumnType, { slotsMax = 64, bucketsMax = 4_096 } = {}): Spread => {
  const column = emptyColumn({ hashesMax: 64, slotsMax, bucketsMax })
  for (const value of values) addCell(column, cellOf(value))
  return spreadOf(column, type)
}

const fromBuckets = { slotsMax: 0 }

/** p01, p05, p25, p50, p75, p95, p99 and the error, as a row. */
const quantiles = (...given: Parameters<typeof spread>) => Object.values(spread(...given).quantiles ?? {})
const bars = (...given: Parameters<typeof spread>) => spread(...given).histogram

const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, i) => String(from + i))

describe('a percentile is the value of rank ceil(p n / 100)', () => {
  test.each([
    ['one value', ['7'], [7, 7, 7, 7, 7, 7, 7, 0]],
    ['two', ['2', '1'], [1, 1, 1, 1, 2, 2, 2, 0]],
    ['four', ['10', '40', '20', '30'], [10, 10, 10, 20, 30, 40, 40, 0]],
    ['negative ones too', ['-3', '-1', '-2', '0', '5'], [-3, -3, -2, -1, 0, 5, 5, 0]],
    ['a hundred', upTo(100), [1, 5, 25, 50, 75, 95, 99, 0]],
  ])('%s', (_name, values, expected) => {
    expect(quantiles(values, 'integer', { slotsMax: 128 })).toEqual(expected)
    expect(quantiles(values, 'integer', fromBuckets)).toEqual(expected)
  })
})

describe('from buckets', () => {
  test.each([
    ['integers below 256 are exact', upTo(255), 'integer', [3, 13, 64, 128, 192, 243, 253, 0]],
    ['larger ones are whole, with an error', ['1001', '1001', '1001'], 'integer', new Array(7).fill(1001).concat(1 / 256)],
    ['never past the ends', ['1000', '1001', '1002'], 'integer', [1001, 1001, 1001, 1001, 1001, 1001, 1001, 1 / 256]],
    [
      'decimals are the middle of their bucket',
      ['1', '1.5', '9.5'],
      'decimal',
      [1.00390625, 1.00390625, 1.00390625, 1.50390625, 9.5, 9.5, 9.5, 1 / 256],
    ],
    ['the least doubles of all', ['5e-324', '1e-323'], 'decimal', [5e-324, 5e-324, 5e-324, 5e-324, 5e-324, 5e-324, 5e-324, 1 / 256]],
    [
      'the greatest doubles',
      ['-1.7976931348623157e308', '1.7976931348623157e308'],
      'decimal',
      [-1, -1, -1, -1, 1, 1, 1].map((sign) => sign * 2 ** 1_023 * (2 - 2 ** -8)).concat(1 / 256),
    ],
  ] as const)('%s', (_name, values, type, expected) => expect(quantiles(values, type, fromBuckets)).toEqual(expected))

  test('dates are exact, and timestamps to the millisecond', () => {
    const dates = ['2024-02-29', '2024-02-28', '1969-12-31']
    expect(quantiles(dates, 'date', fromBuckets)).toEqual([
      ...new Array(3).fill('1969-12-31'),
      '2024-02-28',
      ...new Array(3).fill('2024-02-29'),
      0,
    ])
    const times = ['2024-02-29 10:00:00.123456', '2024-02-28']
    expect(quantiles(times, 'timestamp', fromBuckets)).toEqual([
      ...new Array(4).fill('2024-02-28T00:00:00'),
      ...new Array(3).fill('2024-02-29T10:00:00.123'),
      0,
    ])
  })

  test('many days in few buckets are a few days off, and many times a part of the range', () => {
    const iso = (day: number) => new Date(day * 86_400_000).toISOString()
    const dates = Array.from({ length: 1_000 }, (_, i) => iso(i * 3).slice(0, 10))
    const few = { slotsMax: 0, bucketsMax: 64 }
    const { p50, error } = spread(dates, 'date', few).quantiles!
    expect(error).toBe(25)
    expect(Math.abs(Date.parse(String(p50)) - Date.parse(dates[499]!))).toBeLessThanOrEqual(error * 86_400_000)
    const times = Array.from({ length: 1_000 }, (_, i) => iso(i / 1_440 + 19_000))
    const spans = spread(times, 'timestamp', few).quantiles!
    expect(spans.error).toBe(524.288)
    expect(Math.abs(Date.parse(`${spans.p50}Z`) - Date.parse(times[499]!))).toBeLessThanOrEqual(spans.error * 1_000)
  })
})

describe('kept one by one, values are exact', () => {
  test.each([
    ['decimals', ['0.1', '0.2', '0.30'], 'decimal', [0.1, 0.1, 0.1, 0.2, 0.3, 0.3, 0.3, 0]],
    ['large integers', ['1000', '1001', '1002'], 'integer', [1000, 1000, 1000, 1001, 1002, 1002, 1002, 0]],
    ['blanks around do not matter', [' 1', '1 ', '2'], 'integer', [1, 1, 1, 1, 2, 2, 2, 0]],
    ['infinite numbers have no place', ['1', 'inf', '-inf', 'nan'], 'decimal', [1, 1, 1, 1, 1, 1, 1, 0]],
  ] as const)('%s', (_name, values, type, expected) => expect(quantiles(values, type)).toEqual(expected))

  test('not where one of them is too long to be kept whole', () => {
    const long = `1${'0'.repeat(63)}`
    expect(quantiles([long, '3'], 'integer').at(-1)).toBe(0)
    expect(quantiles([`${long}0`, '3'], 'integer').at(-1)).toBe(1 / 256)
  })
})

describe('bars', () => {
  test.each([
    ['one value', ['7', '7'], 'integer', { from: 7, to: 7, width: 1, counts: [2] }],
    ['few whole numbers have a bar each', ['1', '2', '2', '4'], 'integer', { from: 1, to: 4, width: 1, counts: [1, 2, 0, 1] }],
    [
      'no bar stands for more whole numbers than the next',
      upTo(41),
      'integer',
      { from: 1, to: 41, width: 3, counts: [...new Array(13).fill(3), 2] },
    ],
    [
      'decimals have twenty',
      ['0', '0.5', '1', '1'],
      'decimal',
      { from: 0, to: 1, width: 0.05, counts: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2] },
    ],
    ['one decimal', ['0.5'], 'decimal', { from: 0.5, to: 0.5, width: 0, counts: [1] }],
    ['days', ['2024-02-28', '2024-03-01'], 'date', { from: '2024-02-28', to: '2024-03-01', width: 1, counts: [1, 0, 1] }],
    [
      'seconds',
      ['2024-02-28', '2024-02-28T00:00:10'],
      'timestamp',
      { from: '2024-02-28T00:00:00', to: '2024-02-28T00:00:10', width: 0.5, counts: [1, ...new Array(18).fill(0), 1] },
    ],
    [
      'the whole range of doubles',
      ['-1.7976931348623157e308', '0', '1.7976931348623157e308'],
      'decimal',
      {
        from: -Number.MAX_VALUE,
        to: Number.MAX_VALUE,
        width: Number.MAX_VALUE / 10,
        counts: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      },
    ],
    ['a range too small to divide', ['5e-324', '1e-323'], 'decimal', { from: 5e-324, to: 1e-323, width: 0, counts: [2] }],
  ] as const)('%s', (_name, values, type, expected) => expect(bars(values, type)).toEqual(expected))

  test('add up to the values and are at most twenty, from ends to ends', () => {
    const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.integer({ min: 0, max: 99 }))
    always(fc.tuple(fc.array(value, { minLength: 1, maxLength: 80, size: 'max' }), fc.constantFrom(0, 1_024)), ([values, slotsMax]) => {
      const { from, to, counts } = bars(values.map(String), 'decimal', { slotsMax })!
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length)
      expect(counts.length).toBeLessThanOrEqual(20)
      expect([from, to]).toEqual([Math.min(...values) + 0, Math.max(...values) + 0])
    })
  })
})

test.each(['empty', 'boolean', 'text'] as const)('a column of type %s has no spread', (type) =>
  expect(spread(['1', '2024-01-31', 'a'], type)).toEqual({ quantiles: null, histogram: null }),
)

test('a column of nothing but infinite numbers has none either', () =>
  expect(spread(['inf', 'nan'], 'decimal')).toEqual({ quantiles: null, histogram: null }))
