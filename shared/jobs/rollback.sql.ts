/** Taking back what a job made. A terminal job's row never changes, so a rollback is a row of its own, which everything else of it rides on. */
import type { FileId, JobId, UserId } from '../base/ids.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import { isLive, JOB_STATES } from './job.ts'

const LIVE = JOB_STATES.filter(isLive)
  .map((state) => `'${state}'`)
  .join(', ')

/** The row of a rollback: only for a job that succeeded, while no file that was made from its files is left and no job reads them. Once. */
export const insertRollback = (owner: UserId, job: JobId, requestId: string | null, now: number): Stmt =>
  stmt(
    `INSERT INTO rollbacks (job_id, owner_id, request_id, created_at)
     SELECT id, owner_id, ?3, ?4 FROM jobs WHERE id = ?1 AND owner_id = ?2 AND state = 'succeeded'
       AND NOT EXISTS (SELECT 1 FROM edges JOIN files ON files.id = edges.child_file
         WHERE edges.parent_file IN (jobs.result_file, jobs.rejects_file) AND files.state <> 'deleted')
       AND NOT EXISTS (SELECT 1 FROM jobs AS readers WHERE readers.input_file IN (jobs.result_file, jobs.rejects_file) AND readers.state IN (${LIVE}))
     ON CONFLICT (job_id) DO NOTHING`,
    job,
    owner,
    requestId,
    now,
  )

/** any -> deleted, for a file whose job was rolled back. */
export const deleteRolledBack = (owner: UserId, file: FileId, now: number): Stmt =>
  stmt(
    `UPDATE files SET state = 'deleted', deleted_at = ?3, rev = rev + 1
     WHERE id = ?1 AND owner_id = ?2 AND state <> 'deleted' AND EXISTS (SELECT 1 FROM rollbacks WHERE job_id = files.job_id)`,
    file,
    owner,
    now,
  )

/** The files, deleted ones aside, that were made from these, oldest first. */
export const filesMadeFrom = (db: Db, owner: UserId, files: readonly FileId[], limit: number): Promise<{ readonly id: FileId }[]> =>
  db.all(
    stmt(
      `SELECT DISTINCT files.id FROM edges JOIN files ON files.id = edges.child_file
       WHERE edges.owner_id = ?1 AND edges.parent_file IN (SELECT value FROM json_each(?2)) AND files.state <> 'deleted' ORDER BY files.id LIMIT ?3`,
      owner,
      JSON.stringify(files),
      limit,
    ),
  )
