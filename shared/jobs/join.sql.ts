/**
 * The join's place in a job (`joined`, `joined_to`, `joined_skips`) and how it moves: every move names the place it leaves, so that of two who join at once one finds nothing to do.
 */
import type { JobId, OutboxId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import type { ChunkStart, JoinCursor } from '../csv/chunks.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import { CHUNK_COLUMNS, type ChunkRow } from './chunk.ts'
import type { JobState } from './job.ts'

export interface JoinRow {
  readonly state: JobState
  readonly joined: number
  readonly joined_to: number
  readonly joined_skips: number
  readonly chunks_total: number
  readonly request_id: string | null
}

/** Where the join of a job stands. Null: there is no such job. */
export const joinOf = (db: Db, job: JobId): Promise<JoinRow | null> =>
  db.first(stmt(`SELECT state, joined, joined_to, joined_skips, chunks_total, request_id FROM jobs WHERE id = ?1`, job))

/** Chunks from the join's place on, in order. */
export const chunksFrom = (db: Db, job: JobId, k: number, limit: number): Promise<ChunkRow[]> =>
  db.all(stmt(`SELECT ${CHUNK_COLUMNS} FROM chunks WHERE job_id = ?1 AND k >= ?2 ORDER BY k LIMIT ?3`, job, k, limit))

/** What the last chunk before `k` that has a state left: what a sequential operation goes on from. */
export const chunkWithStateBefore = (db: Db, job: JobId, k: number): Promise<Pick<ChunkRow, 'result'> | null> =>
  db.first(
    stmt(
      `SELECT result FROM chunks WHERE job_id = ?1 AND k < ?2 AND state = 'done' AND result ->> '$.state.key' IS NOT NULL ORDER BY k DESC LIMIT 1`,
      job,
      k,
    ),
  )

/** `chunks_done` says how many are done, joined or not. */
const DONE = `(SELECT COUNT(*) FROM chunks WHERE job_id = ?1 AND state = 'done')`

/** A commit is known to the job's readers, if the statement before it changed a row. Somebody must come and join. */
export const noteDoneIfChanged = (job: JobId, now: number): Stmt =>
  stmt(
    `UPDATE jobs SET chunks_done = ${DONE}, lease_until = ?2, rev = rev + 1 WHERE id = ?1 AND state = 'running' AND changes() > 0`,
    job,
    now + LIMITS.leaseMs,
  )

/** The chunk that the join waited for joins by its own commit: it ran from the true start. If the statement before it changed a row. */
export const joinOwnIfChanged = (chunk: ChunkRow, next: ChunkStart): Stmt =>
  stmt(
    `UPDATE jobs SET joined = joined + 1, joined_to = ?4, joined_skips = ?5
     WHERE id = ?1 AND joined = ?2 AND joined_to = ?3 AND state = 'running' AND changes() > 0`,
    chunk.job_id,
    chunk.k,
    chunk.start_at,
    next.at,
    next.skips ? 1 : 0,
  )

/** The join goes on from one place to another, over `empty` chunks, which are done without a result. The first statement says whether it did. */
export const moveJoin = (job: JobId, from: JoinCursor, to: JoinCursor, empty: readonly number[], now: number): readonly Stmt[] => [
  stmt(
    `UPDATE jobs SET joined = ?4, joined_to = ?5, joined_skips = ?6, lease_until = ?7, rev = rev + 1 WHERE id = ?1 AND joined = ?2 AND joined_to = ?3 AND state = 'running'`,
    job,
    from.k,
    from.at,
    to.k,
    to.at,
    to.skips ? 1 : 0,
    now + LIMITS.leaseMs,
  ),
  stmt(
    `UPDATE chunks SET state = 'done', fence = fence + 1, result = NULL, error = NULL, lease_until = NULL, bytes_in = 0, rows_in = 0, rows_out = 0, rows_rejected = 0, ended_at = COALESCE(ended_at, ?4)
     WHERE job_id = ?1 AND k IN (SELECT value FROM json_each(?2)) AND EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND joined = ?3 AND state = 'running')`,
    job,
    JSON.stringify(empty),
    to.k,
    now,
  ),
]

/** Says again how many chunks are done, where the join has made some so, or no longer. */
export const recountDone = (job: JobId): Stmt => stmt(`UPDATE jobs SET chunks_done = ${DONE} WHERE id = ?1 AND state = 'running'`, job)

/** done -> waiting, asleep: the chunk at the join's place began at a wrong guess. It is no attempt: what it left is void, and nobody else may commit it. */
export const voidGuess = (job: JobId, k: number, start: ChunkStart): Stmt =>
  stmt(
    `UPDATE chunks SET state = 'waiting', fence = fence + 1, result = NULL, error = NULL, lease_until = NULL, ended_at = NULL, bytes_in = 0, rows_in = 0, rows_out = 0, rows_rejected = 0
     WHERE job_id = ?1 AND k = ?2 AND state = 'done' AND EXISTS (SELECT 1 FROM jobs WHERE id = ?1 AND joined = ?2 AND joined_to = ?3 AND state = 'running')`,
    job,
    k,
    start.at,
  )

/** Nobody has to come to join until another chunk is done; where one is done already, or all are joined, somebody does. */
export const restJoin = (job: JobId, now: number): Stmt =>
  stmt(
    `UPDATE jobs SET lease_until = CASE WHEN joined = chunks_total OR EXISTS (SELECT 1 FROM chunks WHERE job_id = ?1 AND k = joined AND state = 'done') THEN ?2 END
     WHERE id = ?1 AND state = 'running' AND chunks_total > 0`,
    job,
    now + LIMITS.leaseMs,
  )

/** The finish message, if the job runs and all of its chunks are joined. */
export const keepFinishIfJoined = (id: OutboxId, job: JobId, body: string, dueAt: number, now: number): Stmt =>
  stmt(
    `INSERT INTO outbox (id, queue, body, due_at, created_at)
     SELECT ?1, 'jobs', ?3, ?4, ?5 FROM jobs WHERE id = ?2 AND joined = chunks_total AND chunks_total > 0 AND state = 'running'
     RETURNING id, queue, body`,
    id,
    job,
    body,
    dueAt,
    now,
  )
