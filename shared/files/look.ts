/** What do the first bytes of a file say? The sniffer's answer, for files that may be packed. */
import { AppError } from '../base/errors.ts'
import { type DialectHints, type Sniffed, sniff } from '../csv/sniff/sniff.ts'
import { type Beginning, unpackBeginning } from './decoded.ts'

/** Sniffs at most `bytesMax` unpacked bytes. Damage that is found that early is a problem of the file like any other. */
export const lookAt = async (stored: Beginning, hints: DialectHints, bytesMax: number): Promise<Sniffed> => {
  try {
    const { bytes, isWhole, gzip } = await unpackBeginning(stored, bytesMax)
    return sniff(bytes, isWhole, hints, { gzip })
  } catch (error) {
    if (!(error instanceof AppError) || error.row.retry === true) throw error
    return { ok: false, problem: { code: error.code, detail: error.detail } }
  }
}
