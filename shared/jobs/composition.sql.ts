/** What of an object that several messages put together is done already; every change names the fence under which it is made. */
import type { JobId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import type { Part } from '../files/store.ts'
import type { ComposePosition } from './composed.ts'

export type Role = 'output' | 'rejects' | 'state'

export interface CompositionRow {
  readonly job_id: JobId
  readonly role: Role
  readonly version: number
  readonly object_key: string
  readonly upload_id: string
  readonly part_bytes: number
  readonly parts_done: number
  readonly at_chunk: number
  readonly at_offset: number
  readonly at_skip: number
  readonly etag: string | null
  readonly bytes: number | null
  readonly sha256: string | null
}

const COLUMNS = 'job_id, role, version, object_key, upload_id, part_bytes, parts_done, at_chunk, at_offset, at_skip, etag, bytes, sha256'

/** Whoever finishes the job. */
export interface Finisher {
  readonly id: JobId
  readonly fence: number
}

const HELD = `EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND fence = ?2 AND state = 'finalizing')`

/** Null: it has not been begun. */
export const compositionOf = (db: Db, job: JobId, role: Role): Promise<CompositionRow | null> =>
  db.first(stmt(`SELECT ${COLUMNS} FROM compositions WHERE job_id = ?1 AND role = ?2`, job, role))

/** Begins a composition, or begins it anew with another upload: then only in place of the version before. */
export const beginComposition = (
  { id, fence }: Finisher,
  role: Role,
  version: number,
  upload: { readonly key: string; readonly id: string; readonly partBytes: number },
): Stmt =>
  stmt(
    `INSERT INTO compositions (job_id, role, version, object_key, upload_id, part_bytes) SELECT ?1, ?3, ?4, ?5, ?6, ?7 WHERE ${HELD}
     ON CONFLICT (job_id, role) DO UPDATE SET version = excluded.version, object_key = excluded.object_key, upload_id = excluded.upload_id, parts_done = 0,
       at_chunk = 0, at_offset = 0, at_skip = 0 WHERE version = excluded.version - 1 AND etag IS NULL`,
    id,
    fence,
    role,
    version,
    upload.key,
    upload.id,
    upload.partBytes,
  )

/** One more part is there, and the next one begins at a position. The first statement says whether it counts. A part is a sign of life: the lease lasts, and no attempt has failed. */
export const commitPart = (
  { id, fence }: Finisher,
  { role, version }: Pick<CompositionRow, 'role' | 'version'>,
  part: Part,
  next: ComposePosition,
  now: number,
): readonly Stmt[] => [
  stmt(
    `UPDATE compositions SET parts_done = ?5, at_chunk = ?6, at_offset = ?7, at_skip = ?8
     WHERE job_id = ?1 AND role = ?3 AND version = ?4 AND parts_done = ?5 - 1 AND ${HELD}`,
    id,
    fence,
    role,
    version,
    part.number,
    next.chunk,
    next.offset,
    next.skip,
  ),
  stmt(
    `INSERT INTO composed_parts (job_id, role, version, number, etag) SELECT ?1, ?2, ?3, ?4, ?5 WHERE changes() > 0`,
    id,
    role,
    version,
    part.number,
    part.etag,
  ),
  stmt(
    `UPDATE jobs SET lease_until = ?3, attempt_count = 0, rev = rev + 1 WHERE id = ?1 AND fence = ?2 AND state = 'finalizing'`,
    id,
    fence,
    now + LIMITS.leaseMs,
  ),
]

/** The parts of a version, in order. */
export const composedParts = (db: Db, { job_id, role, version }: Pick<CompositionRow, 'job_id' | 'role' | 'version'>): Promise<Part[]> =>
  db.all(
    stmt(`SELECT number, etag FROM composed_parts WHERE job_id = ?1 AND role = ?2 AND version = ?3 ORDER BY number`, job_id, role, version),
  )

/** The object is there. */
export const endComposition = (
  { id, fence }: Finisher,
  { role, version }: Pick<CompositionRow, 'role' | 'version'>,
  object: { readonly etag: string; readonly bytes: number; readonly sha256: string | null },
): Stmt =>
  stmt(
    `UPDATE compositions SET etag = ?5, bytes = ?6, sha256 = ?7 WHERE job_id = ?1 AND role = ?3 AND version = ?4 AND ${HELD}`,
    id,
    fence,
    role,
    version,
    object.etag,
    object.bytes,
    object.sha256,
  )

/** The states of the first `chunks` chunks are joined: they lie in this object. Only forward, and for the holder of the fence. */
export const keepJoined = (
  { id, fence }: Finisher,
  chunks: number,
  object: { readonly key: string; readonly etag: string; readonly bytes: number },
): Stmt =>
  stmt(
    `INSERT INTO compositions (job_id, role, version, object_key, upload_id, part_bytes, at_chunk, etag, bytes) SELECT ?1, 'state', 1, ?3, '', 0, ?4, ?5, ?6 WHERE ${HELD}
     ON CONFLICT (job_id, role) DO UPDATE SET object_key = excluded.object_key, at_chunk = excluded.at_chunk, etag = excluded.etag, bytes = excluded.bytes
       WHERE at_chunk < excluded.at_chunk`,
    id,
    fence,
    object.key,
    chunks,
    object.etag,
    object.bytes,
  )

/** A sign of life of whoever finishes a job; no row changed: it is someone else's, or is to end. */
export const beatFinish = ({ id, fence }: Finisher, now: number): Stmt =>
  stmt(`UPDATE jobs SET lease_until = ?3 WHERE id = ?1 AND fence = ?2 AND state = 'finalizing'`, id, fence, now + LIMITS.leaseMs)

/** Lets the next message go on from here. */
export const yieldFinish = ({ id, fence }: Finisher): Stmt =>
  stmt(`UPDATE jobs SET lease_until = NULL, attempt_count = 0 WHERE id = ?1 AND fence = ?2 AND state = 'finalizing'`, id, fence)

/** The uploads of a job that were never completed. */
export const openCompositions = (db: Db, job: JobId): Promise<Pick<CompositionRow, 'object_key' | 'upload_id'>[]> =>
  db.all(stmt(`SELECT object_key, upload_id FROM compositions WHERE job_id = ?1 AND etag IS NULL`, job))

/** Forgets how the objects of a job came about, once it has ended. */
export const forgetCompositions = (job: JobId): readonly Stmt[] => [
  stmt(`DELETE FROM composed_parts WHERE job_id = ?1 AND EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND ended_at IS NOT NULL)`, job),
  stmt(`DELETE FROM compositions WHERE job_id = ?1 AND EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND ended_at IS NOT NULL)`, job),
]

/** Jobs that have ended and whose compositions are not forgotten yet. */
export const endedWithCompositions = (db: Db, limit: number): Promise<{ id: JobId }[]> =>
  db.all(
    stmt(
      `SELECT DISTINCT job_id AS id FROM compositions WHERE EXISTS (SELECT 1 FROM jobs WHERE id = job_id AND ended_at IS NOT NULL) LIMIT ?1`,
      limit,
    ),
  )
