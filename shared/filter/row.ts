/**
 * What does a compiled clause read? One record at a time, each column and each cast of it at most once per record, and only when something asks for it.
 */
import type { Dialect } from '../csv/dialect.ts'
import { fieldBytes } from '../csv/field.ts'
import type { RecordBatch } from '../csv/record-batch.ts'
import { type Expr, repeatedIn, type Value } from './expr.ts'

/** The record that is asked about. One object serves all records; `turn` is another number for each, also across batches. */
export interface Row {
  batch: RecordBatch
  r: number
  turn: number
}

/** The value of a node for a record. */
export type Read<V = Value> = (row: Row) => V | null

export interface Workshop {
  readonly dialect: Dialect
  /** Columns and their casts, and nodes with several parents: each compiled once however often the clause needs them. */
  readonly shared: Map<string | Expr, Read>
  /** The nodes with several parents. */
  readonly repeated: ReadonlySet<Expr>
}

/** The workshop in which an expression, whole or part by part, is compiled. */
export const makeWorkshop = (dialect: Dialect, expr: Expr): Workshop => ({ dialect, shared: new Map(), repeated: repeatedIn(expr) })

/** Asks `read` at most once per record. */
const oncePerRecord = (read: Read): Read => {
  let turn = -1
  let value: Value = null
  return (row) => {
    if (turn !== row.turn) {
      value = read(row)
      turn = row.turn
    }
    return value
  }
}

/** The one reader for a key; `make` makes it when it is first asked for. */
export const sharedRead = (workshop: Workshop, key: string | Expr, make: () => Read): Read => {
  const known = workshop.shared.get(key)
  if (known) return known
  const read = oncePerRecord(make())
  workshop.shared.set(key, read)
  return read
}

/** The bytes of a column; an empty field is NULL, and so is one beyond the end of a short record. */
export const readColumn =
  (index: number, dialect: Dialect): Read =>
  (row) => {
    const bytes = fieldBytes(row.batch, row.r, index, dialect)
    return bytes.length === 0 ? null : bytes
  }
