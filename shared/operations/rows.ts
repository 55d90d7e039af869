/** Which rows does a clause keep, and which are no rows of this table at all? Shared by the operations that go by rows. */
import type { Dialect } from '../csv/dialect.ts'
import { gatherSelected } from '../csv/kernel-batch.ts'
import { fieldCount, type RecordBatch } from '../csv/record-batch.ts'
import { eachSelected, isSelected, roomFor, type Selection, selectAll, unselect } from '../csv/selection.ts'
import type { WarningTally } from '../csv/warning-tally.ts'
import type { Filter } from '../filter/check.ts'
import { type Plan, planFilter } from '../filter/plan/plan.ts'
import type { Reject, Sink } from './operation.ts'

/** Why a record is no row of a table with so many columns; null: it is one. */
export const raggedReason = (batch: RecordBatch, r: number, columns: number): Reject['reason'] | null => {
  const fields = fieldCount(batch, r)
  if (fields === columns) return null
  return fields < columns ? 'too_few_fields' : 'too_many_fields'
}

/** Physical line of record `r`: line ends before it, from the batch's first line on. Called in rising order it reads every byte once. */
export const lineCounter = (batch: RecordBatch, newline: Dialect['newline']) => {
  const lineEnd = newline === 'lf' ? 10 : 13
  let at = 0
  let line = batch.firstLine
  return (r: number): number => {
    for (const start = batch.starts[r]!; at < start; at++) if (batch.bytes[at] === lineEnd) line++
    return line
  }
}

/** How many data records stand before record `r` of the batch, rejected lines included. */
export const recordNumber = (batch: RecordBatch, r: number): number => {
  let number = batch.firstRecord + r + 1
  for (const reject of batch.rejects) if (reject.before <= r) number++
  return number
}

/** Counts the records with too few or too many fields, whether they are kept or rejected. */
export const noteRagged = (tally: WarningTally, batch: RecordBatch, columns: number, newline: Dialect['newline']): void => {
  const lineOf = lineCounter(batch, newline)
  for (let r = 0; r < batch.count; r++) {
    const reason = raggedReason(batch, r, columns)
    if (!reason) continue
    const first = { record: recordNumber(batch, r), line: lineOf(r), byteOffset: batch.base + batch.starts[r]! }
    tally.add(reason === 'too_few_fields' ? 'ragged_short' : 'ragged_long', 1, first)
  }
}

export interface RowFilter {
  /** Selects the records of the batch that are kept (until the next call); returns how many are rejected. Rejected records are told to the sink and never kept. */
  select(batch: RecordBatch, sink: Sink): { readonly selected: Selection; readonly rejected: number }
}

/** The clause (null: every row) and the rule for ragged rows, compiled. */
export const rowFilter = (filter: Filter | null, dialect: Dialect, columns: number, ragged: 'keep' | 'reject'): RowFilter => {
  const plan = filter ? planFilter(filter, dialect) : allRows()
  return {
    select: (batch, sink) => {
      const selected = plan.select(batch)
      const mayReject = ragged === 'reject' && batch.width !== columns
      return { selected, rejected: mayReject ? rejectRagged(batch, selected, columns, dialect, sink) : 0 }
    },
  }
}

const allRows = (): Plan => {
  let every: Selection = new Uint32Array(0)
  return {
    select: ({ count }) => {
      every = roomFor(every, count)
      selectAll(every, count)
      return every
    },
  }
}

const rejectRagged = (batch: RecordBatch, selected: Selection, columns: number, dialect: Dialect, sink: Sink): number => {
  const lineOf = lineCounter(batch, dialect.newline)
  let rejected = 0
  for (let r = 0; r < batch.count; r++) {
    const reason = raggedReason(batch, r, columns)
    if (!reason) continue
    const start = batch.starts[r]!
    sink.reject({
      record: recordNumber(batch, r),
      line: lineOf(r),
      byteOffset: batch.base + start,
      reason,
      raw: batch.bytes.subarray(start, batch.ends[r]!),
    })
    unselect(selected, r)
    rejected++
  }
  return rejected
}

/** Hands the selected records to the sink as they came; a last record without a line end gets one. */
export const keepSelected = (batch: RecordBatch, selected: Selection, dialect: Dialect, sink: Sink): void => {
  if (batch.kernel) {
    const bytes = gatherSelected(batch.kernel, selected, batch.count)
    if (bytes.length > 0) sink.keep(bytes)
  } else keepRuns(batch, selected, sink)
  const last = batch.count - 1
  if (last >= 0 && isSelected(selected, last)) closeLine(batch.bytes[batch.ends[last]! - 1]!, dialect, sink)
}

/** Neighbours in one piece. */
const keepRuns = (batch: RecordBatch, selected: Selection, sink: Sink): void => {
  let from = -1
  let to = -1
  eachSelected(selected, batch.count, (r) => {
    if (batch.starts[r] !== to) {
      if (from >= 0) sink.keep(batch.bytes.subarray(from, to))
      from = batch.starts[r]!
    }
    to = batch.ends[r]!
  })
  if (from >= 0) sink.keep(batch.bytes.subarray(from, to))
}

const LF = 10
const CR = 13

/** Gives a record that ends with `last` the file's line end if it has none. A CR that is data gets CR LF behind it: by an LF alone it would become part of the line end. */
const closeLine = (last: number, dialect: Dialect, sink: Sink): void => {
  if (last === (dialect.newline === 'lf' ? LF : CR)) return
  sink.keep(last === CR ? lineEndBytes({ ...dialect, lineEnd: '\r\n' }) : lineEndBytes(dialect))
}

/** The file's line end. */
export const lineEndBytes = ({ lineEnd }: Dialect): Uint8Array => Uint8Array.from(lineEnd, (c) => c.charCodeAt(0))
