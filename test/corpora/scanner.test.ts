/** Suites of others and real files through the scanner. Which cases of a suite are ours to pass is a rule, and their number is asserted. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import type { Dialect } from '../../shared/csv/dialect.ts'
import { fieldCount } from '../../shared/csv/record-batch.ts'
import { sniff } from '../../shared/csv/sniff/sniff.ts'
import { dialectWith, inPieces, rowsEveryWay, SCANNERS, scanOptions } from '../support/scan.ts'

const SHARED = path.join(import.meta.dirname, '../../../shared')

interface Case {
  readonly name: string
  readonly input: string
  readonly options: {
    readonly delimiter: string
    readonly quote: string | null
    readonly doubleQuote?: boolean | number
    readonly escape?: string | null
    readonly quoting?: number
    readonly skipInitialSpace?: boolean
    readonly terminator?: string
    readonly comment?: string
  }
  readonly expected?: readonly (readonly string[])[]
}

type Eligible = (options: Case['options'], name: string) => boolean

const SUITES: readonly { readonly name: string; readonly file: string; readonly count: number; readonly isOurs: Eligible }[] = [
  { name: 'csv-spectrum', file: 'csv-spectrum.json', count: 11, isOurs: (_, name) => !name.endsWith('location_coordinates') },
  {
    name: 'CPython test_csv',
    file: 'python-test_csv.json',
    count: 41,
    isOurs: ({ escape: escaper = null, quoting = 0, skipInitialSpace = false }) => escaper === null && quoting === 0 && !skipInitialSpace,
  },
  {
    name: 'rust-csv',
    file: 'rust-csv.json',
    count: 51,
    isOurs: ({ terminator, comment, escape: escaper, doubleQuote, quote, delimiter }) =>
      terminator === undefined && comment === undefined && (escaper ?? null) === null && doubleQuote !== false && quote !== delimiter,
  },
]

/** The lines' ends as the sniffer decides them: CR mode where there are CRs and no LF. */
const newlineOf = (bytes: Uint8Array): Dialect['newline'] => (bytes.includes(13) && !bytes.includes(10) ? 'cr' : 'lf')

const dialectOf = ({ delimiter, quote, doubleQuote = true }: Case['options'], bytes: Uint8Array): Dialect =>
  dialectWith({
    delimiter,
    quote,
    escape: doubleQuote ? quote : null,
    newline: newlineOf(bytes),
    bom: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf,
  })

const isBlank = (row: readonly string[]): boolean => row.length === 0

const casesOf = (file: string): Case[] => JSON.parse(readFileSync(path.join(SHARED, 'corpora', file), 'utf8')) as Case[]

for (const { name, file, count, isOurs } of SUITES) {
  describe(name, () => {
    const ours = casesOf(file).filter((one) => isOurs(one.options, one.name))
    it(`has ${count} cases that are ours`, () => expect(ours.length).toBe(count))
    for (const { name, input, options, expected = [] } of ours) {
      it(name, () => {
        const bytes = new Uint8Array(Buffer.from(input, 'base64'))
        expect(rowsEveryWay(bytes, scanOptions({ dialect: dialectOf(options, bytes) }))).toEqual(expected.filter((row) => !isBlank(row)))
      })
    }
  })
}

interface RealFile {
  readonly rows: number
  readonly columns: number
  /** What is not a UTF-8 comma file with LF and a header. */
  readonly dialect?: Partial<Dialect>
}

const REAL: Readonly<Record<string, RealFile>> = {
  'nga_media_items.csv': { rows: 2_685, columns: 15 },
  'nga_constituents_text_entries.csv': { rows: 6_908, columns: 4 },
  'fte_mayweather_tweets.csv': { rows: 12_118, columns: 7 },
  'fte_trump_tweets_mojibake.csv': { rows: 3_232, columns: 7, dialect: { encoding: 'unknown-8bit' } },
  'fte_pollsters_macroman_cr.tsv': {
    rows: 34,
    columns: 38,
    dialect: { delimiter: '\t', newline: 'cr', lineEnd: '\r', encoding: 'unknown-8bit' },
  },
  'trainline_stations.csv': { rows: 25_620, columns: 57, dialect: { delimiter: ';' } },
  'ourairports_runways.csv': { rows: 48_184, columns: 20 },
  'ourairports_countries.csv': { rows: 249, columns: 6 },
  'openflights_airports.dat': { rows: 7_698, columns: 14, dialect: { header: false } },
}

describe('real files, sniffed without hints', () => {
  for (const [name, { rows, columns, dialect: expected = {} }] of Object.entries(REAL)) {
    it(name, () => {
      const bytes = new Uint8Array(readFileSync(path.join(SHARED, 'data', name)))
      const sniffed = sniff(bytes.subarray(0, LIMITS.sniffBytes), bytes.length <= LIMITS.sniffBytes, {})
      if (!sniffed.ok) throw new Error(sniffed.problem.detail)
      const { dialect } = sniffed
      expect(dialect).toEqual(dialectWith({ ...expected, headerEnd: dialect.headerEnd }))
      expect(new Set(sniffed.columns).size).toBe(columns)
      for (const make of Object.values(SCANNERS)) {
        const scanner = make(scanOptions({ dialect, start: dialect.headerEnd, recordBytesMax: LIMITS.recordBytesMax }))
        const widths = new Set<number>()
        for (const piece of [...inPieces(bytes.subarray(dialect.headerEnd), LIMITS.blockBytes), null]) {
          const batch = piece === null ? scanner.finish() : scanner.push(piece)
          for (let r = 0; r < batch.count; r++) widths.add(fieldCount(batch, r))
        }
        expect(scanner.counts).toMatchObject({ records: rows, rejected: 0, blankLines: 0 })
        expect([...widths]).toEqual([columns])
        expect(scanner.next).toBe(bytes.length)
      }
    })
  }
})
