/**
 * Do two contenders agree? Asked before anything is timed: a faster wrong answer is no answer. Bytes where they are equal; else row by row, as csv-parse reads them, because a writer may
 * quote otherwise than the list does; counts and profiles by what both of them tell.
 */
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { parse } from 'csv-parse'
import type { ColumnFacts, Outcome } from './contender.ts'

export interface Answer {
  readonly outcome: Outcome
  /** Where the kept rows were written. */
  readonly file: string
}

/** How two answers agree, or in what they differ. */
export type Agreement =
  | { readonly ok: true; readonly by: 'bytes' | 'rows' | 'count' | 'profile' }
  | { readonly ok: false; readonly why: string }

const hasEqualBytes = (left: string, right: string): boolean =>
  statSync(left).size === statSync(right).size && readFileSync(left).equals(readFileSync(right))

const rowsOf = (file: string, delimiter: string): AsyncIterator<string[], undefined> =>
  createReadStream(file)
    .pipe(parse({ delimiter, relax_quotes: true, relax_column_count: true, skip_empty_lines: true }))
    [Symbol.asyncIterator]()

const SHOWN_CHARS = 120
const shown = (row: readonly string[] | undefined): string => (row ? JSON.stringify(row).slice(0, SHOWN_CHARS) : 'no row')

const sameRow = (left: readonly string[] | undefined, right: readonly string[] | undefined): boolean =>
  left !== undefined && right !== undefined && left.length === right.length && left.every((cell, c) => cell === right[c])

/** The first place where two files hold different rows; null: they hold the same. */
export const firstDifference = async (left: string, right: string, delimiter: string): Promise<string | null> => {
  const [ours, theirs] = [rowsOf(left, delimiter), rowsOf(right, delimiter)]
  for (let row = 0; ; row++) {
    const [a, b] = await Promise.all([ours.next(), theirs.next()])
    if (a.done && b.done) return null
    if (!sameRow(a.value, b.value)) return `row ${row} of the output: ours ${shown(a.value)}, theirs ${shown(b.value)}`
  }
}

const filesAgree = async (ours: Answer, theirs: Answer, delimiter: string): Promise<Agreement> => {
  if (hasEqualBytes(ours.file, theirs.file)) return { ok: true, by: 'bytes' }
  const why = await firstDifference(ours.file, theirs.file, delimiter)
  return why === null ? { ok: true, by: 'rows' } : { ok: false, why }
}

/** Sums over millions of values differ in their last digits by the order of the additions; percentages are told with two digits. */
const RELATIVE = 1e-9
const PERCENT = 0.0051

const near = (left: unknown, right: unknown): boolean =>
  typeof left === 'number' && typeof right === 'number' ? Math.abs(left - right) <= RELATIVE * Math.abs(left) : left === right

const columnDifference = (ours: ColumnFacts, theirs: ColumnFacts): string | null => {
  if (Math.abs(ours.nullPercent - theirs.nullPercent) > PERCENT) return `nulls ${ours.nullPercent} and ${theirs.nullPercent} %`
  for (const fact of ['min', 'max', 'mean'] as const)
    if (theirs[fact] !== undefined && !near(ours[fact], theirs[fact])) return `${fact} ${ours[fact]} and ${theirs[fact]}`
  return null
}

const profilesAgree = (ours: readonly ColumnFacts[], theirs: readonly ColumnFacts[]): Agreement => {
  for (const [c, column] of ours.entries()) {
    const other = theirs[c]
    if (other?.name !== column.name) return { ok: false, why: `column ${c} is ${column.name} and ${other?.name}` }
    const why = columnDifference(column, other)
    if (why) return { ok: false, why: `${column.name}: ${why}` }
  }
  return { ok: true, by: 'profile' }
}

/** Compares what two contenders made of the same task. */
export const agree = async (
  operation: 'filter' | 'count' | 'analyse',
  ours: Answer,
  theirs: Answer,
  delimiter: string,
): Promise<Agreement> => {
  const [left, right] = [ours.outcome.rows, theirs.outcome.rows]
  if (left !== null && right !== null && left !== right) return { ok: false, why: `${left} rows and ${right}` }
  if (operation === 'filter') return filesAgree(ours, theirs, delimiter)
  if (operation === 'analyse') return profilesAgree(ours.outcome.columns ?? [], theirs.outcome.columns ?? [])
  return right === null ? { ok: false, why: 'it told no count' } : { ok: true, by: 'count' }
}
