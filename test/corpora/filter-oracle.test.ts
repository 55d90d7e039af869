/** DuckDB's own answers: every clause of the oracle over five real files, equal in rows and in output bytes. How many there are is part of the test. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { eachKept, type Table, tableOf } from '../filter/table.ts'

const SHARED = path.join(import.meta.dirname, '../../../shared')

interface OracleCase {
  readonly where: string
  readonly count: number
  readonly md5Idx: string
  readonly md5Out: string
}

interface OracleFile {
  readonly csv: string
  readonly columns: readonly string[]
  readonly dataRows: number
  readonly cases: readonly OracleCase[]
}

/** [file, clauses] */
const FILES = [
  ['ourairports_runways', 120],
  ['fte_mayweather_tweets', 120],
  ['nga_constituents_text_entries', 120],
  ['nga_media_items', 120],
  ['ourairports_countries', 120],
] as const

const answer = (table: Table, where: string) => {
  const kept: number[] = []
  const output = createHash('md5').update(table.header)
  eachKept(table, where, (batch, r, index) => {
    kept.push(index)
    const record = batch.bytes.subarray(batch.starts[r]!, batch.ends[r]!)
    output.update(record)
    if (record.at(-1) !== 0x0a) output.update('\n')
  })
  return { where, count: kept.length, md5Idx: createHash('md5').update(kept.join(',')).digest('hex'), md5Out: output.digest('hex') }
}

describe.each(FILES)('DuckDB over %s', (name, clauses) => {
  const oracle = JSON.parse(readFileSync(path.join(SHARED, 'oracle/cases', `${name}.json`), 'utf8')) as OracleFile
  const table = tableOf(readFileSync(path.join(SHARED, 'data', oracle.csv)))

  it(`has ${clauses} clauses`, () => {
    expect(oracle.cases.length).toBe(clauses)
  })

  it('has the columns and rows that we read', () => {
    expect(table.columns).toEqual(oracle.columns)
    expect(table.batches.reduce((sum, batch) => sum + batch.count, 0)).toBe(oracle.dataRows)
  })

  it('keeps the same rows and the same bytes for each clause', () => {
    for (const { where, count, md5Idx, md5Out } of oracle.cases) expect(answer(table, where)).toEqual({ where, count, md5Idx, md5Out })
  })
})
