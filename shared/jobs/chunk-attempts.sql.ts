/**
 * Why was a chunk tried again? Each try that came to nothing leaves a row, written in the batch of the change that ends it, right before that change and under the very same condition.
 * A chunk has as many rows as it may have tries at most (LIMITS.attemptsMax, LIMITS.guessesMax), and none where all goes well.
 */
import type { JobId, UserId } from '../base/ids.ts'
import type { ChunkStart } from '../csv/chunks.ts'
import { type Db, type Stmt, stmt, type Value } from '../db/db.ts'
import { CHUNK_COLUMNS, type ChunkRow } from './chunk.ts'
import type { JobError } from './job.ts'

export const ATTEMPT_OUTCOMES = ['released', 'failed', 'lost', 'void'] as const
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number]

export interface AttemptRow {
  readonly k: number
  readonly fence: number
  readonly guessed: number
  readonly outcome: AttemptOutcome
  readonly error: string | null
  readonly bytes_in: number
  readonly started_at: number | null
  readonly ended_at: number
}

const COLUMNS = 'k, fence, guessed, outcome, error, bytes_in, started_at, ended_at'

/** `where` names job and chunk as ?4 and ?5. */
const keep = (
  outcome: AttemptOutcome,
  error: JobError | null,
  now: number,
  where: string,
  job: JobId,
  k: number,
  ...more: readonly Value[]
): Stmt =>
  stmt(
    `INSERT INTO chunk_attempts (job_id, ${COLUMNS})
     SELECT job_id, k, fence, start_at IS NULL, ?1, ?2, bytes_in, started_at, ?3 FROM chunks WHERE job_id = ?4 AND k = ?5 AND ${where}
     ON CONFLICT (job_id, k, fence) DO NOTHING`,
    outcome,
    error === null ? null : JSON.stringify(error),
    now,
    job,
    k,
    ...more,
  )

/** Before its holder gives a chunk back or up. */
export const keepAttempt = (chunk: ChunkRow, outcome: 'released' | 'failed', error: JobError, now: number): Stmt =>
  keep(outcome, error, now, `fence = ?6 AND state = 'running'`, chunk.job_id, chunk.k, chunk.fence)

/** Before a chunk whose holder fell silent waits again, or is taken over. `where`: what else that depends on, with its values from ?6 on. */
export const keepLostAttempt = (job: JobId, k: number, now: number, where = 'TRUE', ...values: readonly Value[]): Stmt =>
  keep('lost', null, now, `state = 'running' AND lease_until < ?3 AND ${where}`, job, k, ...values)

/** Before a chunk that the join finds to have begun at a wrong place waits again. */
export const keepVoidAttempt = (job: JobId, k: number, start: ChunkStart, now: number): Stmt =>
  keep(
    'void',
    null,
    now,
    `state = 'done' AND EXISTS (SELECT 1 FROM jobs WHERE id = ?4 AND joined = ?5 AND joined_to = ?6 AND state = 'running')`,
    job,
    k,
    start.at,
  )

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
