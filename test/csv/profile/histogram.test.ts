import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numberKey } from '../../../shared/csv/profile/bucket.ts'
import { ByteReader, ByteWriter } from '../../../shared/csv/profile/codec.ts'
import { BOTH, type HistogramState, histogram, NONE, NUMBERS, TIMES } from '../../../shared/csv/profile/histogram.ts'
import { always, cellOf } from './cells.ts'

const capacityWith = (bucketsMax: number) => ({ hashesMax: 0, slotsMax: 0, bucketsMax })

const of = (values: readonly string[], bucketsMax = 64): HistogramState => {
  const state = histogram.empty(capacityWith(bucketsMax))
  for (const value of values) histogram.add(state, cellOf(value))
  return state
}

const bytesOf = (state: HistogramState): Uint8Array => {
  const to = new ByteWriter()
  histogram.encode(state, to)
  return to.done()
}

/** By its definition: the least level at which there are few enough buckets. */
const definition = (numbers: readonly number[], bucketsMax: number) => {
  for (let level = 0; ; level++) {
    const counts = new Map<number, number>()
    for (const number of numbers) {
      const bucket = Math.floor(numberKey(number) / 2 ** level)
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
    }
    if (counts.size > bucketsMax) continue
    const sorted = [...counts].sort(([a], [b]) => a - b)
    return { kind: NUMBERS, level, buckets: sorted.map(([bucket]) => bucket), counts: sorted.map(([, count]) => count) }
  }
}

const shown = (state: HistogramState) => {
  const { buckets, counts, ...others } = histogram.result(state)
  return { ...others, buckets: [...buckets], counts: [...counts] }
}

const numbers = fc.array(
  fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -9, max: 300 }),
    fc.double({ min: 0, max: 100, noNaN: true }),
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
)

test('the level is the least at which the values have few enough buckets, in any order and any split', () => {
  always(fc.tuple(numbers, fc.integer({ min: 1, max: 40 }), fc.nat(60)), ([values, bucketsMax, cut]) => {
    const expected = definition(values, bucketsMax)
    const texts = values.map(String)
    expect(shown(of(texts, bucketsMax))).toEqual(expected)
    expect(shown(of(texts.toReversed(), bucketsMax))).toEqual(expected)
    expect(shown(histogram.merge(of(texts.slice(cut), bucketsMax), of(texts.slice(0, cut), bucketsMax)))).toEqual(expected)
  })
})

test('it never holds more buckets than it may, nor room for many more', () => {
  const state = of(
    Array.from({ length: 2_000 }, (_, i) => String(1.37 ** (i - 1_000))),
    100,
  )
  expect(state.size).toBeLessThanOrEqual(100)
  expect(state.buckets.length).toBeLessThanOrEqual(101)
  expect(shown(state).counts.reduce((sum, count) => sum + count, 0)).toBe(2_000)
})

describe('what is counted', () => {
  test.each([
    ['nothing', [], NONE, 0],
    ['texts and booleans', ['a', 'true', ' '], NONE, 0],
    ['numbers without nan and infinities', ['1', '2.5', 'nan', 'inf', '1e400', 'x'], NUMBERS, 2],
    ['dates and timestamps', ['2024-01-31', '2024-01-31 10:00', 'x'], TIMES, 2],
    ['nothing more once there are both', ['1', '2024-01-31', '2', '2024-02-01'], BOTH, 0],
    ['times beside numbers that are not finite', ['nan', '2024-01-31'], TIMES, 1],
  ])('%s', (_name, values, kind, total) => {
    const { kind: kindOf, counts } = shown(of(values))
    expect([kindOf, counts.reduce((sum, count) => sum + count, 0)]).toEqual([kind, total])
  })
})

describe('the encoded bytes, which every engine writes alike: kind, level, buckets, then steps and counts', () => {
  test.each([
    ['nothing', [], 4, '00'],
    ['zero and one', ['0', '1', '-0', '1.0'], 4, '01 00 02 00 02 80 ff 07 02'],
    ['minus one comes after one', ['-1', '1'], 4, '01 00 02 80 ff 07 01 80 80 10 01'],
    ['two numbers in one bucket', ['1', '1.5'], 1, '01 07 01 ff 07 02'],
    ['a day', ['1970-01-01'], 4, '02 00 01 80 c0 91 f8 a6 91 0e 01'],
    ['both', ['1', '1970-01-01'], 4, '03'],
  ])('%s', (_name, values, bucketsMax, hex) => {
    const bytes = bytesOf(of(values, bucketsMax))
    expect([...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')).toBe(hex)
    expect(shown(histogram.decode(new ByteReader(bytes), capacityWith(bucketsMax)))).toEqual(shown(of(values, bucketsMax)))
  })
})

test('counts go on past what 32 bits hold', () => {
  const state = of(['7'])
  state.counts[0] = 2 ** 32
  const merged = histogram.merge(state, histogram.decode(new ByteReader(bytesOf(state)), capacityWith(64)))
  expect(shown(merged).counts).toEqual([2 ** 33])
})
