import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBinaryText } from '../../../shared/base/bytes.ts'
import { endsWith, findBytes, startsWith } from '../../../shared/filter/functions/search.ts'

const few = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 40 })

describe('a piece', () => {
  it('is found where a plain search finds it', () => {
    fc.assert(
      fc.property(few, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 6 }), fc.nat(45), (text, piece, from) => {
        const [bytes, part] = [fromBinaryText(text), fromBinaryText(piece)]
        expect(findBytes(bytes, part, from)).toBe(from > text.length ? -1 : text.indexOf(piece, from))
        expect(startsWith(bytes, part)).toBe(text.startsWith(piece))
        expect(endsWith(bytes, part)).toBe(text.endsWith(piece))
      }),
      { numRuns: 5_000 },
    )
  })

  const runs = fc
    .array(fc.tuple(fc.constantFrom('a', 'a', 'ab', 'aab'), fc.integer({ min: 1, max: 60 })), { maxLength: 8 })
    .map((list) => list.map(([unit, times]) => unit.repeat(times)).join(''))

  it('is found where a plain search finds it, however much both repeat themselves', () => {
    fc.assert(
      fc.property(runs, fc.nat(300), fc.integer({ min: 1, max: 200 }), fc.constantFrom('', 'a', 'b', 'c'), (text, from, length, end) => {
        const piece = text.slice(from, from + length) + end
        expect(findBytes(fromBinaryText(text + piece), fromBinaryText(piece))).toBe((text + piece).indexOf(piece))
        expect(findBytes(fromBinaryText(text), fromBinaryText(piece))).toBe(text.indexOf(piece))
      }),
      { numRuns: 3_000 },
    )
  })

  it('is found by the way that never goes back, too, once a plain search has cost too much', () => {
    const text = fromBinaryText(`${'aaaab'.repeat(400)}${'a'.repeat(300)}b${'a'.repeat(20)}c`)
    const piece = fromBinaryText(`${'a'.repeat(300)}b${'a'.repeat(20)}c`)
    expect(findBytes(text, piece)).toBe(2000)
    expect(findBytes(text, fromBinaryText(`${'a'.repeat(301)}c`))).toBe(-1)
  })

  it('of half a megabyte is looked for in a megabyte in no more than a moment', () => {
    const text = new Uint8Array(1 << 20).fill(0x61)
    const piece = new Uint8Array(1 << 19).fill(0x61)
    piece[piece.length - 1] = 0x62
    const begun = performance.now()
    expect(findBytes(text, piece)).toBe(-1)
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})
