import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addExact, carry, exactWhole, exactZero, mergeExact, ratio, ratioRoot } from '../../../shared/csv/profile/exact-sum.ts'
import { always } from './cells.ts'

const term = fc.record({ whole: fc.maxSafeInteger(), exponent: fc.integer({ min: -100, max: 100 }) })

test('a sum is that of big integers, whatever was carried on the way', () => {
  always(fc.array(term, { size: 'max', maxLength: 60 }), (terms) => {
    const [left, right] = [exactZero(-100, 160), exactZero(-100, 160)]
    terms.forEach(({ whole, exponent }, i) => {
      addExact(i % 3 === 0 ? left : right, whole, exponent)
      if (i % 5 === 0) carry(right)
    })
    mergeExact(left, right)
    expect(exactWhole(left)).toBe(terms.reduce((sum, { whole, exponent }) => sum + (BigInt(whole) << BigInt(exponent + 100)), 0n))
  })
})

test('carries keep the sum right when more is added than a limb could hold', () => {
  const sum = exactZero(0, 60)
  sum.adds = 2 ** 22 - 2
  sum.limbs.fill(2 ** 51, 0, 3)
  const before = exactWhole({ ...sum, limbs: sum.limbs.slice() })
  for (let i = 0; i < 10; i++) addExact(sum, 2 ** 53 - 1, 7)
  expect(sum.adds).toBeLessThan(10)
  expect(exactWhole(sum)).toBe(before + 10n * ((2n ** 53n - 1n) << 7n))
})

test.each([
  ['a third', 1n, 3n, 0, 1 / 3],
  ['minus two thirds', -2n, 3n, 0, -2 / 3],
  ['zero', 0n, 7n, 9, 0],
  ['halfway to the next double rounds to even', 2n ** 53n + 1n, 1n, 0, 2 ** 53],
  ['a little over halfway rounds up', (2n ** 53n + 1n) * 2n ** 80n + 1n, 2n ** 80n, 0, 2 ** 53 + 2],
  ['the least double', 1n, 1n, -1_074, 5e-324],
  ['the greatest double', 2n ** 53n - 1n, 1n, 971, Number.MAX_VALUE],
])('a ratio is rounded once: %s', (_name, numerator, denominator, exponent, value) =>
  expect(ratio(numerator, denominator, exponent)).toBe(value),
)

test.each([
  [9n, 4n, 0, 1.5],
  [2n, 1n, 0, Math.SQRT2],
  [1n, 1n, -2_148, 5e-324],
  [0n, 1n, 0, 0],
])('the root of %d/%d × 2^%d is %d', (numerator, denominator, exponent, value) =>
  expect(ratioRoot(numerator, denominator, exponent)).toBe(value),
)
