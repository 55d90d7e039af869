/**
 * Which chunks of a job may be run now? Those asleep are woken from the left, as many as the job may have messages out; each message is a row of the outbox in the same batch.
 * An owner's messages are shared out among the jobs that are under way, so each job has at least one, and no job waits for another's chunks.
 */
import type { JobId, OutboxId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import type { Sizes } from '../base/sizes.ts'
import { type Stmt, stmt } from '../db/db.ts'

export type Shares = Pick<Sizes, 'parallelPerJob' | 'parallelPerOwner'>

/** How many more messages the job may have out. Its neighbours are counted, so that the shares of all together stay near the owner's. */
const ROOM = `MIN(?7, MAX(1, ?8 / (SELECT COUNT(*) FROM jobs AS others WHERE others.owner_id = jobs.owner_id AND others.admitted_at IS NOT NULL AND others.ended_at IS NULL)))
  - (SELECT COUNT(*) FROM chunks WHERE job_id = ?1 AND (state = 'running' OR (state = 'waiting' AND lease_until IS NOT NULL)))`

/** The leftmost chunks asleep that may run: the one the join waits for, and those that may guess. */
const ASLEEP = `SELECT k, ROW_NUMBER() OVER (ORDER BY k) - 1 AS place FROM chunks
  WHERE job_id = ?1 AND state = 'waiting' AND lease_until IS NULL AND (k = (SELECT joined FROM jobs WHERE id = ?1) OR guess_count < ?6)`

/**
 * Two statements: the messages of chunks that may run now (they are the rows that the first returns: id, queue, body), and the chunks that wake. `ids`: as many as messages may come at once.
 * Nothing happens unless the job is running.
 */
export const wakeChunks = (job: JobId, ids: readonly OutboxId[], shares: Shares, now: number): readonly [Stmt, Stmt] => [
  stmt(
    `INSERT INTO outbox (id, queue, body, due_at, created_at)
     SELECT names.value, 'chunks', json_object('v', 1, 'job', ?1, 'k', asleep.k), ?4, ?5
     FROM jobs JOIN (${ASLEEP}) AS asleep JOIN json_each(?2) AS names ON names.key = asleep.place
     WHERE jobs.id = ?1 AND jobs.state = 'running' AND asleep.place < MIN(?3, ${ROOM})
     RETURNING id, queue, body`,
    job,
    JSON.stringify(ids),
    ids.length,
    now + LIMITS.relayAfterMs,
    now,
    LIMITS.guessesMax,
    shares.parallelPerJob,
    shares.parallelPerOwner,
  ),
  stmt(
    `UPDATE chunks SET lease_until = ?3 WHERE job_id = ?1 AND state = 'waiting' AND lease_until IS NULL
       AND k IN (SELECT body ->> 'k' FROM outbox WHERE id IN (SELECT value FROM json_each(?2)))`,
    job,
    JSON.stringify(ids),
    now + LIMITS.leaseMs,
  ),
]
