/** A sample is drawn evenly, the same every time, and another with another seed. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sampler } from '../../shared/operations/sample.ts'

const offsets = (count: number, step: number, base = 0) => Array.from({ length: count }, (_, i) => base + i * step)
const share = (rate: number, seed: number, all: readonly number[]) => all.filter(sampler({ rate, seed })).length / all.length

it.each([0.001, 0.01, 0.1, 0.5, 0.9, 0.999])("%d of the rows is about that share, whatever the rows' length", (rate) => {
  for (const step of [1, 2, 16, 61, 64, 4_096, 100_003]) {
    for (const seed of [0, 1, 0xffffffff]) {
      const all = offsets(20_000, step)
      // Five standard deviations of a fair draw.
      expect(Math.abs(share(rate, seed, all) - rate)).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / all.length))
    }
  }
})

it('beyond 4 GiB too', () => {
  const all = offsets(20_000, 64, 2 ** 33)
  expect(Math.abs(share(0.1, 0, all) - 0.1)).toBeLessThan(0.011)
  const low = all.map((offset) => offset - 2 ** 33)
  const isIn = sampler({ rate: 0.1, seed: 0 })
  expect(all.filter(isIn).map((offset) => offset - 2 ** 33)).not.toEqual(low.filter(isIn))
})

it('a rate of 1 keeps every row', () => expect(share(1, 3, offsets(10_000, 7))).toBe(1))

it('two seeds draw independently: they agree on as many rows as chance has it', () => {
  const all = offsets(40_000, 37)
  const [one, two] = [sampler({ rate: 0.5, seed: 1 }), sampler({ rate: 0.5, seed: 2 })]
  const both = all.filter((offset) => one(offset) && two(offset)).length / all.length
  expect(Math.abs(both - 0.25)).toBeLessThan(0.011)
})

it('a smaller rate draws a part of what a larger one draws', () => {
  const rate = fc.double({ min: 0, max: 1, minExcluded: true, noNaN: true })
  fc.assert(
    fc.property(rate, rate, fc.nat(), fc.maxSafeNat(), (a, b, seed, offset) => {
      const [small, large] = [Math.min(a, b), Math.max(a, b)]
      if (sampler({ rate: small, seed })(offset)) expect(sampler({ rate: large, seed })(offset)).toBe(true)
    }),
  )
})

it('draws the same in every version: these are its rows', () => {
  expect(offsets(40, 10).filter(sampler({ rate: 0.2, seed: 42 }))).toEqual([90, 140, 210, 230, 240, 250, 270, 360, 380])
})
