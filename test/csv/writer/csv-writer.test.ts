/** The CSV writer against csv-stringify, csv-parse and our own scanner: whatever the cells are, they come back. */
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binaryText, fromBinaryText } from '../../../shared/base/bytes.ts'
import { DEFAULT_DIALECT, type Dialect } from '../../../shared/csv/dialect.ts'
import { type CsvWriterParts, makeCsvWriter, type OutputDialect } from '../../../shared/csv/writer/csv-writer.ts'
import { dialectWith } from '../../support/scan.ts'
import { cellsIn, plainCsv, written } from './cells.ts'

const PLAIN: OutputDialect = { delimiter: ',', quote: '"', escape: '"', quoting: 'kept', lineEnd: '\n' }

const writerOf = (output: Partial<OutputDialect>, more: Partial<CsvWriterParts> = {}) =>
  makeCsvWriter({ input: DEFAULT_DIALECT, output: { ...PLAIN, ...output }, picks: null, guard: false, note: () => {}, ...more })

/** Bytes that mean something in one dialect or another, and a few that do not. */
const byte = fc.constantFrom(...[...',;\t|"\'\\\n\r x1é'].map((c) => c.charCodeAt(0)), 0, 0x80, 0xff)
const cell = fc.array(byte, { maxLength: 6 }).map((bytes) => Uint8Array.from(bytes))
const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 8 })

const outputs: fc.Arbitrary<OutputDialect> = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|', ' '),
    quote: fc.constantFrom('"', "'"),
    isEscaped: fc.boolean(),
    quoting: fc.constantFrom('kept' as const, 'minimal' as const, 'all' as const),
    lineEnd: fc.constantFrom('\n' as const, '\r\n' as const, '\r' as const),
  })
  .map(({ isEscaped, ...rest }) => ({ ...rest, escape: isEscaped ? '\\' : rest.quote }))

const inputs = fc.constantFrom(
  DEFAULT_DIALECT,
  dialectWith({ escape: '\\' }),
  dialectWith({ quote: null, escape: '\\' }),
  dialectWith({ delimiter: ', ' }),
  dialectWith({ comment: 'x' }),
)

const readAs = ({ delimiter, quote, escape: escaper, lineEnd }: OutputDialect): Dialect =>
  dialectWith({ delimiter, quote, escape: escaper, newline: lineEnd === '\r' ? 'cr' : 'lf', lineEnd })

const texts = (cells: readonly (readonly Uint8Array[])[]) => cells.map((row) => row.map(binaryText))

describe('whatever the cells and the dialect,', () => {
  it('the scanner reads back the cells that were written', () => {
    fc.assert(
      fc.property(rows, fc.boolean(), outputs, (all, bare, output) => {
        const csv = plainCsv(all, bare)
        expect(texts(cellsIn(written(writerOf(output), csv), readAs(output)))).toEqual(texts(all))
      }),
      { numRuns: 2_000 },
    )
  })

  it('csv-parse, a strict reader, reads back the same', () => {
    const strict = outputs.filter(({ lineEnd, escape: escaper, quote }) => lineEnd !== '\r' && escaper === quote)
    fc.assert(
      fc.property(rows, fc.boolean(), strict, (all, bare, output) => {
        const bytes = Buffer.from(written(writerOf(output), plainCsv(all, bare)))
        const { delimiter, quote, lineEnd } = output
        expect(
          parse(bytes, { delimiter, quote, escape: quote, record_delimiter: lineEnd, relax_column_count: true, encoding: 'latin1' }),
        ).toEqual(texts(all))
      }),
      { numRuns: 500 },
    )
  })

  it('any noise that the scanner can read comes back as the cells it was read as, also in another order', () => {
    const noise = fc.array(byte, { maxLength: 60 }).map((bytes) => Uint8Array.from(bytes))
    const picks = fc.option(fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }), { nil: null })
    fc.assert(
      fc.property(noise, inputs, outputs, picks, (bytes, input, output, picked) => {
        const cells = cellsIn(bytes, input)
        const expected = picked === null ? cells : cells.map((row) => picked.map((f) => row[f] ?? new Uint8Array(0)))
        expect(texts(cellsIn(written(writerOf(output, { input, picks: picked }), bytes, input), readAs(output)))).toEqual(texts(expected))
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('quoted only where it must be,', () => {
  const options = { quoted_match: /[\r\n]/, record_delimiter: 'unix' }

  it('a CSV is that of csv-stringify', () => {
    const filled = rows.filter((all) => all.every((row) => row.length > 1))
    fc.assert(
      fc.property(filled, (all) => {
        const expected = stringify(texts(all), options)
        expect(binaryText(written(writerOf({ quoting: 'minimal' }), plainCsv(all, false)))).toBe(expected)
      }),
      { numRuns: 1_000 },
    )
  })

  it('quoted everywhere it is too', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const expected = stringify(texts(all), { quoted: true, quoted_empty: true, record_delimiter: 'unix' })
        expect(binaryText(written(writerOf({ quoting: 'all' }), plainCsv(all, true)))).toBe(expected)
      }),
      { numRuns: 300 },
    )
  })
})

it('a list of which nothing changes but its columns keeps its bytes where they are well formed', () => {
  const csv = fromBinaryText('a,"b, c",\n"x ""y""","\n",z\n')
  expect(binaryText(written(writerOf({}, { picks: [0, 1, 2] }), csv))).toBe(binaryText(csv))
})

it('a delimiter of several bytes is written, and quoted where it could be read', () => {
  const csv = fromBinaryText('a:,b,c\n')
  expect(binaryText(written(writerOf({ delimiter: '::' }), csv))).toBe('"a:"::b::c\n')
})
