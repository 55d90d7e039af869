/** The file a user means, in a state that fits what they want of it. Someone else's file is a missing file. */
import { AppError, type ErrorCode } from '../base/errors.ts'
import type { FileId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import type { Db } from '../db/db.ts'
import { findFile } from './file.sql.ts'
import { type FileRow, type FileState, problemOfFile } from './file.ts'

/** A file whose bytes are there. */
export interface StoredFile extends FileRow {
  readonly etag: string
  readonly bytes: number
}

export const fileNotFound = () => new AppError('file_not_found', 'There is no file with this id, or it is not yours.')

/** A user's file, deleted ones aside. Throws `file_not_found`. */
export const ownFile = async (db: Db, owner: UserId, id: FileId): Promise<FileRow> => {
  const file = await findFile(db, owner, id)
  if (!file || file.state === 'deleted') throw fileNotFound()
  return file
}

/** Why the bytes of a file in this state cannot be had. */
const WITHOUT_BYTES: Partial<Record<FileState, { code: ErrorCode; detail: string; retryAfterS?: number }>> = {
  uploading: { code: 'file_not_stored', detail: 'The bytes of this file are still on their way.', retryAfterS: LIMITS.soonS },
  missing: { code: 'file_missing', detail: 'The bytes of this file vanished from the storage or were replaced there.' },
}

/** The same file, known to have bytes. Throws `file_not_stored` or `file_missing`. */
export const storedFile = (file: FileRow): StoredFile => {
  const reason = WITHOUT_BYTES[file.state]
  if (reason) throw new AppError(reason.code, reason.detail, reason.retryAfterS ? { retryAfterS: reason.retryAfterS } : {})
  if (file.etag === null || file.bytes === null) throw new AppError('file_not_stored', 'The bytes of this file are still on their way.')
  return file as StoredFile
}

/** Throws `file_rejected`, with its problem, or `file_not_csv` for a file whose rows nobody can read. */
export const refuseUnreadable = (file: FileRow): void => {
  const problem = problemOfFile(file)
  if (problem) throw new AppError('file_rejected', `The file was rejected: ${problem.detail}`, { extra: { problem } })
  if (file.format === 'csv') return
  const detail = `This file is ${file.format}, and rows are read from CSV only. Take the file that it was made from.`
  throw new AppError('file_not_csv', detail, { extra: { format: file.format } })
}

/** The same file, known to be looked at and usable. Throws `file_rejected` with its problem, `file_not_csv`, `file_not_settled`, `file_not_stored` or `file_missing`. */
export const readyFile = (file: FileRow): StoredFile => {
  const there = storedFile(file)
  refuseUnreadable(file)
  if (file.state !== 'ready')
    throw new AppError('file_not_settled', 'The file is stored, but nobody has looked at it yet.', { retryAfterS: LIMITS.soonS })
  return there
}
