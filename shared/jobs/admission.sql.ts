/**
 * Whose turn is it? A queue is first come, first served: ten thousand messages of one owner would be served before the first of the next. So only some jobs of an owner
 * are under way at a time (admitted: their messages go out), the others wait in the database, and each end of a job lets the owner's next one in.
 */
import type { JobId, OutboxId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { type Stmt, stmt } from '../db/db.ts'

/** How many jobs of an owner are under way; `owner`: SQL for its id. */
export const UNDER_WAY = (owner: string): string =>
  `(SELECT COUNT(*) FROM jobs WHERE owner_id = ${owner} AND admitted_at IS NOT NULL AND ended_at IS NULL)`

const OWNER = `(SELECT owner_id FROM jobs WHERE id = ?1)`

/** Lets the next waiting job of this job's owner in, if there is room: its plan message (the row that the first statement returns), and the job itself. To ride in the batch that ends a job. */
export const admitNext = (ended: JobId, message: OutboxId, underWayMax: number, now: number): readonly [Stmt, Stmt] => [
  stmt(
    `INSERT INTO outbox (id, queue, body, due_at, created_at)
     SELECT ?2, 'jobs', json_object('v', 1, 'kind', 'plan', 'job', id), ?4, ?5 FROM jobs
     WHERE owner_id = ${OWNER} AND state = 'queued' AND admitted_at IS NULL AND ${UNDER_WAY(OWNER)} < ?3
     ORDER BY created_at, id LIMIT 1
     RETURNING id, queue, body`,
    ended,
    message,
    underWayMax,
    now + LIMITS.relayAfterMs,
    now,
  ),
  stmt(
    `UPDATE jobs SET admitted_at = ?2, lease_until = ?3, rev = rev + 1
     WHERE id = (SELECT body ->> 'job' FROM outbox WHERE id = ?1) AND state = 'queued' AND admitted_at IS NULL`,
    message,
    now,
    now + LIMITS.leaseMs,
  ),
]

/** The message of a job that was admitted when it was made, if the statement before it changed a row. Returns its row; none for a job that has to wait. */
export const keepPlanIfAdmitted = (message: OutboxId, job: JobId, body: string, now: number): Stmt =>
  stmt(
    `INSERT INTO outbox (id, queue, body, due_at, created_at) SELECT ?1, 'jobs', ?3, ?4, ?5 FROM jobs WHERE id = ?2 AND admitted_at IS NOT NULL AND changes() > 0
     RETURNING id, queue, body`,
    message,
    job,
    body,
    now + LIMITS.relayAfterMs,
    now,
  )
