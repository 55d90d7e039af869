/** A table for tests of filters: bytes through the real scanner, the clause's rows out. */
import { expect } from 'vitest'
import { textOf, utf8 } from '../../shared/base/bytes.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { DEFAULT_DIALECT, type Dialect } from '../../shared/csv/dialect.ts'
import { fieldBytes } from '../../shared/csv/field.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import { fieldCount, type RecordBatch } from '../../shared/csv/record-batch.ts'
import { eachSelected, isSelected, selectionWords } from '../../shared/csv/selection.ts'
import { checkClause, type Filter } from '../../shared/filter/check.ts'
import type { ClauseError } from '../../shared/filter/clause.ts'
import { compileFilter, compileValue } from '../../shared/filter/evaluate.ts'
import type { Type, Value } from '../../shared/filter/expr.ts'
import { planFilter } from '../../shared/filter/plan/plan.ts'
import { makeWorkshop } from '../../shared/filter/row.ts'
import { makeKernelScanner } from '../support/kernel.ts'
import { scanOptions } from '../support/scan.ts'

export interface Table {
  /** The whole list. */
  readonly bytes: Uint8Array
  readonly columns: readonly string[]
  /** The header record's bytes, without a byte order mark. */
  readonly header: Uint8Array
  readonly dialect: Dialect
  readonly batches: readonly RecordBatch[]
}

const BOM_BYTES = 3

const snapshot = (batch: RecordBatch): RecordBatch => ({
  ...batch,
  bytes: batch.bytes.slice(),
  starts: batch.starts.slice(0, batch.count),
  ends: batch.ends.slice(0, batch.count),
  firstFields: batch.firstFields.slice(0, batch.count + 1),
  fieldEnds: batch.fieldEnds.slice(0, batch.firstFields[batch.count]),
})

const scan = (bytes: Uint8Array, dialect: Dialect, start: number, end: number): RecordBatch[] => {
  const scanner = makeNaiveScanner({ dialect, start, end, recordBytesMax: LIMITS.recordBytesMax })
  const batches: RecordBatch[] = []
  for (let at = start; at < bytes.length && !scanner.done; at += LIMITS.blockBytes)
    batches.push(snapshot(scanner.push(bytes.subarray(at, at + LIMITS.blockBytes))))
  if (!scanner.done) batches.push(snapshot(scanner.finish()))
  return batches.filter((batch) => batch.count > 0)
}

/** Reads a CSV with a header, comma and double quote. */
export const tableOf = (bytes: Uint8Array): Table => {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? BOM_BYTES : 0
  const head = scan(bytes, DEFAULT_DIALECT, start, start + 1)[0]!
  const header = head.bytes.slice(head.starts[0]!, head.ends[0]!)
  const dialect = { ...DEFAULT_DIALECT, bom: start > 0, headerEnd: start + header.length }
  const columns = Array.from({ length: fieldCount(head, 0) }, (_, f) => textOf(fieldBytes(head, 0, f, DEFAULT_DIALECT)))
  return { bytes, columns, header, dialect, batches: scan(bytes, dialect, dialect.headerEnd, Number.POSITIVE_INFINITY) }
}

/** The checked clause; throws its mistake as text. */
export const filterOf = (clause: string, columns: readonly string[]): Filter => {
  const checked = checkClause(clause, columns)
  if (!checked.ok) throw new Error(`${clause}: ${checked.error.text}`)
  return checked.filter
}

/** The mistake of a clause; throws if it has none. */
export const mistakeOf = (clause: string, columns: readonly string[]): ClauseError => {
  const checked = checkClause(clause, columns)
  if (checked.ok) throw new Error(`${clause}: no mistake`)
  return checked.error
}

/** What the kernel's plan keeps of the same bytes, as indexes of records counted from 0. */
const keptByPlan = (table: Table, filter: Filter): number[] => {
  const { bytes, dialect, columns } = table
  const plan = planFilter(filter, dialect)
  const scanner = makeKernelScanner(scanOptions({ dialect, start: dialect.headerEnd, columns: columns.length }))
  const kept: number[] = []
  let before = 0
  const take = (batch: RecordBatch): void => {
    eachSelected(plan.select(batch), batch.count, (r) => void kept.push(before + r))
    before += batch.count
  }
  for (let at = dialect.headerEnd; at < bytes.length; at += LIMITS.blockBytes)
    take(scanner.push(bytes.subarray(at, at + LIMITS.blockBytes)))
  take(scanner.finish())
  return kept
}

/** Calls `keep` for each record that the clause keeps; `index` counts data records from 0. The twin says which; the kernel's plan must say the same. */
export const eachKept = (table: Table, clause: string, keep: (batch: RecordBatch, r: number, index: number) => void): void => {
  const filter = filterOf(clause, table.columns)
  const select = compileFilter(filter, table.dialect)
  const kept: number[] = []
  let before = 0
  for (const batch of table.batches) {
    const selected = new Uint32Array(selectionWords(batch.count))
    select(batch, selected)
    for (let r = 0; r < batch.count; r++) {
      if (!isSelected(selected, r)) continue
      keep(batch, r, before + r)
      kept.push(before + r)
    }
    before += batch.count
  }
  expect(keptByPlan(table, filter)).toEqual(kept)
}

/** Indexes of the kept records, counted from 0. */
export const keptRows = (table: Table, clause: string): number[] => {
  const kept: number[] = []
  eachKept(table, clause, (_batch, _r, index) => kept.push(index))
  return kept
}

/** A table of the columns `a`, `b`, …; null is an empty field, everything else is quoted, so that any text can stand in it. */
export const tableOfRows = (rows: readonly (readonly (string | null)[])[]): Table => {
  const names = rows[0]!.map((_, i) => String.fromCharCode(0x61 + i))
  const fields = rows.map((row) => row.map((value) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)).join(','))
  return tableOf(utf8(`${[...names, 'end'].join(',')}\n${fields.map((line) => `${line},.\n`).join('')}`))
}

/** The value of an expression for each record, and its type. */
export const valuesOf = (table: Table, expression: string): { type: Type; values: Value[] } => {
  const { expr } = filterOf(`(${expression}) IS NULL`, table.columns)
  if (expr.kind !== 'is') throw new Error(`${expression}: no value`)
  const read = compileValue(expr.operand, makeWorkshop(table.dialect, expr))
  const values: Value[] = []
  for (const batch of table.batches) for (let r = 0; r < batch.count; r++) values.push(read({ batch, r, turn: values.length }))
  return { type: expr.operand.type, values }
}
