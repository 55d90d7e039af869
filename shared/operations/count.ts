/** Says how many rows a clause would keep, and shows the first of them, without making a file. */
import { z } from 'zod'
import { concatBytes, textOf } from '../base/bytes.ts'
import { LIMITS } from '../base/limits.ts'
import type { Dialect } from '../csv/dialect.ts'
import type { RecordBatch } from '../csv/record-batch.ts'
import { countSelected, eachSelected, type Selection, select, selectionWords } from '../csv/selection.ts'
import { addHead, addRecord, decodeHead, emptyHead, encodeHead, type Head, isFull } from './head.ts'
import { define } from './operation.ts'
import { keepSelected, rowFilter } from './rows.ts'
import { boundClause, normalClause, rowFields } from './spec.ts'

/** One record as it would be written. */
const writtenRecord = (batch: RecordBatch, r: number, dialect: Dialect): Uint8Array => {
  const pieces: Uint8Array[] = []
  const only = new Uint32Array(selectionWords(r + 1))
  select(only, r)
  keepSelected({ ...batch, count: r + 1 }, only, dialect, { keep: (bytes) => pieces.push(bytes), reject: () => {} })
  return concatBytes(pieces)
}

const showFirst = (head: Head, rows: number, batch: RecordBatch, selected: Selection, dialect: Dialect): void => {
  if (isFull(head, rows)) return
  eachSelected(selected, batch.count, (r) => {
    addRecord(head, writtenRecord(batch, r, dialect), rows)
    return !isFull(head, rows)
  })
}

export const count = define({
  name: 'count',
  title: 'Count',
  summary: 'Says how many rows a clause would keep and shows the first of them, without making a file.',
  spec: z.strictObject({
    ...rowFields,
    head: z.int().min(0).max(LIMITS.headRowsMax).default(0).describe('How many of the kept rows to show.'),
  }),
  makes: 'answer',
  edge: 'DERIVED_FROM',
  suffix: '',
  normalise: (spec) => ({ ...spec, where: normalClause(spec.where) }),
  bind: (spec, { columns, dialect }) => {
    const clause = boundClause(spec.where, columns)
    return {
      pass: () => {
        const rows = rowFilter(clause, dialect, columns.length, spec.ragged)
        const head = emptyHead()
        return {
          add: (batch, sink) => {
            const { selected, rejected } = rows.select(batch, sink)
            const out = countSelected(selected, batch.count)
            showFirst(head, spec.head, batch, selected, dialect)
            return { out, filtered: batch.count - out - rejected, rejected }
          },
          state: () => encodeHead(head),
        }
      },
      merge: (left, right) => {
        const head = decodeHead(left)
        addHead(head, decodeHead(right), spec.head)
        return encodeHead(head)
      },
      finish: (state, { header }) => {
        const { records, isTruncated } = decodeHead(state)
        return {
          head: textOf(concatBytes(spec.head > 0 ? [header, ...records] : [])),
          head_rows: records.length,
          head_truncated: isTruncated,
        }
      },
    }
  },
})
