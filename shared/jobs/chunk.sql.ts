/** Every arrow between the states of a chunk (told in chunk.ts) as one conditional statement: the fence makes a commit right, the lease only makes work go on. */
import type { JobId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import { CHUNK_COLUMNS, type ChunkResult, type ChunkRow, type ChunkState } from './chunk.ts'
import { keepLostAttempt } from './chunk-attempts.sql.ts'
import type { JobError, JobState } from './job.ts'

/**
 * The chunks of a job, asleep, if the statement before it in the batch changed a row: `count` ranges of `chunkBytes` from `start` on, the last one to `end`.
 * `isSequential`: none may run before its left neighbour is joined, so none may guess. An input without a line has one chunk of no bytes.
 */
export const insertChunksIfChanged = (
  job: JobId,
  { start, end, chunkBytes, count }: { start: number; end: number; chunkBytes: number; count: number },
  isSequential: boolean,
): Stmt =>
  stmt(
    `INSERT INTO chunks (job_id, k, state, range_start, range_end, guess_count)
     WITH RECURSIVE numbers (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM numbers WHERE k + 1 < ?5)
     SELECT ?1, k, 'waiting', ?2 + k * ?4, CASE WHEN k + 1 = ?5 THEN ?3 ELSE ?2 + (k + 1) * ?4 END, ?6 FROM numbers WHERE changes() > 0`,
    job,
    start,
    end,
    chunkBytes,
    count,
    isSequential ? LIMITS.guessesMax : 0,
  )

/** A claimed chunk, and the request that asked for its job: what the log tells of it. */
export interface ClaimedChunk extends ChunkRow {
  readonly request_id: string | null
}

const MAY_RUN = (job: string, k: string, guessesMax: string): string =>
  `EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ${job} AND jobs.state = 'running' AND (joined = ${k} OR guess_count < ${guessesMax}))`

/**
 * Takes a waiting chunk of a running job, or one whose lease ran out: from its true start where the join has come so far, else from a guess while it has guesses left.
 * Null: someone else has it, or there is nothing to do.
 */
export const claimChunk = async (db: Db, job: JobId, k: number, now: number): Promise<ClaimedChunk | null> => {
  const claim = stmt(
    `UPDATE chunks SET state = 'running', fence = fence + 1, lease_until = ?3, started_at = ?4, bytes_in = 0, rows_in = 0, rows_out = 0, rows_rejected = 0,
       start_at = (SELECT joined_to FROM jobs WHERE id = ?1 AND joined = ?2), start_skips = COALESCE((SELECT joined_skips FROM jobs WHERE id = ?1 AND joined = ?2), 0),
       attempt_count = attempt_count + (SELECT joined = ?2 FROM jobs WHERE id = ?1), guess_count = guess_count + (SELECT joined <> ?2 FROM jobs WHERE id = ?1)
     WHERE job_id = ?1 AND k = ?2 AND (state = 'waiting' OR (state = 'running' AND lease_until < ?4)) AND ${MAY_RUN('?1', '?2', '?5')}
     RETURNING ${CHUNK_COLUMNS}, (SELECT request_id FROM jobs WHERE id = ?1) AS request_id`,
    job,
    k,
    now + LIMITS.leaseMs,
    now,
    LIMITS.guessesMax,
  )
  const lost = keepLostAttempt(job, k, now, MAY_RUN('?4', '?5', '?6'), LIMITS.guessesMax)
  const [, claimed] = await db.batch([lost, claim])
  return (claimed?.rows[0] as ClaimedChunk | undefined) ?? null
}

export interface ChunkProgress {
  readonly bytesIn: number
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rowsRejected: number
}

/** A sign of life with progress; makes the lease last. No row changed: the fence is no longer ours. */
export const beatChunk = (chunk: ChunkRow, progress: ChunkProgress, now: number): Stmt =>
  stmt(
    `UPDATE chunks SET lease_until = ?4, bytes_in = ?5, rows_in = ?6, rows_out = ?7, rows_rejected = ?8
     WHERE job_id = ?1 AND k = ?2 AND fence = ?3 AND state = 'running'`,
    chunk.job_id,
    chunk.k,
    chunk.fence,
    now + LIMITS.leaseMs,
    progress.bytesIn,
    progress.rowsIn,
    progress.rowsOut,
    progress.rowsRejected,
  )

/** Tells the job's readers that something moved, if the statement before it changed a row. */
export const touchJobIfChanged = (job: JobId): Stmt =>
  stmt(`UPDATE jobs SET rev = rev + 1 WHERE id = ?1 AND state = 'running' AND changes() > 0`, job)

/** Where a chunk's holder stands: the newest fence, and whether the job goes on. Null: the chunk is gone. */
export const chunkStanding = (db: Db, chunk: ChunkRow): Promise<{ fence: number; state: ChunkState; job_state: JobState } | null> =>
  db.first(
    stmt(
      `SELECT chunks.fence, chunks.state, jobs.state AS job_state FROM chunks JOIN jobs ON jobs.id = chunks.job_id WHERE chunks.job_id = ?1 AND chunks.k = ?2`,
      chunk.job_id,
      chunk.k,
    ),
  )

/** running -> done, for the holder of the fence, while the job still runs. */
export const commitChunk = (chunk: ChunkRow, result: ChunkResult, now: number): Stmt =>
  stmt(
    `UPDATE chunks SET state = 'done', result = ?4, bytes_in = ?5, rows_in = ?6, rows_out = ?7, rows_rejected = ?8, error = NULL, lease_until = NULL, ended_at = ?9
     WHERE job_id = ?1 AND k = ?2 AND fence = ?3 AND state = 'running' AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ?1 AND jobs.state = 'running')`,
    chunk.job_id,
    chunk.k,
    chunk.fence,
    JSON.stringify(result),
    result.bytesIn,
    result.rowsIn,
    result.rowsOut,
    result.rowsRejected,
    now,
  )

/** running -> waiting after a failed try, so that the next one need not wait for the lease; the reason stays. */
export const releaseChunk = (chunk: ChunkRow, error: JobError, now: number): Stmt =>
  stmt(
    `UPDATE chunks SET state = 'waiting', lease_until = ?5, error = ?4 WHERE job_id = ?1 AND k = ?2 AND fence = ?3 AND state = 'running'`,
    chunk.job_id,
    chunk.k,
    chunk.fence,
    JSON.stringify(error),
    now + LIMITS.leaseMs,
  )

/** running -> waiting, asleep, after a guessed start came to nothing: it is run again when its start is known. Where the join waits for it already, it stays awake. */
export const sleepChunk = (chunk: ChunkRow, error: JobError, now: number): Stmt =>
  stmt(
    `UPDATE chunks SET state = 'waiting', guess_count = ?6, error = ?4, lease_until = CASE WHEN k = (SELECT joined FROM jobs WHERE id = ?1) THEN ?5 END
     WHERE job_id = ?1 AND k = ?2 AND fence = ?3 AND state = 'running'`,
    chunk.job_id,
    chunk.k,
    chunk.fence,
    JSON.stringify(error),
    now,
    LIMITS.guessesMax,
  )

/** running -> failed, for the holder of the fence. */
export const failChunk = (chunk: ChunkRow, error: JobError, now: number): Stmt =>
  stmt(
    `UPDATE chunks SET state = 'failed', lease_until = NULL, error = ?4, ended_at = ?5 WHERE job_id = ?1 AND k = ?2 AND fence = ?3 AND state = 'running'`,
    chunk.job_id,
    chunk.k,
    chunk.fence,
    JSON.stringify(error),
    now,
  )

/** running -> canceled, for the holder of the fence. */
export const cancelChunk = (chunk: ChunkRow, now: number): Stmt =>
  stmt(
    `UPDATE chunks SET state = 'canceled', lease_until = NULL, ended_at = ?4 WHERE job_id = ?1 AND k = ?2 AND fence = ?3 AND state = 'running'`,
    chunk.job_id,
    chunk.k,
    chunk.fence,
    now,
  )

/** All chunks of a job, in order. */
export const chunksOf = (db: Db, job: JobId): Promise<ChunkRow[]> =>
  db.all(stmt(`SELECT ${CHUNK_COLUMNS} FROM chunks WHERE job_id = ?1 ORDER BY k`, job))

export interface StalledChunk {
  readonly job_id: JobId
  readonly k: number
  readonly state: ChunkState
  readonly fence: number
  readonly request_id: string | null
}

/** What the tick looks after: chunks of running jobs that nobody has picked up, or whose holder is gone. */
export const stalledChunks = (db: Db, now: number, limit: number): Promise<StalledChunk[]> =>
  db.all(
    stmt(
      `SELECT job_id, k, state, fence, (SELECT request_id FROM jobs WHERE jobs.id = job_id) AS request_id FROM chunks
       WHERE state IN ('waiting', 'running') AND lease_until < ?1 AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = job_id AND jobs.state = 'running')
       ORDER BY lease_until LIMIT ?2`,
      now,
      limit,
    ),
  )

/** Puts off the next look at a stalled chunk, now that its message is sent again; a dead holder's chunk waits again, asleep where it has no guess left. Only where it still is due. */
export const requeueChunk = (job: JobId, k: number, now: number): Stmt =>
  stmt(
    `UPDATE chunks SET state = 'waiting', lease_until = CASE WHEN guess_count < ?5 OR k = (SELECT joined FROM jobs WHERE id = ?1) THEN ?4 END
     WHERE job_id = ?1 AND k = ?2 AND state IN ('waiting', 'running') AND lease_until < ?3`,
    job,
    k,
    now,
    now + LIMITS.leaseMs,
    LIMITS.guessesMax,
  )
