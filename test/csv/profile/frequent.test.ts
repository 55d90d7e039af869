import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type FrequentState, frequent } from '../../../shared/csv/profile/frequent.ts'
import { always, cellOf, steady } from './cells.ts'

const SLOTS = 16

const of = (values: readonly string[], slotsMax = SLOTS): FrequentState => {
  const state = frequent.empty({ hashesMax: 0, slotsMax, bucketsMax: 1 })
  for (const value of values) frequent.add(state, cellOf(value))
  return state
}

const truth = (values: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** A few values often, many rarely: more different ones than there are slots. */
const skewed = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c') }, { weight: 2, arbitrary: fc.nat(200).map(String) }),
  { maxLength: 400, size: 'max' },
)

/** Where a list is cut, and in which order its parts are merged. */
const cuts = fc.array(fc.nat(400), { maxLength: 4 })

const inParts = (values: readonly string[], places: readonly number[]): FrequentState => {
  const ends = [...places.toSorted((a, b) => a - b), values.length]
  return ends.map((end, i) => of(values.slice(ends[i - 1] ?? 0, end))).reduce((left, right) => frequent.merge(left, right))
}

test('the generated lists do purge the table, and some do not', () => {
  const errors = fc.sample(skewed, 200).map((values) => of(values).error)
  expect(errors.filter((error) => error > 0).length).toBeGreaterThan(50)
  expect(errors.filter((error) => error === 0).length).toBeGreaterThan(0)
})

test('a count is at most the truth, which is at most count + error, in any split', () => {
  always(fc.tuple(skewed, cuts), ([values, places]) => {
    const counts = truth(values)
    for (const { value, count, error } of frequent.result(inParts(values, places))) {
      expect(counts.get(value)).toBeGreaterThanOrEqual(count)
      expect(counts.get(value)).toBeLessThanOrEqual(count + error)
    }
  })
})

test('the error is at most twice the values by the slots, in any split', () => {
  always(fc.tuple(skewed, cuts), ([values, places]) =>
    expect(inParts(values, places).error).toBeLessThanOrEqual((2 * values.length) / SLOTS),
  )
})

test('a value that comes more than twice the error is shown, in any split', () => {
  always(fc.tuple(skewed, cuts), ([values, places]) => {
    const state = inParts(values, places)
    const shown = frequent.result(state).map(({ value }) => value)
    const heavy = [...truth(values)].filter(([, count]) => count > 2 * state.error)
    if (heavy.length <= 10) expect(shown).toEqual(expect.arrayContaining(heavy.map(([value]) => value)))
  })
})

test('with no more different values than slots everything is exact, by count and then by bytes', () => {
  const values = ['b', 'a', 'c', 'b', 'd', 'a', 'é', 'z']
  const exact = ['a', 'b', 'c', 'd', 'z', 'é'].map((value, i) => ({ value, count: i < 2 ? 2 : 1, error: 0 }))
  expect(frequent.result(of(values))).toEqual(exact)
  expect(frequent.result(inParts(values, [3, 5]))).toEqual(exact)
})

test('a heavy value is found among a hundred thousand that differ', () => {
  const random = steady(5)
  const values = Array.from({ length: 100_000 }, (_, i) => (random() < 0.05 ? 'heavy' : String(i)))
  const [first, ...others] = frequent.result(of(values, 256))
  expect(first!.value).toBe('heavy')
  expect(first!.count + first!.error).toBeGreaterThanOrEqual(truth(values).get('heavy')!)
  expect(others).toEqual([])
})

test('at most ten are shown, and a long value ends in … between two characters', () => {
  expect(frequent.result(of(Array.from({ length: 16 }, (_, i) => String(i))))).toHaveLength(10)
  expect(frequent.result(of(['x'.repeat(64)]))[0]!.value).toBe('x'.repeat(64))
  expect(frequent.result(of(['x'.repeat(65)]))[0]!.value).toBe(`${'x'.repeat(64)}…`)
  expect(frequent.result(of([`${'x'.repeat(62)}😀`]))[0]!.value).toBe(`${'x'.repeat(62)}…`)
  expect(frequent.result(of(['é'.repeat(40)]))[0]!.value).toBe(`${'é'.repeat(32)}…`)
})

test('two long values that begin alike are two values', () => {
  const start = 'x'.repeat(100)
  expect(frequent.result(of([`${start}1`, `${start}2`, `${start}1`])).map(({ count }) => count)).toEqual([2, 1])
})
