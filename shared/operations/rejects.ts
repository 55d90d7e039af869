/** How are rejected records written down? As a CSV of their own, the raw bytes of each in its last column. */
import { stringify } from 'csv-stringify/sync'
import { binaryText, fromBinaryText, utf8 } from '../base/bytes.ts'
import { DEFAULT_DIALECT, type Dialect } from '../csv/dialect.ts'
import type { Reject } from './operation.ts'

/** The first line of every rejects file. */
export const REJECTS_HEADER: Uint8Array = utf8('record,line,byte_offset,reason,raw\n')

/** How a rejects file is written, for those who read its rows: they begin behind the header. */
export const REJECTS_DIALECT: Dialect = { ...DEFAULT_DIALECT, header: false }

/** The rows of these rejects. Raw bytes pass through as they are: they are quoted as a text with one character a byte. `lineBase`: physical lines before where their lines count from. */
export const rejectRows = (rejects: readonly Reject[], lineBase: number): Uint8Array =>
  fromBinaryText(
    stringify(
      rejects.map(({ record, line, byteOffset, reason, raw }) => [
        record,
        line + lineBase,
        byteOffset,
        reason,
        binaryText(withoutLineEnd(raw)),
      ]),
    ),
  )

const withoutLineEnd = (raw: Uint8Array): Uint8Array => {
  const last = raw[raw.length - 1]
  if (last !== 10 && last !== 13) return raw
  return raw.subarray(0, raw.length - (last === 10 && raw[raw.length - 2] === 13 ? 2 : 1))
}
