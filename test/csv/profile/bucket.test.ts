/** The two scales of the histogram: what falls where, and how far a bucket's value is from those it stands for. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  DAY_MS,
  dayError,
  dayOf,
  msError,
  msOf,
  numberError,
  numberKey,
  numberOf,
  timeKey,
  wholeExactBelow,
} from '../../../shared/csv/profile/bucket.ts'
import { always } from './cells.ts'

/** The least normal double, and what is promised below it. */
const NORMAL_MIN = 2 ** -1_022
const SUBNORMAL_ERROR = 2 ** -1_029

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const level = fc.integer({ min: 0, max: 19 })
const bucketOf = (key: number, of: number): number => Math.floor(key / 2 ** of)

describe('the key of', () => {
  test.each([
    [0, 0],
    [-0, 0],
    [5e-324, 0],
    [1, 0x3ff << 7],
    [1.0078125, (0x3ff << 7) + 1],
    [1.007, 0x3ff << 7],
    [2, 0x400 << 7],
    [-1, (0x3ff << 7) + 2 ** 18],
    [Number.MAX_VALUE, 0x7fe * 128 + 127],
    [-Number.MAX_VALUE, 0x7fe * 128 + 127 + 2 ** 18],
  ])('%d is %d', (value, key) => expect(numberKey(value)).toBe(key))

  test.each([
    [-719_528, 0, 0],
    [-719_528, 1_999, 1],
    [0, 0, 719_528 * DAY_MS],
    [19_753, 36_000_000_000, (719_528 + 19_753) * DAY_MS + 36_000_000],
  ])('day %d, microsecond %d is %d', (days, micros, key) => expect(timeKey(days, micros)).toBe(key))
})

test('a bucket stands for its numbers with the stated error, at every level', () => {
  always(fc.tuple(finite, level), ([value, of]) => {
    const shown = numberOf(bucketOf(numberKey(value), of), of, false)
    const absolute = Math.abs(value) < NORMAL_MIN ? SUBNORMAL_ERROR * 2 ** of : 0
    // Past the last double there is none in the middle: whoever shows it knows the greatest value.
    const known = Math.min(Math.abs(shown), Number.MAX_VALUE) * Math.sign(shown)
    expect(Math.abs(known - value)).toBeLessThanOrEqual(Math.max(absolute, Math.abs(value) * numberError(of)))
  })
})

test('whole numbers get a whole number with the same error, and the small ones themselves', () => {
  const whole = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -400, max: 400 }))
  always(fc.tuple(whole, level), ([value, of]) => {
    const shown = numberOf(bucketOf(numberKey(value), of), of, true)
    expect(Number.isInteger(shown)).toBe(true)
    expect(Math.abs(shown - value)).toBeLessThanOrEqual(Math.abs(value) * numberError(of))
    if (Math.abs(value) < wholeExactBelow(of)) expect(shown).toBe(value + 0)
  })
})

test('the error is 0.39 % at first and doubles with each level until nothing is left', () => {
  expect([0, 1, 7, 8, 19].map(numberError)).toEqual([1 / 256, 1 / 128, 1 / 2, 1, 1])
  expect([0, 1, 8].map(wholeExactBelow)).toEqual([256, 128, 1])
})

const days = fc.integer({ min: -719_528, max: 2_932_896 })
const timeLevel = fc.integer({ min: 0, max: 48 })

test('a bucket stands for its days with the stated error; days are exact while a bucket is no longer than one', () => {
  always(fc.tuple(days, timeLevel), ([day, of]) =>
    expect(Math.abs(dayOf(bucketOf(timeKey(day, 0), of), of) - day)).toBeLessThanOrEqual(dayError(of)),
  )
  expect([0, 26, 27, 28, 30].map(dayError)).toEqual([0, 0, 1, 2, 6])
})

test('a bucket stands for its milliseconds with the stated error', () => {
  always(fc.tuple(days, fc.nat(DAY_MS - 1), timeLevel), ([day, ms, of]) => {
    const shown = msOf(bucketOf(timeKey(day, ms * 1_000), of), of)
    expect(Math.abs(shown - (day * DAY_MS + ms))).toBeLessThanOrEqual(msError(of))
  })
  expect([0, 1, 2].map(msError)).toEqual([0, 1, 2])
})
