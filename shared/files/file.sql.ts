/** A file comes and is found. Its way from state to state is in settle.sql.ts, its end in edit.sql.ts. */
import type { FileId, JobId, UserId } from '../base/ids.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import { FILE_COLUMNS, type FileRow, type FileSource } from './file.ts'

export interface NewFile {
  readonly id: FileId
  readonly owner: UserId
  readonly source: FileSource
  readonly name: string
  readonly contentType: string
  readonly objectKey: string
  readonly systemTags: readonly string[]
  readonly userTags: readonly string[]
  readonly hints: object
  readonly autoAnalyse: boolean
  readonly jobId: JobId | null
}

/** A new row in state uploading. A conflict on the id changes nothing: making the same file twice is making it once. */
export const insertFile = (file: NewFile, now: number): Stmt =>
  stmt(
    `INSERT INTO files (id, owner_id, state, source, name, content_type, object_key, system_tags, user_tags, hints, auto_analyse, job_id, created_at)
     VALUES (?1, ?2, 'uploading', ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
     ON CONFLICT (id) DO NOTHING`,
    file.id,
    file.owner,
    file.source,
    file.name,
    file.contentType,
    file.objectKey,
    JSON.stringify(file.systemTags),
    JSON.stringify(file.userTags),
    JSON.stringify(file.hints),
    file.autoAnalyse ? 1 : 0,
    file.jobId,
    now,
  )

/** A user's file in any state, tombstones included. Null: missing or someone else's. */
export const findFile = (db: Db, owner: UserId, id: FileId): Promise<FileRow | null> =>
  db.first(stmt(`SELECT ${FILE_COLUMNS} FROM files WHERE id = ?1 AND owner_id = ?2`, id, owner))

/** A file by its id alone: for consumers, which act for the system and get ids from our own messages. */
export const fileOfSystem = (db: Db, id: FileId): Promise<FileRow | null> =>
  db.first(stmt(`SELECT ${FILE_COLUMNS} FROM files WHERE id = ?1`, id))
