/** Every arrow between the states of a job (told in job.ts) as one conditional statement. */
import type { EventId, FileId, JobId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import { UNDER_WAY } from './admission.sql.ts'
import { JOB_COLUMNS, type JobError, type JobPlan, type JobRow } from './job.ts'

/** Word for word as the partial indexes say it: SQLite takes one only for a query that says the same. */
const LIVE = `state IN ('queued', 'running', 'finalizing', 'canceling')`

export interface NewJob {
  readonly id: JobId
  readonly owner: UserId
  readonly operation: string
  readonly inputFile: FileId
  readonly inputEtag: string
  readonly spec: string
  readonly specSha256: string
  readonly engineVersion: string
  readonly name: string | null
  readonly tags: readonly string[]
  readonly customId: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly cause: 'request' | 'arrival'
  readonly requestId: string | null
  readonly expiresAt: number
}

/**
 * A new queued job on a file of its owner that is stored with these bytes; no row where that is no longer so, or where this arrival has its job already. It is admitted at once
 * where its owner has fewer than `underWayMax` jobs under way (admission.sql.ts). `riding`: only if the statement before it changed a row.
 */
const insertJob = (job: NewJob, underWayMax: number, now: number, riding: '' | 'AND changes() > 0'): Stmt =>
  stmt(
    `INSERT INTO jobs (id, owner_id, state, operation, input_file, input_etag, input_bytes, spec, spec_sha256, engine_version, name, tags, custom_id, metadata,
       cause, request_id, created_at, expires_at, admitted_at, lease_until)
     SELECT ?1, owner_id, 'queued', ?4, id, etag, bytes, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?15, ?16,
       CASE WHEN ${UNDER_WAY('?2')} < ?18 THEN ?15 END, CASE WHEN ${UNDER_WAY('?2')} < ?18 THEN ?14 END
     FROM files WHERE id = ?3 AND owner_id = ?2 AND etag = ?17 AND state IN ('stored', 'ready') ${riding}
     ON CONFLICT (input_file, input_etag, operation) WHERE cause = 'arrival' DO NOTHING`,
    job.id,
    job.owner,
    job.inputFile,
    job.operation,
    job.spec,
    job.specSha256,
    job.engineVersion,
    job.name,
    JSON.stringify(job.tags),
    job.customId,
    JSON.stringify(job.metadata),
    job.cause,
    job.requestId,
    now + LIMITS.leaseMs,
    now,
    job.expiresAt,
    job.inputEtag,
    underWayMax,
  )

export const insertRequestedJob = (job: NewJob, underWayMax: number, now: number): Stmt => insertJob(job, underWayMax, now, '')
export const insertArrivalJob = (job: NewJob, underWayMax: number, now: number): Stmt =>
  insertJob(job, underWayMax, now, 'AND changes() > 0')

/** queued -> running, for its planner; or takes over from a planner whose lease ran out. Null: there is nothing to plan. */
export const claimPlan = (db: Db, id: JobId, now: number): Promise<JobRow | null> =>
  db.first(
    stmt(
      `UPDATE jobs SET state = 'running', fence = fence + 1, attempt_count = attempt_count + 1, lease_until = ?2, started_at = COALESCE(started_at, ?3), rev = rev + 1
       WHERE id = ?1 AND chunks_total = 0 AND (state = 'queued' OR (state = 'running' AND lease_until < ?3))
       RETURNING ${JOB_COLUMNS}`,
      id,
      now + LIMITS.leaseMs,
      now,
    ),
  )

/** Fixes the plan: from here on the job's chunks are what is worked on, and joined from the end of the header on. Only for the holder of the fence. */
export const commitPlan = (id: JobId, fence: number, plan: JobPlan, chunks: number): Stmt =>
  stmt(
    `UPDATE jobs SET plan = ?3, chunks_total = ?4, joined_to = ?5, lease_until = NULL, attempt_count = 0, rev = rev + 1
     WHERE id = ?1 AND fence = ?2 AND state = 'running' AND chunks_total = 0`,
    id,
    fence,
    JSON.stringify(plan),
    chunks,
    plan.dialect.header_end,
  )

/** running with all chunks joined -> finalizing; or takes over from a finisher whose lease ran out. Null: there is nothing to finish. */
export const claimFinish = (db: Db, id: JobId, now: number): Promise<JobRow | null> =>
  db.first(
    stmt(
      `UPDATE jobs SET state = 'finalizing', fence = fence + 1, attempt_count = attempt_count + 1, lease_until = ?2, finalizing_at = COALESCE(finalizing_at, ?3), rev = rev + 1
       WHERE id = ?1 AND chunks_total > 0 AND joined = chunks_total AND (state = 'running' OR (state = 'finalizing' AND (lease_until IS NULL OR lease_until < ?3)))
       RETURNING ${JOB_COLUMNS}`,
      id,
      now + LIMITS.leaseMs,
      now,
    ),
  )

/** Gives a job step back after a failed try, so that the next one need not wait for the lease. */
export const releaseJob = (id: JobId, fence: number, error: JobError, now: number): Stmt =>
  stmt(
    `UPDATE jobs SET state = CASE WHEN chunks_total = 0 THEN 'queued' ELSE state END, lease_until = CASE WHEN chunks_total = 0 THEN ?4 END,
       error = ?3, rev = rev + 1
     WHERE id = ?1 AND fence = ?2 AND state IN ('running', 'finalizing')`,
    id,
    fence,
    JSON.stringify(error),
    now + LIMITS.leaseMs,
  )

export interface JobOutcome {
  readonly bytesIn: number
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rowsFiltered: number
  readonly rowsRejected: number
  readonly blankLines: number
  readonly warnings: readonly unknown[]
  readonly result: Record<string, unknown>
  readonly resultFile: FileId | null
  readonly rejectsFile: FileId | null
}

/** finalizing -> succeeded. Only for the holder of the fence. */
export const succeedJob = (id: JobId, fence: number, outcome: JobOutcome, now: number): Stmt =>
  stmt(
    `UPDATE jobs SET state = 'succeeded', bytes_in = ?3, rows_in = ?4, rows_out = ?5, rows_filtered = ?6, rows_rejected = ?7, blank_lines = ?8, warnings = ?9,
       result = ?10, result_file = ?11, rejects_file = ?12, error = NULL, lease_until = NULL, ended_at = ?13, rev = rev + 1
     WHERE id = ?1 AND fence = ?2 AND state = 'finalizing'`,
    id,
    fence,
    outcome.bytesIn,
    outcome.rowsIn,
    outcome.rowsOut,
    outcome.rowsFiltered,
    outcome.rowsRejected,
    outcome.blankLines,
    JSON.stringify(outcome.warnings),
    JSON.stringify(outcome.result),
    outcome.resultFile,
    outcome.rejectsFile,
    now,
  )

const failing = (id: JobId, fence: number | null, error: JobError, now: number, riding: '' | 'AND changes() > 0'): Stmt =>
  stmt(
    `UPDATE jobs SET state = 'failed', error = ?3, lease_until = NULL, ended_at = ?4, rev = rev + 1
     WHERE id = ?1 AND (?2 IS NULL OR fence = ?2) AND state IN ('queued', 'running', 'finalizing') ${riding}`,
    id,
    fence,
    JSON.stringify(error),
    now,
  )

/** queued, running, finalizing -> failed, by the holder of the job's own fence. */
export const failJob = (id: JobId, fence: number, error: JobError, now: number): Stmt => failing(id, fence, error, now, '')

/** queued, running, finalizing -> failed, because its chunk has just failed for good: does nothing if the statement before it changed no row. Who is overtaken, or has committed after all, fails nothing. */
export const failJobIfChanged = (id: JobId, error: JobError, now: number): Stmt => failing(id, null, error, now, 'AND changes() > 0')

/**
 * A user asks for the end: queued -> canceled at once, running and finalizing -> canceling. Once a job is planned and until it is finished its own lease
 * holds nobody, it only says when somebody must have come: it goes, else a job whose chunks are done would be waited for although nobody works on it.
 */
export const requestCancel = (owner: UserId, id: JobId, now: number): Stmt =>
  stmt(
    `UPDATE jobs SET state = CASE state WHEN 'queued' THEN 'canceled' ELSE 'canceling' END, ended_at = CASE state WHEN 'queued' THEN ?3 END,
       cancel_requested_at = ?3, lease_until = CASE WHEN state = 'finalizing' OR (state = 'running' AND chunks_total = 0) THEN lease_until END, rev = rev + 1
     WHERE id = ?1 AND owner_id = ?2 AND state IN ('queued', 'running', 'finalizing')`,
    id,
    owner,
    now,
  )

/** canceling -> canceled, once nobody holds a chunk or the job itself with a lease that still runs. */
export const endCanceled = (id: JobId, now: number): Stmt =>
  stmt(
    `UPDATE jobs SET state = 'canceled', lease_until = NULL, ended_at = ?2, rev = rev + 1
     WHERE id = ?1 AND state = 'canceling' AND (lease_until IS NULL OR lease_until < ?2)
       AND NOT EXISTS (SELECT 1 FROM chunks WHERE job_id = ?1 AND state = 'running' AND lease_until >= ?2)`,
    id,
    now,
  )

/** canceling -> canceled, by the holder of the job's own fence: nobody else works on it. */
export const endCanceledByHolder = (id: JobId, fence: number, now: number): Stmt =>
  stmt(
    `UPDATE jobs SET state = 'canceled', lease_until = NULL, ended_at = ?3, rev = rev + 1
     WHERE id = ?1 AND fence = ?2 AND state = 'canceling' AND NOT EXISTS (SELECT 1 FROM chunks WHERE job_id = ?1 AND state = 'running')`,
    id,
    fence,
    now,
  )

/** Any state that is not the end -> expired, past its time. */
export const expireJob = (id: JobId, error: JobError, now: number): Stmt =>
  stmt(
    `UPDATE jobs SET state = 'expired', error = ?2, lease_until = NULL, ended_at = ?3, rev = rev + 1
     WHERE id = ?1 AND state IN ('queued', 'running', 'finalizing', 'canceling') AND expires_at <= ?3`,
    id,
    JSON.stringify(error),
    now,
  )

/** The event of a job's end, from the row itself: recorded only where it has ended, and once. */
export const insertEndEvent = (event: EventId, id: JobId, now: number): Stmt =>
  stmt(
    `INSERT INTO events (id, owner_id, kind, subject, payload, request_id, created_at)
     SELECT ?1, owner_id, 'job.' || state, id, json_object('job', id, 'operation', operation, 'input', input_file, 'result', result_file), request_id, ?3
     FROM jobs WHERE id = ?2 AND ended_at IS NOT NULL
     ON CONFLICT (id) DO NOTHING`,
    event,
    id,
    now,
  )

export interface StalledJob {
  readonly id: JobId
  readonly kind: 'plan' | 'join' | 'finish'
  readonly request_id: string | null
}

/**
 * What the tick looks after: jobs whose step nobody has picked up or whose holder is gone, and those whose chunks all sleep, because whoever should have woken one is gone.
 * `kind`: the message that sends them on.
 */
export const stalledJobs = (db: Db, now: number, limit: number): Promise<StalledJob[]> =>
  db.all(
    stmt(
      `SELECT id, request_id, CASE WHEN chunks_total = 0 THEN 'plan' WHEN joined < chunks_total THEN 'join' ELSE 'finish' END AS kind FROM jobs
       WHERE state IN ('queued', 'running', 'finalizing') AND admitted_at IS NOT NULL AND ended_at IS NULL AND COALESCE(lease_until, 0) < ?1
         AND (chunks_total = 0 OR joined = chunks_total OR lease_until IS NOT NULL
           OR NOT EXISTS (SELECT 1 FROM chunks WHERE job_id = jobs.id AND lease_until IS NOT NULL)) ORDER BY created_at LIMIT ?2`,
      now,
      limit,
    ),
  )

/** Jobs to be ended by the tick: canceled ones whose worker is gone. */
export const cancelingJobs = (db: Db, limit: number): Promise<{ id: JobId }[]> =>
  db.all(stmt(`SELECT id FROM jobs WHERE state = 'canceling' AND ${LIVE} ORDER BY created_at LIMIT ?1`, limit))

/** Jobs past their time. */
export const overdueJobs = (db: Db, now: number, limit: number): Promise<{ id: JobId }[]> =>
  db.all(stmt(`SELECT id FROM jobs INDEXED BY jobs_by_expiry WHERE ${LIVE} AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2`, now, limit))

/**
 * Lets a stalled job's step be claimed again, now that its message is sent again: a planner whose lease ran out loses the job to the queue, a finisher loses its lease,
 * and the next look at a step that waits is put off. Only where it still is due.
 */
export const requeueJob = (id: JobId, now: number): Stmt =>
  stmt(
    `UPDATE jobs SET state = CASE WHEN state = 'running' AND chunks_total = 0 THEN 'queued' ELSE state END,
       lease_until = CASE WHEN state = 'finalizing' THEN NULL ELSE ?3 END
     WHERE id = ?1 AND COALESCE(lease_until, 0) < ?2 AND state IN ('queued', 'running', 'finalizing')`,
    id,
    now,
    now + LIMITS.leaseMs,
  )
