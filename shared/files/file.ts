/**
 * A file: an immutable CSV of a user, one object and one row.
 *
 * uploading: the row is there, the object is not visible yet.   stored: the object is there, nobody has looked at it.
 * ready: looked at; dialect and columns are known.               rejected: looked at; it is no CSV we can use (`problem` says why).
 * missing: the object vanished or was replaced from outside.     deleted: by its owner; the row stays as a tombstone.
 *
 * uploading -> stored -> ready | rejected; stored, ready, rejected -> missing; missing -> stored when the same bytes are back; any -> deleted. Jobs may be submitted from stored on.
 */
import { isoTime } from '../base/clock.ts'
import type { FileId, JobId, UserId } from '../base/ids.ts'
import { type DialectView, dialectOf } from '../csv/dialect.ts'
import type { DialectHints } from '../csv/sniff/sniff.ts'

export type FileState = 'uploading' | 'stored' | 'ready' | 'rejected' | 'missing' | 'deleted'
/** `csv` of whatever dialect; the others were written by a job, one JSON value a line. */
export type FileFormat = 'csv' | 'ndjson' | 'arrays'
export type FileSource = 'upload' | 'inbox' | 'job'

/** A row of `files`; the TEXT columns with JSON are still text. */
export interface FileRow {
  readonly id: FileId
  readonly owner_id: UserId
  readonly rev: number
  readonly state: FileState
  readonly source: FileSource
  readonly name: string
  readonly content_type: string
  readonly format: FileFormat
  readonly object_key: string
  readonly etag: string | null
  readonly bytes: number | null
  readonly sha256: string | null
  readonly system_tags: string
  readonly user_tags: string
  readonly hints: string
  readonly auto_analyse: 0 | 1
  readonly dialect: string | null
  readonly columns: string | null
  readonly notes: string
  readonly rows: number | null
  readonly problem: string | null
  readonly profile_key: string | null
  readonly profile: string | null
  readonly job_id: JobId | null
  readonly created_at: number
  readonly stored_at: number | null
  readonly settled_at: number | null
  readonly deleted_at: number | null
}

export const FILE_COLUMNS = `id, owner_id, rev, state, source, name, content_type, format, object_key, etag, bytes, sha256, system_tags, user_tags, hints,
  auto_analyse, dialect, columns, notes, rows, problem, profile_key, profile, job_id, created_at, stored_at, settled_at, deleted_at`

/** Why a file was rejected. */
export interface FileProblem {
  readonly code: string
  readonly detail: string
}

const json = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T))

/** What was said about the dialect when the file was handed over. */
export const hintsOf = (file: FileRow): DialectHints => JSON.parse(file.hints) as DialectHints

/** Dialect and columns of a CSV that is ready. */
export const shapeOf = (file: FileRow) => {
  const dialect = json<DialectView>(file.dialect)
  const columns = json<string[]>(file.columns)
  return dialect && columns ? { dialect: dialectOf(dialect), columns } : null
}

export const problemOfFile = (file: FileRow): FileProblem | null => json(file.problem)

/** A file as the API shows it. */
export const fileView = (file: FileRow) => ({
  id: file.id,
  object: 'file' as const,
  rev: file.rev,
  state: file.state,
  source: file.source,
  name: file.name,
  content_type: file.content_type,
  format: file.format,
  bytes: file.bytes,
  sha256: file.sha256,
  etag: file.etag,
  tags: JSON.parse(file.user_tags) as string[],
  system_tags: JSON.parse(file.system_tags) as string[],
  rows: file.rows,
  columns: json<string[]>(file.columns),
  dialect: json<DialectView>(file.dialect),
  notes: JSON.parse(file.notes) as string[],
  problem: problemOfFile(file),
  profile: json<Record<string, unknown>>(file.profile),
  job: file.job_id,
  created_at: isoTime(file.created_at),
  stored_at: isoTime(file.stored_at),
  settled_at: isoTime(file.settled_at),
  deleted_at: isoTime(file.deleted_at),
  links: {
    self: `/api/v1/files/${file.id}`,
    content: `/api/v1/files/${file.id}/content`,
    rows: `/api/v1/files/${file.id}/rows`,
    profile: `/api/v1/files/${file.id}/profile`,
    lineage: `/api/v1/files/${file.id}/lineage`,
  },
})
