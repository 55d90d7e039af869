/** The laws of sketch.ts, for every sketch there is. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Capacity } from '../../../shared/csv/profile/capacity.ts'
import { ByteReader, ByteWriter } from '../../../shared/csv/profile/codec.ts'
import { count } from '../../../shared/csv/profile/count.ts'
import { distinct } from '../../../shared/csv/profile/distinct.ts'
import { extent } from '../../../shared/csv/profile/extent.ts'
import { frequent } from '../../../shared/csv/profile/frequent.ts'
import { histogram } from '../../../shared/csv/profile/histogram.ts'
import { moments } from '../../../shared/csv/profile/moments.ts'
import { samples } from '../../../shared/csv/profile/samples.ts'
import { sightings } from '../../../shared/csv/profile/sightings.ts'
import type { Sketch } from '../../../shared/csv/profile/sketch.ts'
import { always, cellOf } from './cells.ts'

/** Little room, so that short lists overflow the sketches that can. */
const SMALL: Capacity = { hashesMax: 8, slotsMax: 1_024, bucketsMax: 8 }
const TYPES = ['empty', 'boolean', 'integer', 'decimal', 'date', 'timestamp', 'text'] as const

/** Each sketch, and what of its result is compared. */
const SKETCHES = {
  count: [count, (result) => result],
  sightings: [sightings, (result) => result],
  extent: [extent, (result) => TYPES.map(result as (type: string) => unknown)],
  moments: [moments, (result) => result],
  histogram: [histogram, (result) => result],
  distinct: [distinct, (result) => result],
  frequent: [frequent, (result) => result],
  samples: [samples, (result) => result],
} as Record<string, [Sketch<unknown, unknown>, (result: unknown) => unknown]>

/** Values of every kind, often the same one twice, and some longer than what is kept. */
const value = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'NA',
    '007',
    ' 7',
    'yes',
    '12/31/99',
    '1,000',
    '2024-02-29',
    '2024-02-29T10:00:00Z',
    'nan',
    '-0',
    '1e400',
    '5e-324',
    '1.7976931348623157e308',
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map((date) => date.toISOString()),
  fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }),
)
const number = fc.oneof(fc.integer(), fc.integer({ min: -300, max: 300 }), fc.double({ noNaN: true, noDefaultInfinity: true })).map(String)
const time = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map((date) => date.toISOString())
const short = { maxLength: 40, size: 'max' } as const
/** Columns of everything at once, and of one kind only: for some sketches a column of many kinds is an easy case. */
const values = fc.oneof(fc.array(value, short), fc.array(number, short), fc.array(time, short))

type Stretch = readonly { readonly text: string; readonly record: number }[]

/** Three neighbouring stretches of one column. */
const stretches = fc.tuple(values, values, values).map(([a, b, c]): readonly [Stretch, Stretch, Stretch] => {
  const numbered = [...a, ...b, ...c].map((text, i) => ({ text, record: i + 1 }))
  return [numbered.slice(0, a.length), numbered.slice(a.length, a.length + b.length), numbered.slice(a.length + b.length)]
})

describe.each(Object.entries(SKETCHES))('%s', (_name, [sketch, shown]) => {
  const over = (...parts: readonly Stretch[]) => {
    const state = sketch.empty(SMALL)
    for (const { text, record } of parts.flat()) sketch.add(state, cellOf(text, record))
    return state
  }
  const result = (state: unknown) => shown(sketch.result(state))
  const bytesOf = (state: unknown): Uint8Array => {
    const to = new ByteWriter()
    sketch.encode(state, to)
    return to.done()
  }
  const copy = (state: unknown) => sketch.decode(new ByteReader(bytesOf(state)), SMALL)

  test('two parts merged equal the whole', () => {
    always(stretches, ([a, b]) => expect(result(sketch.merge(over(a), over(b)))).toEqual(result(over(a, b))))
  })

  test('merging is associative, with the empty sketch as its neutral element', () => {
    always(stretches, ([a, b, c]) => {
      const leftFirst = sketch.merge(sketch.merge(over(a), over(b)), over(c))
      const rightFirst = sketch.merge(over(a), sketch.merge(over(b), over(c)))
      expect(result(leftFirst)).toEqual(result(rightFirst))
      expect(result(sketch.merge(over(), over(a)))).toEqual(result(sketch.merge(over(a), over())))
    })
  })

  test('merging commutes if and only if the sketch says so', () => {
    const commutes = () =>
      always(stretches, ([a, b]) => expect(result(sketch.merge(over(b), over(a)))).toEqual(result(sketch.merge(over(a), over(b)))))
    if (sketch.commutes) commutes()
    else expect(commutes).toThrow()
  })

  test('the right one of two merged stays as it was and shares nothing with the whole', () => {
    always(stretches, ([a, b, c]) => {
      const right = over(b)
      const whole = sketch.merge(over(a), right)
      for (const { text, record } of c) sketch.add(whole, cellOf(text, record))
      expect(result(right)).toEqual(result(over(b)))
      expect(result(whole)).toEqual(result(over(a, b, c)))
    })
  })

  test('bytes give the state back, which goes on as the first would', () => {
    always(stretches, ([a, b]) => {
      expect(result(copy(over(a)))).toEqual(result(over(a)))
      const goesOn = copy(over(a))
      for (const { text, record } of b) sketch.add(goesOn, cellOf(text, record))
      expect(result(goesOn)).toEqual(result(over(a, b)))
      expect(result(sketch.merge(copy(over(a)), copy(over(b))))).toEqual(result(over(a, b)))
    })
  })
})

test('the generated values overflow the exact distinct count and fill the samples', () => {
  const lengths = fc.sample(values, 200).map((list) => new Set(list).size)
  expect(lengths.filter((length) => length > SMALL.hashesMax).length).toBeGreaterThan(40)
  expect(lengths.filter((length) => length > 0 && length <= SMALL.hashesMax).length).toBeGreaterThan(10)
})
