/** What is asked about the work of jobs that is kept in the bucket: a planner's sign of life, and which jobs still need theirs. */
import type { JobId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'

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
