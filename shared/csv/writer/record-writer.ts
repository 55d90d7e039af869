/**
 * The contract of a writer: a record's fields in, bytes of another spelling out, whole lines each. Lines join by lying one after the other.
 * A writer reads fields as bytes and makes no string per cell. Records that stay as they came need none: their bytes are copied as runs.
 */
import type { RecordBatch } from '../record-batch.ts'
import type { ByteBuffer } from './byte-buffer.ts'

/** What a writer had to change in a field: see WarningCode. `f` counts the record's fields from 0. */
export type NoteChange = (code: 'formula_guarded' | 'utf8_replaced', batch: RecordBatch, r: number, f: number) => void

export interface RecordWriter {
  /** Puts record `r` behind what is in `out`. */
  write(batch: RecordBatch, r: number, out: ByteBuffer): void
  /** Puts the line that names the columns behind what is in `out`; nothing where each record names its own. `names`: as bytes, in the order of the output. */
  writeNames(names: readonly Uint8Array[], out: ByteBuffer): void
  /** Bytes that the shortest record comes to: what is written for fields that it does not have included. */
  readonly shortestBytes: number
}
