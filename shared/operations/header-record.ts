/** The header record of a file, as bytes: what every output of its rows begins with. */
import { concatBytes } from '../base/bytes.ts'
import { LIMITS } from '../base/limits.ts'
import type { Dialect } from '../csv/dialect.ts'
import { makeNaiveScanner } from '../csv/naive.ts'
import type { RecordBatch } from '../csv/record-batch.ts'
import { selectAll, selectionWords } from '../csv/selection.ts'
import { keepSelected } from './rows.ts'

export interface HeaderRecord {
  /** The record with its line end (the file's, if it had none); empty without a header. BOM and blank lines before it are dropped. */
  readonly bytes: Uint8Array
  /** Physical lines up to where the data begins. */
  readonly lines: number
}

/** The header in `head`, the file's bytes before dialect.headerEnd. */
export const headerRecord = (head: Uint8Array, dialect: Dialect): HeaderRecord => {
  const scanner = makeNaiveScanner({ dialect, start: 0, end: Number.POSITIVE_INFINITY, recordBytesMax: LIMITS.recordBytesMax })
  const pieces: Uint8Array[] = []
  const sink = { keep: (bytes: Uint8Array) => void pieces.push(bytes.slice()), reject: () => {} }
  const all = (batch: RecordBatch): void => {
    const selection = new Uint32Array(selectionWords(batch.count))
    selectAll(selection, batch.count)
    keepSelected(batch, selection, dialect, sink)
  }
  for (let at = 0; at < head.length; at += LIMITS.blockBytes) all(scanner.push(head.subarray(at, at + LIMITS.blockBytes)))
  all(scanner.finish())
  return { bytes: concatBytes(pieces), lines: scanner.counts.lines }
}
