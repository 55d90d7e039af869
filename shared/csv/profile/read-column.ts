/** How do cells get from a batch into a column's sketches? A column at a time, so that its tables stay in the cache; only quoted fields are copied. */
import type { Dialect } from '../dialect.ts'
import { fieldBytes } from '../field.ts'
import type { RecordBatch } from '../record-batch.ts'
import { type Cell, isNull, readCell } from './cell.ts'
import { addCell, type ColumnState } from './column.ts'

const NO_BYTE = -1

/** Takes field `c` of every record into `column`; empty and absent fields are nulls and no values. `numbers` are the records' numbers, `cell` is used for each in turn. */
export const readColumn = (
  column: ColumnState,
  batch: RecordBatch,
  c: number,
  numbers: Float64Array,
  dialect: Dialect,
  cell: Cell,
): void => {
  const { bytes, starts, firstFields, fieldEnds, count } = batch
  const quote = dialect.quote === null ? NO_BYTE : dialect.quote.charCodeAt(0)
  const isUtf8 = dialect.encoding === 'utf-8'
  for (let r = 0; r < count; r++) {
    const field = firstFields[r]! + c
    if (field >= firstFields[r + 1]!) continue
    const from = c === 0 ? starts[r]! : fieldEnds[field - 1]! + 1
    const to = fieldEnds[field]!
    if (from >= to) continue
    if (bytes[from] === quote) {
      const value = fieldBytes(batch, r, c, dialect)
      readCell(cell, value, 0, value.length, numbers[r]!, isUtf8)
    } else readCell(cell, bytes, from, to, numbers[r]!, isUtf8)
    if (!isNull(cell)) addCell(column, cell)
  }
}
