/** Deleted files whose objects are still there. Acts for the system, on files of all users. */
import type { FileId } from '../base/ids.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import type { FileRow } from './file.ts'

/** Deleted files of all users whose objects may still be there, oldest first. */
export const filesToPurgeOfSystem = (
  db: Db,
  limit: number,
): Promise<Pick<FileRow, 'id' | 'source' | 'object_key' | 'etag' | 'profile_key' | 'deleted_at'>[]> =>
  db.all(
    stmt(
      `SELECT id, source, object_key, etag, profile_key, deleted_at FROM files WHERE state = 'deleted' AND purged_at IS NULL ORDER BY deleted_at LIMIT ?1`,
      limit,
    ),
  )

/** Notes that nothing of a deleted file is left in the bucket. */
export const markPurgedOfSystem = (id: FileId, now: number): Stmt =>
  stmt(`UPDATE files SET purged_at = ?2 WHERE id = ?1 AND state = 'deleted' AND purged_at IS NULL`, id, now)
