/** Is the header repeated among the data? Files that were joined by hand have it so, and each such record spoils the type of every column. */
import { compareBytes } from '../../base/bytes.ts'
import type { Dialect } from '../dialect.ts'
import { fieldBytes } from '../field.ts'
import { fieldCount, fieldEnd, fieldStart, type RecordBatch } from '../record-batch.ts'

/** Whether record `r` says exactly the columns' names. The lengths of the first fields say no for nearly all records. */
export const repeatsHeader = (batch: RecordBatch, r: number, names: readonly Uint8Array[], dialect: Dialect): boolean => {
  if (fieldCount(batch, r) !== names.length || !mayBe(batch, r, names[0]!)) return false
  return names.every((name, f) => compareBytes(fieldBytes(batch, r, f, dialect), name) === 0)
}

/** The first field is as long as the name, or longer by what quoting adds at most. */
const mayBe = (batch: RecordBatch, r: number, name: Uint8Array): boolean => {
  const length = fieldEnd(batch, r, 0) - fieldStart(batch, r, 0)
  return length === name.length || (length >= name.length + 2 && length <= 2 * name.length + 2)
}
