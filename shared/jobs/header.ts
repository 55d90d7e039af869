/** Reads the header record of a file in the bucket. */
import { AppError } from '../base/errors.ts'
import type { Dialect } from '../csv/dialect.ts'
import { readAll } from '../files/blocks.ts'
import { type HeaderRecord, headerRecord } from '../operations/header-record.ts'
import type { Ports } from '../ports.ts'

/** Reads what lies before the first data line. Throws input_changed. */
export const readHeader = async (ports: Pick<Ports, 'store'>, key: string, etag: string, dialect: Dialect): Promise<HeaderRecord> => {
  const length = dialect.headerEnd
  if (length === 0) return { bytes: new Uint8Array(0), lines: 0 }
  const stream = await ports.store.read(key, etag, { offset: 0, length })
  if (!stream) throw new AppError('input_changed', 'The input file was replaced or deleted before the job could start.')
  return headerRecord(await readAll(stream, length), dialect)
}
