/** Hands the selected records of a batch to the sink: as they came, or through a writer. What a writer had to change is counted, with the place of the first. */
import type { Dialect } from '../csv/dialect.ts'
import { fieldStart, type RecordBatch } from '../csv/record-batch.ts'
import type { Warning } from '../csv/scanner.ts'
import { eachSelected, type Selection } from '../csv/selection.ts'
import { WarningTally } from '../csv/warning-tally.ts'
import { ByteBuffer } from '../csv/writer/byte-buffer.ts'
import type { NoteChange, RecordWriter } from '../csv/writer/record-writer.ts'
import type { Sink } from './operation.ts'
import { keepSelected, lineCounter, recordNumber } from './rows.ts'

export interface Keeper {
  keep(batch: RecordBatch, selected: Selection, sink: Sink): void
  /** Places count from where the scan began, like a scanner's. */
  readonly warnings: readonly Warning[]
}

/** Records leave as they came. */
export const verbatimKeeper = (dialect: Dialect): Keeper => ({
  keep: (batch, selected, sink) => keepSelected(batch, selected, dialect, sink),
  warnings: [],
})

/** Written records are handed on once there are so many bytes of them. */
const HAND_ON_BYTES = 64 * 1024

/** Records are written anew. */
export const writingKeeper = (makeWriter: (note: NoteChange) => RecordWriter, dialect: Dialect): Keeper => {
  const tally = new WarningTally()
  const buffer = new ByteBuffer()
  const writer = makeWriter((code, batch, r, f) => {
    const at = fieldStart(batch, r, f)
    tally.add(code, 1, () => ({
      record: recordNumber(batch, r),
      line: lineCounter(batch, dialect.newline)(r),
      byteOffset: batch.base + at,
    }))
  })
  return {
    keep: (batch, selected, sink) => {
      eachSelected(selected, batch.count, (r) => {
        writer.write(batch, r, buffer)
        if (buffer.length >= HAND_ON_BYTES) sink.keep(buffer.take())
      })
      if (buffer.length > 0) sink.keep(buffer.take())
    },
    get warnings() {
      return tally.list()
    },
  }
}
