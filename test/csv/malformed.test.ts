/** Any bytes at all: the scanner agrees with a second, independent splitter, and with itself however the input is cut. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Dialect } from '../../shared/csv/dialect.ts'
import { unquote } from '../../shared/csv/field.ts'
import { fieldCount, type RecordBatch } from '../../shared/csv/record-batch.ts'
import { bytesOf, cutAt, dialectWith, SCANNERS, scanEveryWay, scanOptions, scanPieces } from '../support/scan.ts'
import { slowSplit } from '../support/slow-split.ts'

const DIALECTS: readonly Partial<Dialect>[] = [
  {},
  { newline: 'cr', lineEnd: '\r' },
  { delimiter: ';' },
  { escape: '\\' },
  { escape: null },
  { quote: null, escape: null },
  { quote: null, escape: '\\' },
  { quote: "'", escape: "'" },
  { comment: 'a' },
  { comment: "'", escape: '\\', newline: 'cr', lineEnd: '\r' },
  { delimiter: ',,' },
  { delimiter: ',a,', escape: '\\' },
]

/** Mostly what has a meaning, in a few dialects at once. */
const text = fc.string({
  unit: fc.constantFrom('a', 'b', ',', ';', '"', '"', '"', "'", '\\', '\n', '\n', '\r', '\0', '\xc3\xa9', '\xff'),
  maxLength: 80,
})
const dialect = fc.constantFrom(...DIALECTS).map((changes) => dialectWith(changes))
const limit = fc.oneof(fc.integer({ min: 1, max: 24 }), fc.constant(1 << 20))

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

const textsOf = (batch: RecordBatch, dialect: Dialect): string[][] =>
  Array.from({ length: batch.count }, (_, r) =>
    Array.from({ length: fieldCount(batch, r) }, (_, f) => latin1(unquote(batch, r, f, dialect))),
  )

it('the scanner and the slow splitter agree on malformed input', () => {
  fc.assert(
    fc.property(text, dialect, limit, (input, dialect, recordBytesMax) => {
      const slow = slowSplit(input, dialect, recordBytesMax)
      const expected = slow.lines.filter(({ kind }) => kind === 'record')
      for (const make of Object.values(SCANNERS)) {
        const scanner = make(scanOptions({ dialect, recordBytesMax }))
        const rows = textsOf(scanner.push(bytesOf(input)), dialect)
        rows.push(...textsOf(scanner.finish(), dialect))
        expect(rows).toEqual(expected.map(({ fields }) => fields))
        expect(scanner.counts.blankLines).toBe(slow.lines.filter(({ kind }) => kind === 'blank').length)
        const comments = scanner.warnings.find(({ code }) => code === 'comment_line')?.count ?? 0
        expect(comments).toBe(slow.lines.filter(({ kind }) => kind === 'comment').length)
        expect(scanner.counts.lines).toBe(input.split(dialect.newline === 'lf' ? '\n' : '\r').length - 1)
        expect(scanner.warnings.find(({ code }) => code === 'unclosed_quote')?.count ?? 0).toBe(slow.unclosed.length)
      }
    }),
    { numRuns: 20_000 },
  )
})

it('they agree on where records and rejected lines lie, however the input is cut', () => {
  fc.assert(
    fc.property(text, dialect, limit, (input, dialect, recordBytesMax) => {
      const { records, rejects } = scanEveryWay(bytesOf(input), scanOptions({ dialect, recordBytesMax }))
      const { lines } = slowSplit(input, dialect, recordBytesMax)
      const spans = (kind: string): unknown => lines.filter((line) => line.kind === kind).map(({ from, to }) => [from, to])
      expect(records.map(({ byteOffset, byteEnd }) => [byteOffset, byteEnd])).toEqual(spans('record'))
      expect(rejects.map(({ byteOffset, byteLength }) => [byteOffset, byteOffset + byteLength])).toEqual(spans('rejected'))
    }),
    { numRuns: 1_500 },
  )
})

it('records and rejects are numbered through, and lines are those of the bytes before them', () => {
  fc.assert(
    fc.property(text, dialect, limit, fc.array(fc.nat(80), { maxLength: 4 }), (input, dialect, recordBytesMax, cuts) => {
      const places = cuts.filter((place) => place <= input.length).sort((a, b) => a - b)
      for (const make of Object.values(SCANNERS)) {
        const { records, rejects } = scanPieces(make, cutAt(bytesOf(input), places), scanOptions({ dialect, recordBytesMax }))
        const all = [...records, ...rejects].sort((a, b) => a.byteOffset - b.byteOffset)
        const newline = dialect.newline === 'lf' ? '\n' : '\r'
        expect(all.map(({ number }) => number)).toEqual(all.map((_, i) => i + 1))
        expect(all.map(({ line }) => line)).toEqual(all.map(({ byteOffset }) => input.slice(0, byteOffset).split(newline).length))
      }
    }),
    { numRuns: 3_000 },
  )
})

it('two scans that share a border see each line once', () => {
  fc.assert(
    fc.property(text, dialect, limit, fc.nat(90), (input, dialect, recordBytesMax, border) => {
      const bytes = bytesOf(input)
      for (const make of Object.values(SCANNERS)) {
        const whole = scanPieces(make, [bytes], scanOptions({ dialect, recordBytesMax }))
        const left = scanPieces(make, [bytes], scanOptions({ dialect, recordBytesMax, end: border }))
        const right = scanPieces(make, [bytes.subarray(left.next)], scanOptions({ dialect, recordBytesMax, start: left.next }))
        const spans = [...left.records, ...right.records].map(({ byteOffset, byteEnd, texts }) => ({ byteOffset, byteEnd, texts }))
        expect(spans).toEqual(whole.records.map(({ byteOffset, byteEnd, texts }) => ({ byteOffset, byteEnd, texts })))
        expect([...left.rejects, ...right.rejects].map(({ byteOffset }) => byteOffset)).toEqual(
          whole.rejects.map(({ byteOffset }) => byteOffset),
        )
        for (const count of ['records', 'rejected', 'blankLines', 'lines'] as const)
          expect(left.counts[count] + right.counts[count]).toBe(whole.counts[count])
        expect(right.next).toBe(bytes.length)
        for (const { byteOffset } of left.records) expect(byteOffset).toBeLessThan(border)
        expect(left.next >= Math.min(border, bytes.length)).toBe(true)
      }
    }),
    { numRuns: 5_000 },
  )
})

it('a scan whose range ends at a cut stops there, wherever the pieces end', () => {
  fc.assert(
    fc.property(text, dialect, limit, fc.nat(60), (input, dialect, recordBytesMax, end) => {
      scanEveryWay(bytesOf(input), scanOptions({ dialect, recordBytesMax, end }))
    }),
    { numRuns: 500 },
  )
})
