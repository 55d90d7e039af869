/** What is asked about the work of jobs that is kept in the bucket: a planner's sign of life, and which jobs still need theirs. */
import type { JobId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import type { JobState } from './job.ts'

/** Makes the lease of a planner last, while its plan is not committed. No row changed: the job is someone else's, or it is to end. */
export const beatPlan = (id: JobId, fence: number, now: number): Stmt =>
  stmt(
    `UPDATE jobs SET lease_until = ?3 WHERE id = ?1 AND fence = ?2 AND state = 'running' AND chunks_total = 0`,
    id,
    fence,
    now + LIMITS.leaseMs,
  )

/** Those of these jobs that have not ended. */
export const liveJobsAmong = async (db: Db, ids: readonly JobId[]): Promise<Set<JobId>> => {
  const rows = await db.all<{ id: JobId }>(
    stmt(`SELECT id FROM jobs WHERE id IN (SELECT value FROM json_each(?1)) AND ended_at IS NULL`, JSON.stringify(ids)),
  )
  return new Set(rows.map(({ id }) => id))
}

/** How a job ended, and what goes with it. */
export interface EndFacts {
  readonly state: JobState
  readonly operation: string
  readonly request_id: string | null
  readonly code: string | null
  readonly rows_in: number
  readonly rows_out: number
  readonly took_ms: number | null
  /** 1: it can have left something in the bucket beside its files. A job of one chunk without a state, on an input that needs no decoding, has not. */
  readonly has_work: 0 | 1
}

/** One row, for the job that the batch before it has ended. */
export const endFacts = (job: JobId): Stmt =>
  stmt(
    `SELECT state, operation, request_id, error ->> '$.code' AS code, rows_in, rows_out, ended_at - created_at AS took_ms,
       (chunks_total <> 1 OR plan ->> '$.decoded.key' IS NOT NULL
         OR EXISTS (SELECT 1 FROM chunks WHERE job_id = ?1 AND (result IS NULL OR result ->> '$.state.key' IS NOT NULL))) AS has_work
     FROM jobs WHERE id = ?1`,
    job,
  )

/** Those of these jobs that are known to have ended. */
export const endedJobsAmong = async (db: Db, ids: readonly JobId[]): Promise<Set<JobId>> => {
  const rows = await db.all<{ id: JobId }>(
    stmt(`SELECT id FROM jobs WHERE id IN (SELECT value FROM json_each(?1)) AND ended_at IS NOT NULL`, JSON.stringify(ids)),
  )
  return new Set(rows.map(({ id }) => id))
}
