/** Well-formed files, written by a generator: csv-parse, the scanner and the table they were written from agree. */
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bytesOf, cutAt, dialectWith, SCANNERS, scanEveryWay, scanOptions, scanPieces } from '../support/scan.ts'

type Ending = '\n' | '\r\n'

interface Written {
  readonly rows: readonly (readonly string[])[]
  readonly bytes: Uint8Array
  readonly delimiter: string
  readonly ending: Ending
}

/** What the generator did, over the whole run: a generator that stops making the hard cases must not go unnoticed. */
const made = { fields: 0, quoted: 0, special: 0, forms: new Set<string>() }

const cell = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', ' ', '1', 'é', '😀', "'"), maxLength: 6 }) },
  {
    weight: 2,
    arbitrary: fc.string({ unit: fc.constantFrom('x', ',', ';', '\t', '"', '\n', '\r\n', '\r', 'é'), minLength: 1, maxLength: 8 }),
  },
)

interface Plan {
  readonly rows: readonly (readonly { readonly text: string; readonly isQuoted: boolean }[])[]
  readonly delimiter: string
  readonly ending: Ending
  readonly endsWithNewline: boolean
}

const plan = (maxRows: number): fc.Arbitrary<Plan> =>
  fc.integer({ min: 1, max: 5 }).chain((width) =>
    fc.record({
      rows: fc.array(fc.array(fc.record({ text: cell, isQuoted: fc.boolean() }), { minLength: width, maxLength: width }), {
        minLength: 1,
        maxLength: maxRows,
      }),
      delimiter: fc.constantFrom(',', ';', '\t'),
      ending: fc.constantFrom<Ending>('\n', '\r\n'),
      endsWithNewline: fc.boolean(),
    }),
  )

const write = ({ rows, delimiter, ending, endsWithNewline }: Plan): Written => {
  const field = (text: string, isQuoted: boolean, isAlone: boolean): string => {
    const isSpecial = ['\n', '"', delimiter].some((character) => text.includes(character))
    const needsQuotes = isQuoted || isSpecial || text.includes('\r') || (isAlone && text === '')
    made.fields++
    if (isSpecial) made.special++
    if (needsQuotes) made.quoted++
    return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text
  }
  made.forms.add(`${JSON.stringify(ending)} ${endsWithNewline ? 'with' : 'without'} a last one`)
  const lines = rows.map((row) => row.map(({ text, isQuoted }) => field(text, isQuoted, row.length === 1)).join(delimiter))
  const bytes = new TextEncoder().encode(lines.join(ending) + (endsWithNewline ? ending : ''))
  return { rows: rows.map((row) => row.map(({ text }) => text)), bytes, delimiter, ending }
}

const byCsvParse = ({ bytes, delimiter, ending }: Written): string[][] =>
  parse(bytes, { delimiter, record_delimiter: ending, skip_empty_lines: false, relax_column_count: true }) as string[][]

const options = ({ delimiter }: Written) => scanOptions({ dialect: dialectWith({ delimiter }) })

it('small files, cut at every byte', () => {
  fc.assert(
    fc.property(plan(4).map(write), (file) => {
      const rows = scanEveryWay(file.bytes, options(file)).records.map(({ texts }) => texts)
      expect(rows).toEqual(file.rows)
      expect(byCsvParse(file)).toEqual(file.rows)
    }),
    { numRuns: 800 },
  )
})

it('larger files, cut at random', () => {
  fc.assert(
    fc.property(plan(120).map(write), fc.array(fc.nat(), { maxLength: 12 }), (file, cuts) => {
      const places = cuts.map((cut) => cut % (file.bytes.length + 1)).sort((a, b) => a - b)
      for (const make of Object.values(SCANNERS)) {
        const { records, warnings } = scanPieces(make, cutAt(file.bytes, places), options(file))
        expect(records.map(({ texts }) => texts)).toEqual(file.rows)
        expect(warnings).toEqual([])
      }
      expect(byCsvParse(file)).toEqual(file.rows)
    }),
    { numRuns: 200 },
  )
})

it('a chunk border anywhere in a well-formed file loses nothing', () => {
  fc.assert(
    fc.property(plan(8).map(write), fc.nat(), (file, place) => {
      const border = place % (file.bytes.length + 1)
      for (const make of Object.values(SCANNERS)) {
        const left = scanPieces(make, [file.bytes], { ...options(file), end: border })
        const right = scanPieces(make, [file.bytes.subarray(left.next)], { ...options(file), start: left.next })
        expect([...left.records, ...right.records].map(({ texts }) => texts)).toEqual(file.rows)
      }
    }),
    { numRuns: 1_000 },
  )
})

it('the bytes of a case are what they look like', () => {
  expect(bytesOf('é')).toEqual(Uint8Array.of(0xe9))
})

it('the generator made the hard cases, and often', () => {
  expect(made.quoted / made.fields).toBeGreaterThanOrEqual(0.3)
  expect(made.special / made.fields).toBeGreaterThanOrEqual(0.1)
  expect([...made.forms].sort()).toEqual([
    '"\\n" with a last one',
    '"\\n" without a last one',
    '"\\r\\n" with a last one',
    '"\\r\\n" without a last one',
  ])
})
