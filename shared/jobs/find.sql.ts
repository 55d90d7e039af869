/** What is asked about jobs. */
import type { FileId, JobId, UserId } from '../base/ids.ts'
import { LIST_START, type Position } from '../base/page.ts'
import { type Db, stmt } from '../db/db.ts'
import { JOB_COLUMNS, type JobRow } from './job.ts'

/**
 * Progress of a job that is not at its end: what its joined chunks came to, and what the chunk behind them has done so far from its true start; what others have done counts when
 * they are joined. Every row is kept, filtered or rejected, at every moment.
 */
const LIVE_COLUMNS = JOB_COLUMNS.replace(/\b(bytes_in|rows_in|rows_out|rows_filtered|rows_rejected)\b/g, (name) => {
  const soFar = name === 'rows_filtered' ? 'rows_in - rows_out - rows_rejected' : name
  return `CASE WHEN ended_at IS NULL THEN COALESCE((SELECT SUM(${soFar}) FROM chunks WHERE job_id = jobs.id AND (k < joined OR (k = joined AND start_at IS NOT NULL))), 0) ELSE ${name} END AS ${name}`
})

/** A user's job. Null: missing or someone else's. */
export const findJob = (db: Db, owner: UserId, id: JobId): Promise<JobRow | null> =>
  db.first(stmt(`SELECT ${LIVE_COLUMNS} FROM jobs WHERE id = ?1 AND owner_id = ?2`, id, owner))

/** A user's job if it has another revision than this one. Null: it has not, and one row was read to know it. */
export const findJobIfChanged = (db: Db, owner: UserId, id: JobId, rev: number): Promise<JobRow | null> =>
  db.first(stmt(`SELECT ${LIVE_COLUMNS} FROM jobs WHERE id = ?1 AND owner_id = ?2 AND rev <> ?3`, id, owner, rev))

/** A job by its id alone: for consumers, which act for the system and get ids from our own messages. */
export const jobOfSystem = (db: Db, id: JobId): Promise<JobRow | null> =>
  db.first(stmt(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = ?1`, id))

export interface JobFilter {
  readonly state: string | null
  readonly operation: string | null
  readonly file: FileId | null
}

/** A user's jobs after a position, newest first. */
export const listJobs = (db: Db, owner: UserId, filter: JobFilter, after: Position | null, limit: number): Promise<JobRow[]> => {
  const { at, id } = after ?? LIST_START
  return db.all(
    stmt(
      `SELECT ${LIVE_COLUMNS} FROM jobs
       WHERE owner_id = ?1 AND (created_at, id) < (?2, ?3) AND (?4 IS NULL OR state = ?4) AND (?5 IS NULL OR operation = ?5) AND (?6 IS NULL OR input_file = ?6)
       ORDER BY created_at DESC, id DESC LIMIT ?7`,
      owner,
      at,
      id,
      filter.state,
      filter.operation,
      filter.file,
      limit,
    ),
  )
}
