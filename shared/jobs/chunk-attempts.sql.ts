/**
 * Why was a chunk tried again? Each try that came to nothing leaves a row, written in the batch of the change that ends it, right before that change and under the very same condition.
 * A chunk has as many rows as it may have tries at most (LIMITS.attemptsMax), and none where all goes well.
 */
import type { JobId, UserId } from '../base/ids.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import { CHUNK_COLUMNS, type ChunkRow } from './chunk.ts'
import type { JobError } from './job.ts'

export const ATTEMPT_OUTCOMES = ['released', 'failed', 'lost'] as const
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number]

export interface AttemptRow {
  readonly k: number
  readonly fence: number
  readonly outcome: AttemptOutcome
  readonly error: string | null
  readonly bytes_in: number
  readonly started_at: number | null
  readonly ended_at: number
}

const COLUMNS = 'k, fence, outcome, error, bytes_in, started_at, ended_at'

const keep = (outcome: AttemptOutcome, error: JobError | null, now: number, where: string, ...params: readonly (string | number)[]): Stmt =>
  stmt(
    `INSERT INTO chunk_attempts (job_id, ${COLUMNS})
     SELECT job_id, k, fence, ?1, ?2, bytes_in, started_at, ?3 FROM chunks WHERE ${where}
     ON CONFLICT (job_id, k, fence) DO NOTHING`,
    outcome,
    error === null ? null : JSON.stringify(error),
    now,
    ...params,
  )

/** Before its holder gives a chunk back or up. */
export const keepAttempt = (chunk: ChunkRow, outcome: Exclude<AttemptOutcome, 'lost'>, error: JobError, now: number): Stmt =>
  keep(outcome, error, now, `job_id = ?4 AND k = ?5 AND fence = ?6 AND state = 'running'`, chunk.job_id, chunk.k, chunk.fence)

/** Before a chunk whose holder fell silent is taken over, or waits again. */
export const keepLostAttempt = (job: JobId, k: number, now: number): Stmt =>
  keep('lost', null, now, `job_id = ?4 AND k = ?5 AND state = 'running' AND lease_until < ?3`, job, k)

/** A chunk and what is known of its progress. */
export interface ListedChunk extends ChunkRow {
  readonly bytes_in: number
  readonly rows_in: number
  readonly rows_out: number
  readonly rows_rejected: number
  readonly started_at: number | null
  readonly ended_at: number | null
}

/** Chunks of a user's job from `first` on, in their order. None: the job has none, or is missing or someone else's. */
export const listChunks = (db: Db, owner: UserId, job: JobId, first: number, limit: number): Promise<ListedChunk[]> =>
  db.all(
    stmt(
      `SELECT ${CHUNK_COLUMNS}, bytes_in, rows_in, rows_out, rows_rejected, started_at, ended_at FROM chunks
       WHERE job_id = ?2 AND k >= ?3 AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ?2 AND jobs.owner_id = ?1) ORDER BY k LIMIT ?4`,
      owner,
      job,
      first,
      limit,
    ),
  )

/** The tries that came to nothing of chunks `first` to `last` of a user's job, in order. */
export const listAttempts = (db: Db, owner: UserId, job: JobId, first: number, last: number): Promise<AttemptRow[]> =>
  db.all(
    stmt(
      `SELECT ${COLUMNS} FROM chunk_attempts
       WHERE job_id = ?2 AND k BETWEEN ?3 AND ?4 AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ?2 AND jobs.owner_id = ?1) ORDER BY k, fence`,
      owner,
      job,
      first,
      last,
    ),
  )
