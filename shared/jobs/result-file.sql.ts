/** The files that a job makes: rows that appear together with the job's success, never before. */
import type { FileId, JobId } from '../base/ids.ts'
import type { DialectHints } from '../csv/sniff/hints.ts'
import { type Stmt, stmt } from '../db/db.ts'
import type { FileFormat } from '../files/file.ts'
import type { ChunkObject } from './chunk.ts'

export interface ResultFile {
  readonly id: FileId
  readonly name: string
  readonly object: ChunkObject
  readonly systemTags: readonly string[]
  readonly userTags: readonly string[]
  readonly autoAnalyse: boolean
  readonly format: FileFormat
  readonly contentType: string
  readonly hints: DialectHints
  /** Known now of what is no CSV; null: found out when the file is looked at. */
  readonly columns: readonly string[] | null
  readonly rows: number | null
}

/** A stored file of the job's owner, for the holder of the fence while the job is being finished. */
export const insertResultFile = (job: JobId, fence: number, file: ResultFile, now: number): Stmt =>
  stmt(
    `INSERT INTO files (id, owner_id, state, source, name, content_type, object_key, etag, bytes, sha256, system_tags, user_tags, auto_analyse, job_id, created_at, stored_at,
       format, hints, columns, rows)
     SELECT ?3, owner_id, 'stored', 'job', ?4, ?13, ?5, ?6, ?7, ?8, ?9, ?10, ?11, id, ?12, ?12, ?14, ?15, ?16, ?17
     FROM jobs WHERE id = ?1 AND fence = ?2 AND state = 'finalizing'
     ON CONFLICT (id) DO NOTHING`,
    job,
    fence,
    file.id,
    file.name,
    file.object.key,
    file.object.etag,
    file.object.bytes,
    file.object.sha256,
    JSON.stringify(file.systemTags),
    JSON.stringify(file.userTags),
    file.autoAnalyse ? 1 : 0,
    now,
    file.contentType,
    file.format,
    JSON.stringify(file.hints),
    file.columns && JSON.stringify(file.columns),
    file.rows,
  )
