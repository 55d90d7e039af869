/** How a file goes from its object's appearance to ready, rejected or missing. Every change names the state it leaves and the object it means. */
import type { FileId, JobId } from '../base/ids.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import { FILE_COLUMNS, type FileRow } from './file.ts'
import type { StoredObject } from './store.ts'

/** uploading -> stored: the object is visible, so it is complete. `sha256` is null where no one message saw all bytes. */
export const markStored = (id: FileId, object: StoredObject, sha256: string | null, now: number): Stmt =>
  stmt(
    `UPDATE files SET state = 'stored', etag = ?3, bytes = ?4, sha256 = ?5, stored_at = ?6, rev = rev + 1
     WHERE id = ?1 AND object_key = ?2 AND state = 'uploading'`,
    id,
    object.key,
    object.etag,
    object.bytes,
    sha256,
    now,
  )

/** Adds the digest to a file that its storage event has marked stored before the writer could. */
export const fillSha256 = (id: FileId, etag: string, sha256: string): Stmt =>
  stmt(`UPDATE files SET sha256 = ?3, rev = rev + 1 WHERE id = ?1 AND etag = ?2 AND sha256 IS NULL`, id, etag, sha256)

/** stored -> ready. A file that is no CSV has no dialect: JSON's null. */
export const markReady = (
  id: FileId,
  etag: string,
  shape: { dialect: object | null; columns: readonly string[]; notes: readonly string[] },
  now: number,
): Stmt =>
  stmt(
    `UPDATE files SET state = 'ready', dialect = ?3, columns = ?4, notes = ?5, settled_at = ?6, rev = rev + 1
     WHERE id = ?1 AND etag = ?2 AND state = 'stored'`,
    id,
    etag,
    JSON.stringify(shape.dialect),
    JSON.stringify(shape.columns),
    JSON.stringify(shape.notes),
    now,
  )

/** stored -> rejected. */
export const markRejected = (id: FileId, etag: string, problem: { code: string; detail: string }, now: number): Stmt =>
  stmt(
    `UPDATE files SET state = 'rejected', problem = ?3, settled_at = ?4, rev = rev + 1 WHERE id = ?1 AND etag = ?2 AND state = 'stored'`,
    id,
    etag,
    JSON.stringify(problem),
    now,
  )

/** stored, ready, rejected -> missing: the object is gone or holds other bytes. */
export const markMissing = (id: FileId, etag: string): Stmt =>
  stmt(
    `UPDATE files SET state = 'missing', rev = rev + 1 WHERE id = ?1 AND etag = ?2 AND state IN ('stored', 'ready', 'rejected')`,
    id,
    etag,
  )

/** missing -> stored: the very same bytes are back. They are looked at like new ones. */
export const markFound = (id: FileId, etag: string): Stmt =>
  stmt(`UPDATE files SET state = 'stored', rev = rev + 1 WHERE id = ?1 AND etag = ?2 AND state = 'missing'`, id, etag)

/**
 * Keeps what analyse found with the file it was found in, once its job has succeeded under this fence. Also with one that is missing: the profile tells of these very bytes,
 * and it is there when they are found again.
 */
export const keepProfile = (
  id: FileId,
  etag: string,
  profile: { key: string; summary: object; rows: number },
  job: JobId,
  fence: number,
): Stmt =>
  stmt(
    `UPDATE files SET profile_key = ?3, profile = ?4, rows = ?5, rev = rev + 1
     WHERE id = ?1 AND etag = ?2 AND state <> 'deleted' AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ?6 AND jobs.fence = ?7 AND jobs.state = 'succeeded')`,
    id,
    etag,
    profile.key,
    JSON.stringify(profile.summary),
    profile.rows,
    job,
    fence,
  )

/** The files, tombstones aside, that say their bytes lie under this key. */
export const filesByObject = (db: Db, key: string): Promise<FileRow[]> =>
  db.all(stmt(`SELECT ${FILE_COLUMNS} FROM files WHERE object_key = ?1 AND state <> 'deleted' ORDER BY created_at LIMIT 100`, key))

/** Word for word as the partial index says it: SQLite takes it only for a query that says the same. */
const UNSETTLED = `state IN ('uploading', 'stored')`

/** Files that have been stored for a while and that nobody has looked at: their storage event was lost. */
export const unsettledFiles = (db: Db, storedBefore: number, limit: number): Promise<FileRow[]> =>
  db.all(
    stmt(
      `SELECT ${FILE_COLUMNS} FROM files WHERE state = 'stored' AND ${UNSETTLED} AND stored_at <= ?1 ORDER BY created_at LIMIT ?2`,
      storedBefore,
      limit,
    ),
  )

/** Files handed over in one request whose object should long have been there. */
export const unfinishedFiles = (db: Db, createdBefore: number, limit: number): Promise<FileRow[]> =>
  db.all(
    stmt(
      `SELECT ${FILE_COLUMNS} FROM files WHERE state = 'uploading' AND ${UNSETTLED} AND created_at <= ?1 AND NOT EXISTS (SELECT 1 FROM uploads WHERE file_id = files.id)
       ORDER BY created_at LIMIT ?2`,
      createdBefore,
      limit,
    ),
  )

/** Which of these objects no file knows with the content they have: their keys. A file that is missing has to learn that they are back; a tombstone knows what was there before it. */
export const unknownObjects = async (db: Db, objects: readonly StoredObject[]): Promise<string[]> => {
  const rows = await db.all<{ key: string }>(
    stmt(
      `SELECT value ->> 'key' AS key FROM json_each(?1)
       WHERE NOT EXISTS (SELECT 1 FROM files WHERE files.object_key = value ->> 'key' AND files.etag = value ->> 'etag'
         AND state <> 'missing' AND (state <> 'deleted' OR deleted_at >= value ->> 'uploadedAt'))`,
      JSON.stringify(objects.map(({ key, etag, uploadedAt }) => ({ key, etag, uploadedAt }))),
    ),
  )
  return rows.map(({ key }) => key)
}

/** Those of these objects that the file that they were made for names, as its bytes or as its profile. A tombstone names nothing. */
export const namedKeys = async (db: Db, made: readonly { readonly key: string; readonly file: FileId }[]): Promise<Set<string>> => {
  const rows = await db.all<{ key: string }>(
    stmt(
      `SELECT value ->> 'key' AS key FROM json_each(?1)
       WHERE EXISTS (SELECT 1 FROM files WHERE id = value ->> 'file' AND state <> 'deleted' AND (object_key = value ->> 'key' OR profile_key = value ->> 'key'))`,
      JSON.stringify(made),
    ),
  )
  return new Set(rows.map(({ key }) => key))
}
