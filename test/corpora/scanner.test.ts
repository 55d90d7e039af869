/**
 * Suites of others and real files through the scanner. A case of a suite is ours or needs what no dialect has (suites.ts tells which); what is ours passes and is named in
 * passing.json, or differs for the reason that differences.ts gives. A case that changes sides fails here.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import type { Dialect } from '../../shared/csv/dialect.ts'
import { fieldCount } from '../../shared/csv/record-batch.ts'
import { sniff } from '../../shared/csv/sniff/sniff.ts'
import { dialectWith, inPieces, SCANNERS, scanOptions } from '../support/scan.ts'
import { DIFFERENCES } from './differences.ts'
import passing from './passing.json' with { type: 'json' }
import { casesOf, notOurs, rowsOf, SHARED, withoutBlank } from './suites.ts'

/** Why cases are not ours, and how many: so that none is left out by accident. */
const LEFT_OUT: Readonly<Record<keyof typeof passing, Readonly<Record<string, number>>>> = {
  'csv-spectrum.json': {},
  'rust-csv.json': { 'another line end than LF, CR LF or CR': 2 },
  'python-test_csv.json': {},
  'papaparse.json': { 'a quote, escape or comment of several bytes': 1, 'options of that reader only': 28 },
  'csv-parse.json': {
    'options of that reader only': 168,
    'expects an error or objects': 25,
    'a quote, escape or comment of several bytes': 7,
    'several delimiters, none, or one that is not ASCII': 9,
    'another line end than LF, CR LF or CR': 12,
    'trims blanks: whitespace is data': 20,
  },
}

for (const [file, names] of Object.entries(passing) as [keyof typeof passing, string[]][]) {
  describe(file, () => {
    const all = casesOf(file)
    const ours = all.filter((one) => notOurs(one) === null)
    const differences = DIFFERENCES[file] ?? {}

    it('leaves out what no dialect has', () => {
      const counts: Record<string, number> = {}
      for (const reason of all.map(notOurs)) if (reason !== null) counts[reason] = (counts[reason] ?? 0) + 1
      expect(counts).toEqual(LEFT_OUT[file])
    })

    it(`has ${names.length} cases that pass and ${Object.keys(differences).length} that differ`, () =>
      expect(ours.map(({ name }) => name).sort()).toEqual([...names, ...Object.keys(differences)].sort()))

    for (const one of ours) {
      const reason = differences[one.name]
      it(reason === undefined ? one.name : `${one.name} differs: ${reason}`, () => {
        const rows = withoutBlank(rowsOf(one))
        if (reason === undefined) expect(rows).toEqual(withoutBlank(one.expected!))
        else expect(rows).not.toEqual(withoutBlank(one.expected!))
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
