/**
 * An upload in parts, for what does not fit one request.
 *
 * open: parts may come, in any order, each as often as it likes; the last one counts.   completing: the parts are fixed, the storage joins them.
 * completed: the file is stored.   aborted: given up by its owner.   expired: given up by time.
 *
 * open -> completing -> completed; completing -> open where the parts turn out not to fit; open -> aborted | expired; completing -> expired.
 *
 * Sending a part again voids the etag of the one before, and completing with a void etag fails. So a part's row is claimed with a token before its
 * bytes go to the storage and gets its etag only while the token is still there: what completing reads are never the etags of parts on their way.
 */
import { isoTime } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { FileId, UploadId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'

export type UploadState = 'open' | 'completing' | 'completed' | 'aborted' | 'expired'

/** A row of `uploads` with the key of the file it goes into. */
export interface UploadRow {
  readonly id: UploadId
  readonly owner_id: UserId
  readonly file_id: FileId
  readonly state: UploadState
  readonly r2_upload_id: string
  readonly part_bytes: number
  readonly total_bytes: number | null
  readonly created_at: number
  readonly expires_at: number
  readonly ended_at: number | null
  readonly object_key: string
}

/** A part as received; `etag` begins with `sending:` while its bytes are on their way. */
export interface PartRow {
  readonly number: number
  readonly etag: string
  readonly bytes: number
}

const SENDING = 'sending:'

/** What stands in a part's row while its bytes are on their way. */
export const sendingEtag = (token: string): string => SENDING + token
export const isSending = (part: PartRow): boolean => part.etag.startsWith(SENDING)

const MIB = 1024 * 1024

const wrongSize = (detail: string, extra: Record<string, unknown> = {}) => new AppError('part_size', detail, { extra })

/**
 * Bytes of every part but the last: what the client wants, else the smallest whole number of MiB that needs at most 10,000 parts, and 8 MiB at least.
 * Throws `part_size` where no part size fits into one request.
 */
export const choosePartBytes = (total: number | null, wanted: number | null): number => {
  const needed = total === null ? 0 : Math.ceil(total / LIMITS.partsMax)
  const chosen = wanted ?? Math.max(LIMITS.partBytes, Math.ceil(needed / MIB) * MIB)
  if (chosen < LIMITS.partBytesMin) throw wrongSize(`A part has at least ${LIMITS.partBytesMin} bytes (the last may have fewer).`)
  if (chosen > LIMITS.requestBytesMax)
    throw wrongSize(
      `A part is one request, so it has at most ${LIMITS.requestBytesMax} bytes, and an upload at most ${LIMITS.partsMax} parts.`,
    )
  if (chosen < needed) throw wrongSize(`With parts of ${chosen} bytes this upload would need more than ${LIMITS.partsMax} of them.`)
  return chosen
}

/** How many parts the upload has; null where its size is not known. */
export const partCount = ({ total_bytes, part_bytes }: UploadRow): number | null =>
  total_bytes === null ? null : Math.max(1, Math.ceil(total_bytes / part_bytes))

/** Checks one part against the rules that R2 would only check at the very end. Throws `part_size`. */
export const checkPart = (upload: UploadRow, number: number, bytes: number): void => {
  const count = partCount(upload)
  const size = upload.part_bytes
  if (count !== null && number > count) throw wrongSize(`This upload has ${count} parts; there is no part ${number}.`, { parts: count })
  if (bytes === 0) throw wrongSize('A part has at least one byte.')
  const exact = count === null ? null : number < count ? size : upload.total_bytes! - (count - 1) * size
  if (exact !== null && bytes !== exact)
    throw wrongSize(`Part ${number} has exactly ${exact} bytes; this one has ${bytes}.`, { part_bytes: exact })
  if (bytes > size)
    throw wrongSize(`Every part but the last has exactly ${size} bytes, the last at most as many; this one has ${bytes}.`, {
      part_bytes: size,
    })
}

/** Checks that the parts, in order of their numbers, make up the whole. Throws `part_missing`, `part_size` or `length_mismatch`. */
export const checkWhole = (upload: UploadRow, parts: readonly PartRow[]): void => {
  const have = new Set(parts.filter((part) => !isSending(part)).map((part) => part.number))
  const last = partCount(upload) ?? Math.max(1, ...parts.map((part) => part.number))
  const missing = []
  for (let number = 1; number <= last; number++) if (!have.has(number)) missing.push(number)
  if (missing.length > 0) {
    const shown = missing.slice(0, LIMITS.pageSizeDefault)
    throw new AppError('part_missing', `${missing.length} of ${last} parts are not there. Send them, then complete.`, {
      extra: { missing: shown },
    })
  }
  const short = parts.find((part) => part.number < last && part.bytes !== upload.part_bytes)
  if (short) throw wrongSize(`Part ${short.number} has ${short.bytes} bytes; only the last part may have fewer than ${upload.part_bytes}.`)
  const sum = parts.reduce((bytes, part) => bytes + part.bytes, 0)
  if (upload.total_bytes !== null && sum !== upload.total_bytes) {
    throw new AppError('length_mismatch', `The parts have ${sum} bytes together; ${upload.total_bytes} were declared.`)
  }
}

/** An upload as the API shows it, with what has been received. */
export const uploadView = (upload: UploadRow, parts: readonly PartRow[]) => {
  const received = parts.filter((part) => !isSending(part))
  return {
    id: upload.id,
    object: 'upload' as const,
    state: upload.state,
    file: upload.file_id,
    part_bytes: upload.part_bytes,
    bytes: upload.total_bytes,
    parts: partCount(upload),
    received: received.map(({ number, bytes }) => ({ number, bytes })),
    received_bytes: received.reduce((sum, part) => sum + part.bytes, 0),
    created_at: isoTime(upload.created_at)!,
    expires_at: isoTime(upload.expires_at)!,
    ended_at: isoTime(upload.ended_at),
    links: {
      self: `/api/v1/uploads/${upload.id}`,
      part: `/api/v1/uploads/${upload.id}/parts/{number}`,
      complete: `/api/v1/uploads/${upload.id}/complete`,
      file: `/api/v1/files/${upload.file_id}`,
    },
  }
}
