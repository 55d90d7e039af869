/** What its owner changes about a file. Every change names the revision it was made from. */
import type { FileId, JobId, UserId } from '../base/ids.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import { FILE_COLUMNS, type FileRow } from './file.ts'

/** Renames or retags a file of this revision; null leaves a value as it is. Null: the revision is not the newest, or the file is gone. */
export const editFile = (
  db: Db,
  owner: UserId,
  id: FileId,
  rev: number,
  change: { readonly name: string | null; readonly tags: readonly string[] | null },
): Promise<FileRow | null> =>
  db.first(
    stmt(
      `UPDATE files SET name = coalesce(?4, name), user_tags = coalesce(?5, user_tags), rev = rev + 1
       WHERE id = ?1 AND owner_id = ?2 AND rev = ?3 AND state <> 'deleted' RETURNING ${FILE_COLUMNS}`,
      id,
      owner,
      rev,
      change.name,
      change.tags && JSON.stringify(change.tags),
    ),
  )

const LIVE_JOBS = `SELECT id FROM jobs WHERE input_file = ?1 AND owner_id = ?2 AND state IN ('queued', 'running', 'finalizing', 'canceling')`

/** Jobs that are reading this file now. */
export const liveJobsOf = (db: Db, owner: UserId, id: FileId, limit: number): Promise<{ readonly id: JobId }[]> =>
  db.all(stmt(`${LIVE_JOBS} ORDER BY created_at LIMIT ?3`, id, owner, limit))

/** stored, ready, rejected, missing -> deleted, unless a job is reading it. `rev` null: whichever revision it has. */
export const deleteFile = (owner: UserId, id: FileId, rev: number | null, now: number): Stmt =>
  stmt(
    `UPDATE files SET state = 'deleted', deleted_at = ?4, rev = rev + 1
     WHERE id = ?1 AND owner_id = ?2 AND (?3 IS NULL OR rev = ?3) AND state IN ('stored', 'ready', 'rejected', 'missing')
       AND NOT EXISTS (${LIVE_JOBS})`,
    id,
    owner,
    rev,
    now,
  )
