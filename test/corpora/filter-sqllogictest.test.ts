/** SQLite's published answers: 1,316 WHERE clauses over 39 tables, judged by the hash that the sqllogictest suite itself gives. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { fieldText } from '../../shared/csv/field.ts'
import { eachKept, type Table, tableOf } from '../filter/table.ts'

const CORPORA = path.join(import.meta.dirname, '../../../shared/corpora')

interface Suite {
  readonly csv: string
  readonly dataRows: number
  readonly cases: readonly { readonly where: string; readonly count: number; readonly md5: string }[]
}

const suites = JSON.parse(readFileSync(path.join(CORPORA, 'sqllogictest-where.json'), 'utf8')) as Suite[]

/** md5 of the kept keys, sorted as texts, each followed by a line end. */
const answer = (table: Table, where: string) => {
  const keys: string[] = []
  eachKept(table, where, (batch, r) => keys.push(fieldText(batch, r, table.columns.indexOf('pk'), table.dialect)))
  const text = keys
    .sort()
    .map((key) => `${key}\n`)
    .join('')
  return { where, count: keys.length, md5: createHash('md5').update(text).digest('hex') }
}

it('has 1,316 clauses over 39 tables', () => {
  expect([suites.reduce((sum, { cases }) => sum + cases.length, 0), suites.length]).toEqual([1316, 39])
})

describe.each(suites)('sqllogictest over $csv', ({ csv, dataRows, cases }) => {
  const table = tableOf(readFileSync(path.join(CORPORA, csv)))

  it(`keeps the published rows for each of ${cases.length} clauses`, () => {
    expect(table.batches.reduce((sum, batch) => sum + batch.count, 0)).toBe(dataRows)
    for (const { where, count, md5 } of cases) expect(answer(table, where)).toEqual({ where, count, md5 })
  })
})
