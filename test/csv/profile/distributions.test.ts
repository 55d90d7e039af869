/** The stated errors hold: quantiles, distinct counts and frequent values of twenty distributions against the truth, whole and in parts. */
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../shared/base/limits.ts'
import { type Capacity, capacityOf } from '../../../shared/csv/profile/capacity.ts'
import { addCell, type ColumnState, emptyColumn, mergeColumns } from '../../../shared/csv/profile/column.ts'
import { distinct } from '../../../shared/csv/profile/distinct.ts'
import { frequent } from '../../../shared/csv/profile/frequent.ts'
import { spreadOf } from '../../../shared/csv/profile/spread.ts'
import { cellOf, steady } from './cells.ts'

const COUNT = 6_000
/** Below the least normal double the error is a fixed one. */
const SUBNORMAL_ERROR = 2 ** -1_029

type Draw = (random: () => number, i: number) => number

/** A standard normal number (Box and Muller). */
const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const zipf = (() => {
  const weights = Array.from({ length: 5_000 }, (_, rank) => 1 / (rank + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return (random: () => number): number => {
    let left = random() * total
    return weights.findIndex((weight) => {
      left -= weight
      return left <= 0
    })
  }
})()

const DISTRIBUTIONS = {
  uniform: (random) => random(),
  'uniform cents': (random) => Math.floor(random() * 100_000) / 100,
  normal: (random) => 50 + 10 * normal(random),
  'normal about zero': (random) => normal(random),
  lognormal: (random) => Math.exp(3 * normal(random)),
  exponential: (random) => -Math.log(1 - random()) * 1_000,
  pareto: (random) => (1 - random()) ** -2,
  cauchy: (random) => Math.tan(Math.PI * (random() - 0.5)),
  bimodal: (random) => (random() < 0.5 ? 3 : 1_000) + normal(random),
  constant: () => 0.1,
  'two values': (random) => (random() < 0.3 ? 1 / 3 : 2 / 3),
  'small integers': (random) => Math.floor(random() * 256),
  integers: (random) => Math.floor(random() * 1e9),
  'integers past 2^53': (random) => 2 ** 53 + Math.floor(random() * 2 ** 40) * 2 ** 12,
  negative: (random) => -random() * 1e6,
  'mixed signs': (random) => (random() - 0.5) * 10 ** Math.floor(random() * 12),
  tiny: (random) => random() * 1e-300,
  huge: (random) => (random() - 0.5) * Number.MAX_VALUE,
  subnormal: (random) => random() * 1e-310,
  'every power of two': (_, i) => 2 ** ((i % 2_046) - 1_022),
  zipf: (random) => zipf(random),
  'sorted years': (_, i) => 1900 + Math.floor(i / 50),
} as const satisfies Record<string, Draw>

/** Decimals that read as the very same doubles. */
const drawn = (draw: Draw): number[] => {
  const random = steady(42)
  return Array.from({ length: COUNT }, (_, i) => draw(random, i) + 0)
}

const columnOf = (texts: readonly string[], capacity: Capacity): ColumnState => {
  const column = emptyColumn(capacity)
  for (const text of texts) addCell(column, cellOf(text))
  return column
}

const spread = (column: ColumnState, values: readonly number[]) => spreadOf(column, values.every(Number.isInteger) ? 'integer' : 'decimal')

/** By sorting. */
const truth = (values: readonly number[]) => {
  const sorted = Float64Array.from(values).sort()
  return [1, 5, 25, 50, 75, 95, 99].map((percent) => sorted[Math.ceil((percent * values.length) / 100) - 1]!)
}

/** As a list of texts without an exponent where all are whole: so integers stay integers. */
const textsOf = (values: readonly number[]): string[] =>
  values.map((value) => (Number.isInteger(value) ? BigInt(value).toString() : String(value)))

const HUNDRED = capacityOf(100, { budgetBytes: LIMITS.profileBudgetBytes, keepsFrequent: false })
const WIDEST = capacityOf(LIMITS.columnsMax, { budgetBytes: LIMITS.profileBudgetBytes, keepsFrequent: true })
/** The range of doubles at 128 buckets a power of two does not fit into a column's share: there the error is the stated coarser one. */
const COARSE = ['every power of two']

describe.each(Object.entries<Draw>(DISTRIBUTIONS))('%s', (name, draw) => {
  const values = drawn(draw)
  const texts = textsOf(values)
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)

  test.each([
    ['a hundred columns', HUNDRED, 1 / 256],
    ['as many columns as there may be', WIDEST, 1],
  ])('quantiles of one of %s are within the stated error', (_name, capacity, errorMax) => {
    const { quantiles, histogram } = spread(columnOf(texts, capacity), values)
    const { error, ...percentiles } = quantiles!
    if (!COARSE.includes(name)) expect(error).toBeLessThanOrEqual(errorMax)
    for (const [i, shown] of Object.values(percentiles).entries()) {
      const expected = truth(values)[i]!
      expect(Math.abs(Number(shown) - expected)).toBeLessThanOrEqual(Math.max(SUBNORMAL_ERROR * 256, Math.abs(expected) * error))
    }
    expect(histogram!.counts.reduce((sum, count) => sum + count, 0)).toBe(COUNT)
  })

  test('distinct values are within four standard errors, and equal where they are said to be exact', () => {
    const { value, exact, error } = distinct.result(columnOf(texts, WIDEST).distinct)
    expect(exact).toBe(counts.size <= WIDEST.hashesMax)
    expect(Math.abs(value / counts.size - 1)).toBeLessThanOrEqual(4 * error)
  })

  test('counts of frequent values are at most the truth, which is at most count + error', () => {
    for (const slotsMax of [16, 256]) {
      for (const { value, count, error } of frequent.result(columnOf(texts, { ...WIDEST, slotsMax }).frequent)) {
        expect(counts.get(value)).toBeGreaterThanOrEqual(count)
        expect(counts.get(value)).toBeLessThanOrEqual(count + error)
        expect(error).toBeLessThanOrEqual((2 * COUNT) / slotsMax)
      }
    }
  })

  test('parts in any order give the same quantiles, bars and distinct count', () => {
    const parts = [texts.slice(4_000), texts.slice(0, 700), texts.slice(700, 4_000)].map((part) => columnOf(part, WIDEST))
    const merged = parts.reduce((left, right) => mergeColumns(left, right, 0))
    const whole = columnOf(texts, WIDEST)
    expect(distinct.result(merged.distinct)).toEqual(distinct.result(whole.distinct))
    expect(spread(merged, values)).toEqual(spread(whole, values))
  })
})

test('there are at least twenty of them', () => expect(Object.keys(DISTRIBUTIONS).length).toBeGreaterThanOrEqual(20))
