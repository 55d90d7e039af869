/** The header record of a file, as bytes: what every output of its rows begins with. */
import { concatBytes } from '../base/bytes.ts'
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Dialect } from '../csv/dialect.ts'
import { makeNaiveScanner } from '../csv/naive.ts'
import { roomFor, selectAll } from '../csv/selection.ts'
import { blocks } from '../files/blocks.ts'
import { keepSelected } from '../operations/rows.ts'
import type { Ports } from '../ports.ts'

export interface Header {
  /** The record with its line end (the file's, if it had none); empty without a header. BOM and blank lines before it are dropped. */
  readonly bytes: Uint8Array
  /** Physical lines up to where the data begins. */
  readonly lines: number
}

/** Reads what lies before the first data line. Throws input_changed. */
export const readHeader = async (ports: Pick<Ports, 'store'>, key: string, etag: string, dialect: Dialect): Promise<Header> => {
  const length = dialect.headerEnd
  if (length === 0) return { bytes: new Uint8Array(0), lines: 0 }
  const stream = await ports.store.read(key, etag, { offset: 0, length })
  if (!stream) throw new AppError('input_changed', 'The input file was replaced or deleted before the job could start.')
  const scanner = makeNaiveScanner({ dialect, start: 0, end: Number.POSITIVE_INFINITY, recordBytesMax: LIMITS.recordBytesMax })
  const pieces: Uint8Array[] = []
  const sink = { keep: (bytes: Uint8Array) => void pieces.push(bytes.slice()), reject: () => {} }
  const all = (batch: ReturnType<typeof scanner.push>) => {
    const every = roomFor(new Uint32Array(0), batch.count)
    selectAll(every, batch.count)
    keepSelected(batch, every, dialect, sink)
  }
  for await (const block of blocks(stream, LIMITS.blockBytes)) all(scanner.push(block))
  all(scanner.finish())
  return { bytes: concatBytes(pieces), lines: scanner.counts.lines }
}
