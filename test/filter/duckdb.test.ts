/**
 * DuckDB 1.5.6's own answers, for every function of the table and every operator: one expression a line, with the inputs and what DuckDB said of each.
 * A number that JSON cannot write is a text ("NaN", "-0"), a date is in days, a timestamp in microseconds as a text.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { textOf } from '../../shared/base/bytes.ts'
import type { Type, Value } from '../../shared/filter/expr.ts'
import { FUNCTIONS } from '../../shared/filter/functions.ts'
import { tableOfRows, valuesOf } from './table.ts'

interface Answers {
  readonly expr: string
  readonly type: Type
  /** Inputs, and the answer last. */
  readonly rows: readonly (readonly (string | number | boolean | null)[])[]
}

const ANSWERS = readFileSync(path.join(import.meta.dirname, 'duckdb-answers.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Answers)

const infinite = (value: number | bigint): string | null =>
  value === Number.POSITIVE_INFINITY ? 'infinity' : value === Number.NEGATIVE_INFINITY ? '-infinity' : null

const SHOWN: { readonly [T in Type]?: (value: never) => unknown } = {
  text: (value: Uint8Array) => textOf(value),
  number: (value: number) => (Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value)),
  date: (value: number) => infinite(value) ?? value,
  timestamp: (value: number | bigint) => infinite(value) ?? String(value),
}

const shown = (type: Type, value: Value): unknown => (value === null ? null : ((SHOWN[type] as (v: Value) => unknown)?.(value) ?? value))

describe('DuckDB says', () => {
  it.each(ANSWERS.map((answers) => [answers.expr, answers] as const))('%s', (expr, { type, rows }) => {
    const table = tableOfRows(rows.map((row) => row.slice(0, -1) as (string | null)[]))
    const ours = valuesOf(table, expr)
    expect(ours.type).toBe(type)
    expect(rows.map((row, i) => [...row.slice(0, -1), shown(type, ours.values[i]!)])).toEqual(rows)
  })

  it('something about every function', () => {
    const asked = new Set(ANSWERS.flatMap(({ expr }) => [...expr.matchAll(/([a-z_]+)\(/g)].map(([, name]) => name)))
    const known = FUNCTIONS.flatMap(({ rows }) => rows.map(({ name }) => name))
    expect(known.filter((name) => !asked.has(name))).toEqual([])
  })
})
