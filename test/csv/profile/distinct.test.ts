import { expect, test } from 'vitest'
import { distinct } from '../../../shared/csv/profile/distinct.ts'
import { cellOf, steady } from './cells.ts'

const CAPACITY = { hashesMax: 1_024, slotsMax: 0, bucketsMax: 1 }

const of = (values: Iterable<string>) => {
  const state = distinct.empty(CAPACITY)
  for (const value of values) distinct.add(state, cellOf(value))
  return state
}

const numbered = (count: number, prefix = '') => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

test('up to the bound the count is exact, also by way of a merge', () => {
  expect(distinct.result(of([...numbered(1_024), ...numbered(1_024)]))).toEqual({ value: 1_024, exact: true, error: 0 })
  expect(distinct.result(distinct.merge(of(numbered(1_000)), of(numbered(1_024))))).toEqual({ value: 1_024, exact: true, error: 0 })
})

test('one value more makes it an estimate that says its error', () => {
  const { exact, error } = distinct.result(of(numbered(1_025)))
  expect(exact).toBe(false)
  expect(error).toBeCloseTo(0.01625, 10)
})

test.each([1_025, 3_000, 10_000, 12_000, 20_000, 50_000, 200_000])(
  '%d different values are estimated within three standard errors',
  (count) => {
    for (const prefix of ['', 'user', 'https://example.com/a/rather/long/path?id=']) {
      const { value, error } = distinct.result(of(numbered(count, prefix)))
      expect(Math.abs(value / count - 1)).toBeLessThan(3 * error)
    }
  },
)

test('random values that repeat are estimated within three standard errors', () => {
  const random = steady(3)
  const values = Array.from({ length: 200_000 }, () => (random() * 1_000).toFixed(2))
  const { value, error } = distinct.result(of(values))
  expect(Math.abs(value / new Set(values).size - 1)).toBeLessThan(3 * error)
})

test('the estimate is the same in any order and any split', () => {
  const values = numbered(30_000)
  const whole = distinct.result(of(values))
  const parts = [values.slice(20_000), values.slice(0, 500), values.slice(400, 21_000)].map(of)
  expect(distinct.result(of(values.toReversed()))).toEqual(whole)
  expect(distinct.result(parts.reduce((left, right) => distinct.merge(left, right)))).toEqual(whole)
})
