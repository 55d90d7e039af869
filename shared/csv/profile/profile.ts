/**
 * What is in this file? One pass over its records feeds a set of sketches per column; stretches of the file are profiled apart and joined.
 *
 * Everything but frequent values of large columns is the same for any split of the file: counts, ends, lengths, means and distinct estimates are exact or order-free.
 * Memory does not grow with the file: the budget is divided by the columns, and what is coarser for that says so itself (`distinct.exact`, `frequent[].error`).
 */
import { assert } from '../../base/assert.ts'
import { textOf, utf8 } from '../../base/bytes.ts'
import { LIMITS } from '../../base/limits.ts'
import { type Dialect, dialectView } from '../dialect.ts'
import { fieldCount, type RecordBatch } from '../record-batch.ts'
import { type Budget, capacityOf } from './capacity.ts'
import { makeCell } from './cell.ts'
import { ByteReader, ByteWriter } from './codec.ts'
import { type ColumnState, decodeColumn, emptyColumn, encodeColumn, mergeColumns } from './column.ts'
import { columnView } from './column-view.ts'
import { repeatsHeader } from './header-rows.ts'
import { candidateKeys } from './keys.ts'
import { readColumn } from './read-column.ts'
import type { InputWarning, Profile } from './view.ts'

/** Of the JSON and of the encoded state: raised whenever a field, a sketch, the hash, or a row of ODDITIES changes. */
const VERSION = 2

export interface ProfileState {
  readonly names: readonly string[]
  /** The same in UTF-8, as a repeated header has them. */
  readonly nameBytes: readonly Uint8Array[]
  readonly budget: Budget
  readonly columns: readonly ColumnState[]
  /** Records looked at. */
  rows: number
  /** Records met, rejected lines included: what record numbers count. */
  records: number
  /** Records with fewer and with more fields than there are columns. */
  short: number
  long: number
  /** Records that repeat the header; the first of them by its number. */
  headerRows: number
  firstHeaderRow: number
}

export interface ProfileMeta {
  readonly file: string
  readonly etag: string
  readonly dialect: Dialect
  readonly blankLines: number
  /** What the scanner met in the whole file. */
  readonly warnings?: readonly InputWarning[]
}

/** The profile of no records. States that are to be merged have the same budget. */
export const startProfile = (
  columns: readonly string[],
  { budgetBytes = LIMITS.profileBudgetBytes, keepsFrequent = true }: Partial<Budget> = {},
): ProfileState => {
  const budget = { budgetBytes, keepsFrequent }
  const capacity = capacityOf(columns.length, budget)
  return {
    names: columns,
    nameBytes: columns.map(utf8),
    budget,
    columns: columns.map(() => emptyColumn(capacity)),
    rows: 0,
    records: 0,
    short: 0,
    long: 0,
    headerRows: 0,
    firstHeaderRow: 0,
  }
}

/** The number of each record of a batch, from 1 where the profile began; rejected lines have a number too. */
const recordNumbers = (records: number, { count, rejects }: RecordBatch): Float64Array => {
  const numbers = new Float64Array(count)
  for (let r = 0, rejected = 0; r < count; r++) {
    while (rejected < rejects.length && rejects[rejected]!.before <= r) rejected++
    numbers[r] = records + r + rejected + 1
  }
  return numbers
}

/** Takes all records of `batch` in. Keeps nothing of the batch, which the scanner may use again. */
export const addBatch = (state: ProfileState, batch: RecordBatch, dialect: Dialect): void => {
  const numbers = recordNumbers(state.records, batch)
  const cell = makeCell()
  for (let r = 0; r < batch.count; r++) {
    const fields = fieldCount(batch, r)
    if (fields < state.names.length) state.short++
    else if (fields > state.names.length) state.long++
    if (dialect.header && repeatsHeader(batch, r, state.nameBytes, dialect) && state.headerRows++ === 0) state.firstHeaderRow = numbers[r]!
  }
  for (const [c, column] of state.columns.entries()) readColumn(column, batch, c, numbers, dialect, cell)
  state.rows += batch.count
  state.records += batch.count + batch.rejects.length
}

const isSame = (a: Budget, b: Budget): boolean => a.budgetBytes === b.budgetBytes && a.keepsFrequent === b.keepsFrequent

/** Takes the profile of the stretch right of `left` into `left` and returns the whole; `left` is used up, `right` stays as it was. Associative. */
export const mergeProfiles = (left: ProfileState, right: ProfileState): ProfileState => {
  assert(left.names.length === right.names.length && isSame(left.budget, right.budget), 'profiles of one file are merged')
  return {
    ...left,
    columns: left.columns.map((column, c) => mergeColumns(column, right.columns[c]!, left.records)),
    rows: left.rows + right.rows,
    records: left.records + right.records,
    short: left.short + right.short,
    long: left.long + right.long,
    headerRows: left.headerRows + right.headerRows,
    firstHeaderRow: left.headerRows > 0 || right.headerRows === 0 ? left.firstHeaderRow : left.records + right.firstHeaderRow,
  }
}

const headerWarnings = ({ headerRows, firstHeaderRow }: ProfileState): string[] =>
  headerRows === 0 ? [] : [`The header is repeated in ${headerRows} of the records, first in record ${firstHeaderRow}.`]

/** The profile as JSON. `rows` counts records that were looked at, not the rejected ones. */
export const profileView = (state: ProfileState, { file, etag, dialect, blankLines, warnings = [] }: ProfileMeta): Profile => {
  const { names, rows, short, long, headerRows, firstHeaderRow } = state
  const { hashesMax, slotsMax, bucketsMax } = capacityOf(names.length, state.budget)
  const columns = state.columns.map((column, c) => columnView(c, names[c]!, column, rows, c === 0 ? headerWarnings(state) : []))
  return {
    version: VERSION,
    file,
    etag,
    rows,
    blank_lines: blankLines,
    ragged: { short, long },
    header_repeated: headerRows === 0 ? null : { count: headerRows, first: { record: firstHeaderRow } },
    dialect: dialectView(dialect),
    candidate_keys: candidateKeys(columns, rows),
    precision: { distinct_max: hashesMax, frequent_max: slotsMax, buckets_max: bucketsMax },
    warnings,
    columns,
  }
}

/** The state as bytes, for the way between chunks; decodeProfile gives it back. */
export const encodeProfile = (state: ProfileState): Uint8Array => {
  const to = new ByteWriter()
  to.count(VERSION)
  to.count(state.budget.budgetBytes)
  to.count(state.budget.keepsFrequent ? 1 : 0)
  for (const counter of [state.rows, state.records, state.short, state.long, state.headerRows, state.firstHeaderRow]) to.count(counter)
  to.count(state.names.length)
  for (const name of state.names) to.text(utf8(name))
  for (const column of state.columns) encodeColumn(column, to)
  return to.done()
}

/** The state that encodeProfile wrote. Throws AssertionError for bytes of another version or with something missing. */
export const decodeProfile = (bytes: Uint8Array): ProfileState => {
  const from = new ByteReader(bytes)
  assert(from.count() === VERSION, 'a profile is read by the version that wrote it')
  const budget = { budgetBytes: from.count(), keepsFrequent: from.count() === 1 }
  const [rows, records, short, long, headerRows, firstHeaderRow] = [
    from.count(),
    from.count(),
    from.count(),
    from.count(),
    from.count(),
    from.count(),
  ]
  const names = Array.from({ length: from.count() }, () => textOf(from.text()))
  const capacity = capacityOf(names.length, budget)
  const columns = names.map(() => decodeColumn(from, capacity))
  assert(from.isAtEnd, 'an encoded profile ends with its last sketch')
  return { names, nameBytes: names.map(utf8), budget, columns, rows, records, short, long, headerRows, firstHeaderRow }
}
