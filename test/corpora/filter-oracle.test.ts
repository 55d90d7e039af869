/**
 * DuckDB's own answers: the clauses of the oracle that use no function, arithmetic or regular expression, over real files, equal in rows and in output bytes.
 * Which clauses those are is decided by the clause's own signs, apart from our parser, and their number per file is part of the test.
 */
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

/** [file, clauses that the language has today, clauses in all] */
const FILES = [
  ['ourairports_runways', 35, 120],
  ['fte_mayweather_tweets', 33, 120],
  ['nga_constituents_text_entries', 32, 120],
  ['nga_media_items', 29, 120],
  ['ourairports_countries', 23, 120],
] as const

const TEXTS_AND_NAMES = /'(?:[^']|'')*'|"(?:[^"]|"")*"/g
const FUNCTION_CALL = /\b(?!(?:AND|OR|NOT|IN|CAST|TRY_CAST)\b)[A-Z_]\w*\s*\(/i
/** A sign before a number is the number's own if something that is no operand stands before it. */
const SIGN_OF_NUMBER = /((?:^|[=<>(,]|\b(?:AND|OR|NOT|BETWEEN|IN|FROM)\b)\s*)[-+]+(?=\s*[\d.])/gi
const OPERATOR = /[-+*/%]|\|\|/

/** True if the clause calls no function, computes nothing and uses no regular expression. Texts and quoted names are taken out first. */
const isInLanguage = (where: string): boolean => {
  const bare = where.replace(TEXTS_AND_NAMES, (quoted) => (quoted.startsWith("'") ? "''" : 'q')).replace(/(\d)[eE][-+]?\d/g, '$1')
  return !FUNCTION_CALL.test(bare) && !/\bREGEXP\b/i.test(bare) && !OPERATOR.test(bare.replace(SIGN_OF_NUMBER, '$1'))
}

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

describe.each(FILES)('DuckDB over %s', (name, inLanguage, all) => {
  const oracle = JSON.parse(readFileSync(path.join(SHARED, 'oracle/cases', `${name}.json`), 'utf8')) as OracleFile
  const cases = oracle.cases.filter(({ where }) => isInLanguage(where))
  const table = tableOf(readFileSync(path.join(SHARED, 'data', oracle.csv)))

  it(`has ${inLanguage} of ${all} clauses in the language`, () => {
    expect([cases.length, oracle.cases.length]).toEqual([inLanguage, all])
  })

  it('has the columns and rows that we read', () => {
    expect(table.columns).toEqual(oracle.columns)
    expect(table.batches.reduce((sum, batch) => sum + batch.count, 0)).toBe(oracle.dataRows)
  })

  it('keeps the same rows and the same bytes for each clause', () => {
    for (const { where, count, md5Idx, md5Out } of cases) expect(answer(table, where)).toEqual({ where, count, md5Idx, md5Out })
  })
})
