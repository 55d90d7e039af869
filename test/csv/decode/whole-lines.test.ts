/** Lines come out whole, however they come in. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { concatBytes } from '../../../shared/base/bytes.ts'
import { WholeLines } from '../../../shared/csv/decode/whole-lines.ts'
import { bytesOf, cutAt } from '../../support/scan.ts'

/** Everything that comes out, and after how many bytes it may be cut. */
const run = (pieces: Iterable<Uint8Array>, lineBytesMax: number) => {
  const lines = new WholeLines(lineBytesMax)
  const out: Uint8Array[] = []
  for (const piece of pieces) out.push(...lines.push(piece).map((one) => one.slice()))
  return { pieces: out, rest: lines.finish() }
}

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

it('pieces end behind LFs and CRs, and what follows the last is left for the end', () => {
  const { pieces, rest } = run([bytesOf('ab\rcd'), bytesOf('e\r\nf')], 10)
  expect([pieces.map(text), text(rest)]).toEqual([['ab\r', 'cde\r\n'], 'f'])
})

it('a line that is too long is cut', () => {
  const { pieces, rest } = run([bytesOf('a\n1234567\n12')], 3)
  expect([pieces.map(text), text(rest)]).toEqual([['a\n123', '456', '7\n'], '12'])
})

it('for any split, nothing is lost, and pieces end only where a line ends or is cut', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r'), maxLength: 40 }),
      fc.array(fc.nat(40)),
      fc.integer({ min: 1, max: 9 }),
      (input, cuts, max) => {
        const bytes = bytesOf(input)
        const places = cuts.filter((place) => place <= bytes.length).sort((a, b) => a - b)
        const { pieces, rest } = run(cutAt(bytes, places), max)
        expect(text(concatBytes([...pieces, rest]))).toBe(input)
        const lines = input.matchAll(new RegExp(`[^\\n\\r]{${max}}|[^\\n\\r]*[\\n\\r]`, 'g'))
        const ends = new Set(Array.from(lines, ({ index, 0: line }) => index + line.length))
        let at = 0
        for (const piece of pieces) {
          at += piece.length
          expect(ends.has(at)).toBe(true)
        }
      },
    ),
    { numRuns: 2_000 },
  )
})
