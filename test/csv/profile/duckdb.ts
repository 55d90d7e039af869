/**
 * Does a profile say what DuckDB says? Its answers over the same file read as text (version in the answers): count(c), count(DISTINCT c), min(c), max(c) and length(c) of every column;
 * where all values cast to DOUBLE, min, max, favg, stddev_samp (of x - favg, so that it has all its digits) and quantile_disc of the doubles; where all cast to DATE or TIMESTAMP, min, max and quantile_disc of those.
 */
import { expect } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import type { ColumnProfile, Profile } from '../../../shared/csv/profile/view.ts'

interface ColumnAnswer {
  readonly name: string
  readonly values: number
  readonly distinct: number
  readonly min: string | null
  readonly max: string | null
  /** Least, greatest and mean number of code points. */
  readonly length: readonly number[] | null
  /** p01, p05, p25, p50, p75, p95, p99. */
  readonly number?: {
    readonly min: number
    readonly max: number
    readonly mean: number
    readonly stddev: number | null
    readonly quantiles: readonly number[]
  }
  readonly time?: { readonly type: string; readonly min: string; readonly max: string; readonly quantiles: readonly string[] }
}

export interface Answers {
  readonly duckdb: string
  readonly rows: number
  readonly columns: readonly ColumnAnswer[]
}

/** Texts are shown up to so many bytes. */
const SHOWN_BYTES = 64

const expectNear = (what: string, value: number | null, expected: number, error: number): void =>
  expect(Math.abs(value! - expected), `${what}: ${value}, DuckDB ${expected}`).toBeLessThanOrEqual(Math.abs(expected) * error)

/** Equal, or the same beginning where the profile says that there is more. */
const expectText = (what: string, shown: unknown, expected: string | null): void => {
  if (expected === null || utf8(expected).length <= SHOWN_BYTES) expect(shown, what).toBe(expected)
  else expect(expected.startsWith(String(shown).slice(0, -1)), what).toBe(true)
}

const quantilesOf = ({ quantiles }: ColumnProfile): (number | string)[] => Object.values(quantiles!).slice(0, -1)

const expectNumbers = (what: string, column: ColumnProfile, answer: NonNullable<ColumnAnswer['number']>): void => {
  expect(['integer', 'decimal'], what).toContain(column.type)
  expect([column.min, column.max], what).toEqual([answer.min + 0, answer.max + 0])
  expectNear(`${what} mean`, column.mean, answer.mean, 1e-12)
  if (answer.stddev === null) expect(column.stddev, what).toBeNull()
  else expectNear(`${what} stddev`, column.stddev, answer.stddev, 1e-12)
  for (const [i, value] of quantilesOf(column).entries())
    expectNear(`${what} quantile ${i}`, Number(value), answer.quantiles[i]!, column.quantiles!.error)
}

const expectTimes = (what: string, column: ColumnProfile, { type, min, max, quantiles }: NonNullable<ColumnAnswer['time']>): void => {
  const iso = (text: string) => text.replace(' ', 'T')
  expect(column.type.toUpperCase(), what).toBe(type)
  expect([column.min, column.max], what).toEqual([iso(min), iso(max)])
  const unitMs = type === 'DATE' ? 86_400_000 : 1_000
  for (const [i, value] of quantilesOf(column).entries())
    expect(Math.abs(Date.parse(String(value)) - Date.parse(iso(quantiles[i]!))), `${what} quantile ${i}`).toBeLessThanOrEqual(
      column.quantiles!.error * unitMs,
    )
}

const expectColumn = (what: string, column: ColumnProfile, answer: ColumnAnswer, rows: number): void => {
  const { distinct, length } = column
  expect(rows - column.nulls, what).toBe(answer.values)
  if (distinct.exact) expect(distinct.value, what).toBe(answer.distinct)
  else expectNear(`${what} distinct`, distinct.value, answer.distinct, 4 * distinct.error)
  if (column.unique !== null) expect(column.unique, what).toBe(answer.distinct === answer.values)
  expect(length && [length.min, length.max], what).toEqual(answer.length?.slice(0, 2) ?? null)
  if (length) expectNear(`${what} length`, length.mean, answer.length![2]!, 1e-12)
  if (answer.number) expectNumbers(what, column, answer.number)
  else if (answer.time) expectTimes(what, column, answer.time)
  else expectOther(what, column, answer)
}

const expectOther = (what: string, column: ColumnProfile, answer: ColumnAnswer): void => {
  expect(['text', 'boolean', 'empty'], what).toContain(column.type)
  expectText(`${what} min`, column.min, answer.min)
  expectText(`${what} max`, column.max, answer.max)
}

/** Holds every figure of a profile that DuckDB has too to DuckDB's: equal where it is exact, else within the stated error. */
export const expectAsDuckDb = ({ rows, columns }: Profile, answers: Answers): void => {
  expect(rows).toBe(answers.rows)
  expect(columns.map(({ name }) => name)).toEqual(answers.columns.map(({ name }) => name))
  for (const [c, column] of columns.entries()) expectColumn(column.name, column, answers.columns[c]!, rows)
}
