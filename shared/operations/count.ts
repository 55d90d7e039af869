/** Says how many rows a clause would keep, and shows the first of them, without making a file. */
import { z } from 'zod'
import { concatBytes, textOf } from '../base/bytes.ts'
import { LIMITS } from '../base/limits.ts'
import type { RecordBatch } from '../csv/record-batch.ts'
import { eachSelected, type Selection, select, selectionWords } from '../csv/selection.ts'
import { bindRows } from './choice.ts'
import { addHead, addRecord, decodeHead, emptyHead, encodeHead, type Head, isFull } from './head.ts'
import type { Keeper } from './keeper.ts'
import { define } from './operation.ts'
import { bindOutput } from './output.ts'
import { outputFields, refuseUnfit } from './output-spec.ts'
import { normalRows, rowFields } from './spec.ts'

/** One record as it would be written. A plain copy: the kernel gathers by a selection of the whole batch. */
const writtenRecord = (batch: RecordBatch, r: number, keeper: Keeper): Uint8Array => {
  const pieces: Uint8Array[] = []
  const only = new Uint32Array(selectionWords(r + 1))
  select(only, r)
  keeper.keep({ ...batch, count: r + 1, kernel: null }, only, { keep: (bytes) => pieces.push(bytes.slice()), reject: () => {} })
  return concatBytes(pieces)
}

const showFirst = (head: Head, rows: number, batch: RecordBatch, selected: Selection, keeper: Keeper): void => {
  if (isFull(head, rows)) return
  eachSelected(selected, batch.count, (r) => {
    addRecord(head, writtenRecord(batch, r, keeper), rows)
    return !isFull(head, rows)
  })
}

export const count = define({
  name: 'count',
  title: 'Count',
  summary: 'Says how many rows a clause would keep and shows the first of them, without making a file.',
  spec: z.strictObject({
    ...rowFields,
    ...outputFields,
    head: z.int().min(0).max(LIMITS.headRowsMax).default(0).describe('How many of the kept rows to show.'),
  }),
  makes: 'answer',
  edge: 'DERIVED_FROM',
  normalise: (spec) => {
    refuseUnfit(spec)
    return normalRows(spec)
  },
  bind: (spec, input) => {
    const startRows = bindRows(spec, input)
    const output = bindOutput(spec, input)
    return {
      isSequential: false,
      output,
      pass: () => {
        const rows = startRows(null)
        const keeper = output.keeper()
        const head = emptyHead()
        return {
          add: (batch, sink) => {
            const { selected, counts } = rows.choose(batch, sink)
            showFirst(head, spec.head, batch, selected, keeper)
            return counts
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
          head: textOf(concatBytes(spec.head > 0 ? [output.header(header), ...records] : [])),
          head_rows: records.length,
          head_truncated: isTruncated,
        }
      },
    }
  },
})
