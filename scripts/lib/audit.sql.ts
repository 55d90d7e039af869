/** What the database says after a run, of all users. */
import { type Stmt, stmt } from '../../shared/db/db.ts'

/** Job ids that have not exactly one end event, or an end event without an end. */
export const jobsWithoutOneEnd = (): Stmt =>
  stmt(`SELECT jobs.id FROM jobs LEFT JOIN events ON events.subject = jobs.id AND events.kind IN ('job.succeeded', 'job.failed', 'job.canceled', 'job.expired')
    GROUP BY jobs.id HAVING COUNT(events.id) <> 1 OR MAX(jobs.ended_at) IS NULL OR MAX(events.kind) <> 'job.' || MAX(jobs.state)`)

/** Files that a job made and does not name, or that it names without one edge to its input. */
export const filesOfNoJob = (): Stmt =>
  stmt(`SELECT files.id FROM files LEFT JOIN jobs ON jobs.id = files.job_id AND files.id IN (jobs.result_file, jobs.rejects_file)
    WHERE files.source = 'job' AND 1 <> (SELECT COUNT(*) FROM edges WHERE edges.child_file = files.id AND edges.job_id = jobs.id AND edges.parent_file = jobs.input_file)`)

/** One row: what is not done with, and how much of it there is. */
export const workLeft = (): Stmt =>
  stmt(`SELECT (SELECT COUNT(*) FROM jobs WHERE ended_at IS NULL) AS "jobs not ended",
    (SELECT COUNT(*) FROM outbox) AS "messages in the outbox",
    (SELECT COUNT(*) FROM chunks WHERE state IN ('waiting', 'running')) AS "chunks under way",
    (SELECT COUNT(*) FROM compositions) AS "compositions",
    (SELECT COUNT(*) FROM composed_parts) AS "composed parts",
    (SELECT COUNT(*) FROM files WHERE state = 'uploading') AS "files that never came",
    (SELECT COUNT(*) FROM files WHERE state = 'stored') AS "files not looked at"`)

/** What files hold in the bucket. */
export const objectsOfFiles = (): Stmt => stmt(`SELECT id, state, object_key, etag, bytes, profile_key FROM files WHERE state <> 'deleted'`)

/** One row: what the run came to, for people. */
export const tallies = (): Stmt =>
  stmt(`SELECT (SELECT COUNT(*) FROM jobs) AS "jobs",
    (SELECT COUNT(*) FROM jobs WHERE chunks_total > 1) AS "of many chunks",
    (SELECT COUNT(*) FROM chunks) AS "chunks",
    (SELECT COALESCE(SUM(fence), 0) FROM chunks) AS "chunk claims",
    (SELECT COUNT(*) FROM dead_letters) AS "dead letters"`)
