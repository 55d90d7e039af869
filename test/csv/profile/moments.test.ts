/** The mean and the deviation against exact fractions, worked out another way: in decimals of 60 digits. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { moments } from '../../../shared/csv/profile/moments.ts'
import { always, cellOf, steady } from './cells.ts'

const of = (values: readonly string[]) => {
  const state = moments.empty({ hashesMax: 0, slotsMax: 0, bucketsMax: 1 })
  for (const value of values) moments.add(state, cellOf(value))
  return moments.result(state)
}

/** A double as a fraction. */
const fraction = (value: number): [bigint, bigint] => {
  let denominator = 1n
  let whole = value
  for (; !Number.isInteger(whole); denominator *= 2n) whole *= 2
  return [BigInt(whole), denominator]
}

const PLACES = 10n ** 60n

/** The double nearest to numerator / denominator, by way of its decimals. */
const nearest = (numerator: bigint, denominator: bigint): number => Number(`${(numerator * PLACES) / denominator}e-60`)

const root = (value: bigint): bigint => {
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2))
  for (let better = (guess + value / guess) / 2n; better < guess; better = (guess + value / guess) / 2n) guess = better
  return guess
}

const reference = (values: readonly number[]) => {
  const fractions = values.map(fraction)
  const common = fractions.reduce((most, [, denominator]) => (denominator > most ? denominator : most), 1n)
  const wholes = fractions.map(([numerator, denominator]) => (numerator * common) / denominator)
  const n = BigInt(values.length)
  const sum = wholes.reduce((total, whole) => total + whole, 0n)
  const spread = n * wholes.reduce((total, whole) => total + whole * whole, 0n) - sum * sum
  return { mean: nearest(sum, n * common), stddev: nearest(root((spread * PLACES * PLACES) / (n * (n - 1n))), PLACES * common) }
}

/** Doubles whose fractions stay short enough for the reference. */
const double = fc.oneof(
  fc.double({ min: -1e12, max: 1e12, noNaN: true }).filter((value) => value === 0 || Math.abs(value) > 1e-12),
  fc.maxSafeInteger(),
  fc.integer({ min: -1_000, max: 1_000 }),
  fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100),
)

test('the mean is the double nearest to the true mean, the deviation at most one unit in the last place off', () => {
  always(fc.array(double, { minLength: 2, maxLength: 50, size: 'max' }), (values) => {
    const { mean, stddev } = of(values.map(String))
    const expected = reference(values)
    expect(mean).toBe(expected.mean + 0)
    expect(Math.abs(stddev! - expected.stddev)).toBeLessThanOrEqual(expected.stddev * Number.EPSILON)
  })
})

describe('mean and deviation of', () => {
  test.each([
    ['nothing', [], null, null],
    ['no numbers', ['a', 'nan', 'inf'], null, null],
    ['one value', ['5'], 5, null],
    ['equal values', ['0.1', '0.1', '0.1'], 0.1, 0],
    ['values that cancel', ['1e16', '1', '-1e16'], 1 / 3, 1e16],
    ['values far from zero', ['1000000000000001', '1000000000000002', '1000000000000003'], 1_000_000_000_000_002, 1],
    ['the greatest doubles', ['1.7976931348623157e308', '1.7976931348623157e308'], Number.MAX_VALUE, 0],
    ['the greatest and its opposite', ['1e308', '-1e308'], 0, 1e308 * Math.SQRT2],
    ['the least doubles', ['5e-324', '5e-324'], 5e-324, 0],
    ['text beside numbers', ['1', 'a', '3'], 2, Math.SQRT2],
  ])('%s', (_name, values, mean, stddev) => expect(of(values)).toEqual({ mean, stddev }))
})

test('sums of squares stay exact past 2^53', () => {
  const values = Array.from({ length: 2_000 }, (_, i) => String(2 ** 25 - (i % 2)))
  expect(of(values)).toEqual({ mean: 2 ** 25 - 0.5, stddev: Math.sqrt(500 / 1_999) })
})

test('cents add up to the cent', () => {
  const random = steady(1)
  const cents = Array.from({ length: 20_000 }, () => Math.floor(random() * 1_000_000))
  const { mean } = of(cents.map((cent) => (cent / 100).toFixed(2)))
  expect((mean! * cents.length).toFixed(2)).toBe((cents.reduce((sum, cent) => sum + cent, 0) / 100).toFixed(2))
})
