/** Statements on uploads in parts. Every change names the state it leaves. */
import type { FileId, UploadId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import type { PartRow, UploadRow, UploadState } from './upload.ts'

const COLUMNS = `u.id, u.owner_id, u.file_id, u.state, u.r2_upload_id, u.part_bytes, u.total_bytes, u.created_at, u.expires_at, u.ended_at, f.object_key`
const PARTS = `SELECT number, etag, bytes FROM upload_parts WHERE upload_id = ?1 ORDER BY number LIMIT ${LIMITS.partsMax}`

export type NewUpload = Pick<
  UploadRow,
  'id' | 'owner_id' | 'file_id' | 'r2_upload_id' | 'part_bytes' | 'total_bytes' | 'created_at' | 'expires_at'
>

/** A new open upload; its file's row must come before it in the batch. */
export const insertUpload = (upload: NewUpload): Stmt =>
  stmt(
    `INSERT INTO uploads (id, owner_id, file_id, state, r2_upload_id, part_bytes, total_bytes, created_at, expires_at)
     VALUES (?1, ?2, ?3, 'open', ?4, ?5, ?6, ?7, ?8)`,
    upload.id,
    upload.owner_id,
    upload.file_id,
    upload.r2_upload_id,
    upload.part_bytes,
    upload.total_bytes,
    upload.created_at,
    upload.expires_at,
  )

/** A user's upload in any state. Null: missing or someone else's. */
export const findUpload = (db: Db, owner: UserId, id: UploadId): Promise<UploadRow | null> =>
  db.first(stmt(`SELECT ${COLUMNS} FROM uploads u JOIN files f ON f.id = u.file_id WHERE u.id = ?1 AND u.owner_id = ?2`, id, owner))

/** The parts of an upload in order, those on their way included. */
export const partsOf = (db: Db, id: UploadId): Promise<PartRow[]> => db.all(stmt(PARTS, id))

/** Says that the bytes of a part are on their way, under this token. False: the upload is not open, or not this owner's. */
export const claimPart = async (
  db: Db,
  owner: UserId,
  id: UploadId,
  part: { readonly number: number; readonly bytes: number; readonly etag: string },
  now: number,
): Promise<boolean> =>
  (await db.run(
    stmt(
      `INSERT INTO upload_parts (upload_id, number, etag, bytes, created_at)
       SELECT ?1, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM uploads WHERE id = ?1 AND owner_id = ?2 AND state = 'open' AND expires_at > ?6)
       ON CONFLICT (upload_id, number) DO UPDATE SET etag = excluded.etag, bytes = excluded.bytes, created_at = excluded.created_at`,
      id,
      owner,
      part.number,
      part.etag,
      part.bytes,
      now,
    ),
  )) > 0

/** The storage has the part. False: someone has begun to send it again since. */
export const keepPart = async (db: Db, id: UploadId, number: number, sending: string, etag: string): Promise<boolean> =>
  (await db.run(stmt(`UPDATE upload_parts SET etag = ?4 WHERE upload_id = ?1 AND number = ?2 AND etag = ?3`, id, number, sending, etag))) >
  0

/** Forgets a part whose bytes never arrived. */
export const dropPart = (db: Db, id: UploadId, number: number, sending: string): Promise<number> =>
  db.run(stmt(`DELETE FROM upload_parts WHERE upload_id = ?1 AND number = ?2 AND etag = ?3`, id, number, sending))

/** open -> completing, together with the parts as they are from now on. */
export const fixParts = async (db: Db, owner: UserId, id: UploadId, now: number): Promise<PartRow[]> => {
  const [, parts] = await db.batch([
    stmt(`UPDATE uploads SET state = 'completing' WHERE id = ?1 AND owner_id = ?2 AND state = 'open' AND expires_at > ?3`, id, owner, now),
    stmt(PARTS, id),
  ])
  return (parts?.rows ?? []) as PartRow[]
}

/** completing -> open: the parts do not fit. */
export const reopen = (db: Db, owner: UserId, id: UploadId): Promise<number> =>
  db.run(stmt(`UPDATE uploads SET state = 'open' WHERE id = ?1 AND owner_id = ?2 AND state = 'completing'`, id, owner))

/** completing -> completed. */
export const markCompleted = (owner: UserId, id: UploadId, now: number): Stmt =>
  stmt(`UPDATE uploads SET state = 'completed', ended_at = ?3 WHERE id = ?1 AND owner_id = ?2 AND state = 'completing'`, id, owner, now)

/** Ends an upload without a file: from `from` to `to`. The file goes with it in the next statement of the batch. */
export const endUpload = (owner: UserId, id: UploadId, from: UploadState, to: 'aborted' | 'expired', now: number): Stmt =>
  stmt(`UPDATE uploads SET state = ?4, ended_at = ?5 WHERE id = ?1 AND owner_id = ?2 AND state = ?3`, id, owner, from, to, now)

/** uploading -> deleted for the file of an upload that has just been ended: there is no object to purge. */
export const dropFileIfChanged = (owner: UserId, file: FileId, now: number): Stmt =>
  stmt(
    `UPDATE files SET state = 'deleted', deleted_at = ?3, purged_at = ?3, rev = rev + 1
     WHERE id = ?1 AND owner_id = ?2 AND state = 'uploading' AND changes() > 0`,
    file,
    owner,
    now,
  )

/** Uploads of all users past their time. */
export const dueUploadsOfSystem = (db: Db, now: number, limit: number): Promise<UploadRow[]> =>
  db.all(
    stmt(
      `SELECT ${COLUMNS} FROM uploads u JOIN files f ON f.id = u.file_id
       WHERE u.state IN ('open', 'completing') AND u.expires_at <= ?1 ORDER BY u.expires_at LIMIT ?2`,
      now,
      limit,
    ),
  )
