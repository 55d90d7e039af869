import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isoDate, isoTimestamp } from '../../../shared/csv/profile/time.ts'
import { always, cellOf } from './cells.ts'

const shown = (value: string): string => {
  const { days, micros } = cellOf(value)
  return isoTimestamp(days, micros)
}

test('a date counts days as the platform does, in all years', () => {
  always(fc.date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
    const text = date.toISOString().slice(0, 10)
    const { days } = cellOf(text)
    expect(days).toBe(Math.floor(date.getTime() / 86_400_000))
    expect(isoDate(days)).toBe(text)
  })
})

describe('a timestamp is shown as ISO text without its offset', () => {
  test.each([
    ['2024-01-31 10:00', '2024-01-31T10:00:00'],
    ['2024/1/3 1:2:3', '2024-01-03T01:02:03'],
    ['2024-01-31T10:00:00.5Z', '2024-01-31T10:00:00.5'],
    ['2024-01-31 10:00:00.000001', '2024-01-31T10:00:00.000001'],
    ['2024-01-31 10:00:00.1234569', '2024-01-31T10:00:00.123456'],
    ['2024-01-31 10:00:00+05:30', '2024-01-31T10:00:00'],
    ['2024-12-31 24:00:00', '2025-01-01T00:00:00'],
    ['1969-12-31 23:59:59', '1969-12-31T23:59:59'],
    ['2024-01-31', '2024-01-31T00:00:00'],
  ])('%s', (value, text) => expect(shown(value)).toBe(text))
})
