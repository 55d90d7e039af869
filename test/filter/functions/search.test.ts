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
