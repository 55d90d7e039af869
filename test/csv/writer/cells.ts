/** Cells on their way through a writer: written down as a plain CSV first, because a writer reads records. */
import { concatBytes, utf8 } from '../../../shared/base/bytes.ts'
import { DEFAULT_DIALECT, type Dialect } from '../../../shared/csv/dialect.ts'
import { fieldBytes } from '../../../shared/csv/field.ts'
import { makeNaiveScanner } from '../../../shared/csv/naive.ts'
import { fieldCount, type RecordBatch } from '../../../shared/csv/record-batch.ts'
import { ByteBuffer } from '../../../shared/csv/writer/byte-buffer.ts'
import type { RecordWriter } from '../../../shared/csv/writer/record-writer.ts'

const QUOTE = utf8('"')

/** One cell, quoted. */
const quoted = (cell: Uint8Array): Uint8Array =>
  concatBytes([QUOTE, Uint8Array.from([...cell].flatMap((byte) => (byte === 34 ? [34, 34] : [byte]))), QUOTE])

/** The rows in the plainest CSV: everything quoted, or (`bare`) only what holds more than letters and digits. */
export const plainCsv = (rows: readonly (readonly Uint8Array[])[], bare: boolean): Uint8Array =>
  concatBytes(
    rows.flatMap((row) => [
      ...row.flatMap((cell, i) => [
        ...(i > 0 ? [utf8(',')] : []),
        bare && cell.length > 0 && cell.every((byte) => byte > 44 && byte !== 127) ? cell : quoted(cell),
      ]),
      utf8('\n'),
    ]),
  )

/** What the scanner hands out for these bytes, at once. */
export const batchesOf = (bytes: Uint8Array, dialect: Dialect): readonly RecordBatch[] => {
  const scanner = makeNaiveScanner({ dialect, start: 0, end: Number.POSITIVE_INFINITY, recordBytesMax: 1 << 20 })
  const copy = (batch: RecordBatch): RecordBatch => ({
    ...batch,
    bytes: batch.bytes.slice(),
    starts: batch.starts.slice(),
    ends: batch.ends.slice(),
    firstFields: batch.firstFields.slice(),
    fieldEnds: batch.fieldEnds.slice(),
  })
  return [copy(scanner.push(bytes)), copy(scanner.finish())]
}

/** The cells that these bytes hold. */
export const cellsIn = (bytes: Uint8Array, dialect: Dialect): Uint8Array[][] =>
  batchesOf(bytes, dialect).flatMap((batch) =>
    Array.from({ length: batch.count }, (_, r) =>
      Array.from({ length: fieldCount(batch, r) }, (_, f) => fieldBytes(batch, r, f, dialect).slice()),
    ),
  )

/** All records of these bytes, written. */
export const written = (writer: RecordWriter, bytes: Uint8Array, dialect: Dialect = DEFAULT_DIALECT): Uint8Array => {
  const out = new ByteBuffer()
  for (const batch of batchesOf(bytes, dialect)) for (let r = 0; r < batch.count; r++) writer.write(batch, r, out)
  return out.take().slice()
}
