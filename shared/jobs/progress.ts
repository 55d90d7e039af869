/**
 * How far is a job, how fast does it go, and how long will it take? All of it follows from the job's row and the time: nothing more is asked of the database.
 * The rate is the mean since the job began to be worked on: it forgets no pause, and so does the time that it says is left.
 */
import type { JobRow } from './job.ts'

type Counted = Pick<
  JobRow,
  | 'state'
  | 'chunks_total'
  | 'chunks_done'
  | 'bytes_in'
  | 'rows_in'
  | 'rows_out'
  | 'rows_filtered'
  | 'rows_rejected'
  | 'blank_lines'
  | 'started_at'
  | 'finalizing_at'
  | 'ended_at'
>

/** Milliseconds spent on reading the input so far; joining the outputs comes after. */
const readingMs = (job: Counted, now: number): number =>
  job.started_at === null ? 0 : Math.max(0, (job.finalizing_at ?? job.ended_at ?? now) - job.started_at)

/** Seconds until the input is read; null where that is not known, 0 once the job has ended. */
const remainingS = (job: Counted, bytesTotal: number, rate: number | null): number | null => {
  if (job.ended_at !== null) return 0
  return job.state === 'running' && rate ? Math.ceil(Math.max(0, bytesTotal - job.bytes_in) / rate) : null
}

/** The job's progress as the API shows it. `bytesTotal`: of what is read, which is not the file where that was packed. */
export const progressOf = (job: Counted, bytesTotal: number, now: number) => {
  const ms = readingMs(job, now)
  const perSecond = (count: number): number | null => (job.bytes_in > 0 && ms > 0 ? Math.round((count * 1000) / ms) : null)
  const rate = perSecond(job.bytes_in)
  return {
    chunks_total: job.chunks_total,
    chunks_done: job.chunks_done,
    bytes_total: bytesTotal,
    bytes_in: job.bytes_in,
    rows_in: job.rows_in,
    rows_out: job.rows_out,
    rows_filtered: job.rows_filtered,
    rows_rejected: job.rows_rejected,
    blank_lines: job.blank_lines,
    rate_bytes_s: rate,
    rate_rows_s: perSecond(job.rows_in),
    remaining_s: remainingS(job, bytesTotal, rate),
  }
}
