/**
 * Sums over all jobs that ever ended. A job is added in the batch of its end, behind the one event that tells it: it counts once, and counting costs one row.
 * Summing up when somebody asks would read every job there was.
 */
import type { JobId } from '../base/ids.ts'
import { type Stmt, stmt } from '../db/db.ts'

/** Classes of duration: from what a small list takes to half a day. */
export const DURATION_BOUNDS_S = [1, 5, 15, 60, 300, 1_800, 7_200, 43_200] as const

/** What one row sums up over the jobs of an operation that ended in one way within one class of duration. */
export interface TotalsRow {
  readonly operation: string
  readonly state: string
  /** One of DURATION_BOUNDS_S; 0: longer than the last. */
  readonly within_s: number
  readonly jobs: number
  readonly took_ms: number
  readonly waited_ms: number
  readonly chunks: number
  readonly tries_done: number
  readonly tries_released: number
  readonly tries_failed: number
  readonly tries_lost: number
  readonly tries_void: number
  readonly bytes_in: number
  readonly rows_in: number
  readonly rows_out: number
  readonly rows_filtered: number
  readonly rows_rejected: number
}

export const SUMS =
  'jobs, took_ms, waited_ms, chunks, tries_done, tries_released, tries_failed, tries_lost, tries_void, bytes_in, rows_in, rows_out, rows_filtered, rows_rejected'

const TRIES = (outcome: string): string => `(SELECT COUNT(*) FROM chunk_attempts WHERE job_id = ?1 AND outcome = '${outcome}')`

/** Adds an ended job, if the statement before it in the batch (the event of its end) changed a row; then it changes one itself. */
export const countEndIfChanged = (id: JobId): Stmt =>
  stmt(
    `INSERT INTO job_totals (operation, state, within_s, ${SUMS})
     SELECT operation, state, COALESCE((SELECT MIN(value) FROM json_each(?2) WHERE value * 1000 >= ended_at - created_at), 0),
       1, ended_at - created_at, COALESCE(started_at, ended_at) - created_at, chunks_total,
       (SELECT COUNT(*) FROM chunks WHERE job_id = ?1 AND state = 'done'), ${['released', 'failed', 'lost', 'void'].map(TRIES).join(', ')}, bytes_in, rows_in, rows_out, rows_filtered, rows_rejected
     FROM jobs WHERE id = ?1 AND ended_at IS NOT NULL AND changes() > 0
     ON CONFLICT (operation, state, within_s) DO UPDATE SET ${SUMS.split(', ')
       .map((sum) => `${sum} = ${sum} + excluded.${sum}`)
       .join(', ')}`,
    id,
    JSON.stringify(DURATION_BOUNDS_S),
  )
