/** The writers against the cases of others: PapaParse's unparse, and cells that spreadsheets would run. What is not ours is listed with its reason. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { textOf, utf8 } from '../../shared/base/bytes.ts'
import { DEFAULT_DIALECT, type LineEnd } from '../../shared/csv/dialect.ts'
import { textOfField } from '../../shared/csv/field.ts'
import { ByteBuffer } from '../../shared/csv/writer/byte-buffer.ts'
import { makeCsvWriter } from '../../shared/csv/writer/csv-writer.ts'
import { isFormula } from '../../shared/csv/writer/formula.ts'
import { batchesOf, cellsIn, plainCsv } from '../csv/writer/cells.ts'

const CORPORA = path.join(import.meta.dirname, '../../../shared/corpora')
const read = <T>(file: string): T => JSON.parse(readFileSync(path.join(CORPORA, file), 'utf8')) as T

type Row = readonly unknown[] | Readonly<Record<string, unknown>>

interface Unparse {
  readonly name: string
  readonly data: readonly Row[] | { readonly fields?: readonly string[]; readonly data?: readonly Row[] }
  readonly options: {
    readonly delimiter?: string
    readonly newline?: LineEnd
    readonly quotes?: boolean
    readonly quoteChar?: string
    readonly escapeChar?: string
    readonly header?: boolean
    readonly escapeFormulae?: boolean
  }
  /** Base64. */
  readonly expectedText: string
}

/** Number of the case -> why it is none of ours. */
const NOT_OURS: Readonly<Record<number, string>> = {
  9: 'its rows are texts, not lists of cells',
  16: 'a line end as delimiter is refused here, there it is replaced in silence',
  19: 'a line ends with LF, CRLF or CR, not with $',
  22: 'quotes are for all fields or for those that need them, not by column',
  23: 'quotes are for all fields or for those that need them, not by column',
  24: 'quotes by the type of a value: a cell is text',
  25: 'quotes by the type of a value: a cell is text',
  32: 'a cell of one blank needs no quotes, and a row without cells is no record',
  33: 'a cell of one blank needs no quotes',
  35: 'a cell of one blank needs no quotes, and a row without cells is no record',
  36: 'a cell of one blank needs no quotes',
  37: 'dropping rows of blanks is a matter of the clause',
  38: 'a row without values is written with its delimiters: an empty line is no record',
  39: 'a row without values is written with its delimiters: an empty line is no record',
}

const numberOf = (name: string): number => Number(/unparse\/(\d+)/.exec(name)?.[1])
const cell = (value: unknown): Uint8Array => utf8(value === null || value === undefined ? '' : String(value))
const isList = (row: Row): row is readonly unknown[] => Array.isArray(row)

/** Names of the columns (null: there is no line of names) and rows of cells. */
const tableOf = ({ data, options }: Unparse) => {
  const { fields, data: rows = [] } = Array.isArray(data)
    ? { data: data as readonly Row[] }
    : (data as Exclude<Unparse['data'], readonly Row[]>)
  const first = rows[0]
  const names = fields ?? (first && !isList(first) ? Object.keys(first) : null)
  const cells = rows.map((row) => (isList(row) ? row : (names ?? []).map((name) => row[name])).map(cell))
  return { names: options.header === false ? null : names, cells }
}

const unparse = (one: Unparse): string => {
  const { delimiter = ',', newline = '\r\n', quotes = false, quoteChar = '"', escapeChar = quoteChar, escapeFormulae = false } = one.options
  const output = { delimiter, quote: quoteChar, escape: escapeChar, quoting: quotes ? 'all' : 'minimal', lineEnd: newline } as const
  const writer = makeCsvWriter({ input: DEFAULT_DIALECT, output, picks: null, guard: escapeFormulae, note: () => {} })
  const { names, cells } = tableOf(one)
  const out = new ByteBuffer()
  if (names) writer.writeNames(names.map(utf8), out)
  for (const batch of batchesOf(plainCsv(cells, false), DEFAULT_DIALECT)) for (let r = 0; r < batch.count; r++) writer.write(batch, r, out)
  // Papa ends no last line.
  return textOf(out.take()).replace(new RegExp(`${newline}$`), '')
}

describe('PapaParse unparse', () => {
  const all = read<Unparse[]>('papaparse-unparse.json')
  const ours = all.filter(({ name }) => !(numberOf(name) in NOT_OURS))

  it('has 52 cases, of which 38 are ours', () => expect([all.length, ours.length]).toEqual([52, 38]))

  it.each(ours.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(unparse(one)).toBe(textOf(new Uint8Array(Buffer.from(one.expectedText, 'base64'))))
  })
})

interface Injection {
  readonly name: string
  readonly input: string
  readonly expectation: 'escaped' | 'not_escaped_ok' | 'unchanged' | 'escaped_or_documented'
}

describe('cells that spreadsheets would run', () => {
  const { cases } = read<{ cases: Injection[] }>('security/csv_injection.json')
  const writerWith = (guard: boolean) =>
    makeCsvWriter({
      input: DEFAULT_DIALECT,
      output: { delimiter: ',', quote: '"', escape: '"', quoting: 'minimal', lineEnd: '\n' },
      picks: null,
      guard,
      note: () => {},
    })
  const through = (text: string, guard: boolean): string => {
    const out = new ByteBuffer()
    for (const batch of batchesOf(plainCsv([[utf8(text), utf8('x')]], false), DEFAULT_DIALECT))
      for (let r = 0; r < batch.count; r++) writerWith(guard).write(batch, r, out)
    return textOfField(cellsIn(out.take().slice(), DEFAULT_DIALECT)[0]![0]!)
  }

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, { input, expectation }) => {
    const bytes = utf8(input)
    expect(isFormula(bytes, 0, bytes.length)).toBe(expectation === 'escaped' || expectation === 'escaped_or_documented')
    const guarded = through(input, true)
    if (expectation === 'unchanged' || expectation === 'not_escaped_ok') expect(guarded).toBe(input)
    else expect(guarded).toBe(`'${input}`)
    // Without the guard every cell comes back as it was.
    expect(through(input, false)).toBe(input)
  })
})
