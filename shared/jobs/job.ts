/**
 * A job: one operation on one input file, asked for by one user.
 *
 * queued: its plan message is on the way.                  running: planned (chunks exist) or being planned.
 * finalizing: all chunks are done, the result is joined.   canceling: someone asked for its end while it was worked on.
 * succeeded, failed, canceled, expired: the end; the row never changes again, and one event tells it. That its files were taken back later is a row of `rollbacks`.
 *
 * queued -> running -> finalizing -> succeeded. running -> queued only before the plan is committed (its planner died).
 * queued -> canceled; running, finalizing -> canceling -> canceled. queued, running, finalizing -> failed. Any that is not at its end -> expired.
 *
 * Every arrow is one conditional UPDATE. Whoever works on a job or a chunk holds it by a lease and a fence: the fence (raised by every claim, named by every
 * commit) makes it right, the lease only makes it go on. `lease_until` on a row that waits says when somebody must have picked it up: past it the tick sends its message again.
 */
import { isoTime } from '../base/clock.ts'
import type { FileId, JobId, UserId } from '../base/ids.ts'
import { type DialectView, dialectOf, needsTwin } from '../csv/dialect.ts'
import type { DecodedInput } from './decode-input.ts'
import { progressOf } from './progress.ts'

export const JOB_STATES = ['queued', 'running', 'finalizing', 'canceling', 'succeeded', 'failed', 'canceled', 'expired'] as const
export type JobState = (typeof JOB_STATES)[number]

const LIVE = new Set<JobState>(['queued', 'running', 'finalizing', 'canceling'])

/** True until the job has ended. */
export const isLive = (state: JobState): boolean => LIVE.has(state)

/** A row of `jobs`; the TEXT columns with JSON are still text. */
export interface JobRow {
  readonly id: JobId
  readonly owner_id: UserId
  readonly rev: number
  readonly state: JobState
  readonly operation: string
  readonly input_file: FileId
  readonly input_etag: string
  readonly input_bytes: number
  readonly spec: string
  readonly spec_sha256: string
  readonly engine_version: string
  readonly name: string | null
  readonly tags: string
  readonly custom_id: string | null
  readonly metadata: string
  readonly cause: 'request' | 'arrival'
  readonly request_id: string | null
  readonly fence: number
  readonly attempt_count: number
  readonly plan: string | null
  readonly chunks_total: number
  readonly chunks_done: number
  readonly bytes_in: number
  readonly rows_in: number
  readonly rows_out: number
  readonly rows_filtered: number
  readonly rows_rejected: number
  readonly blank_lines: number
  readonly warnings: string
  readonly result_file: FileId | null
  readonly rejects_file: FileId | null
  readonly result: string | null
  readonly error: string | null
  readonly created_at: number
  readonly started_at: number | null
  readonly finalizing_at: number | null
  readonly cancel_requested_at: number | null
  readonly ended_at: number | null
  readonly expires_at: number
  /** When its files were taken back. */
  readonly rolled_back_at: number | null
}

/** A row never changes after its end, so a rollback is seen beside it; to those who read the job it is one more revision. */
export const JOB_COLUMNS = `id, owner_id, rev + EXISTS (SELECT 1 FROM rollbacks WHERE job_id = jobs.id) AS rev, state, operation, input_file, input_etag, input_bytes, spec, spec_sha256, engine_version, name, tags, custom_id,
  metadata, cause, request_id, fence, attempt_count, plan, chunks_total, chunks_done, bytes_in, rows_in, rows_out, rows_filtered, rows_rejected, blank_lines,
  warnings, result_file, rejects_file, result, error, created_at, started_at, finalizing_at, cancel_requested_at, ended_at, expires_at,
  (SELECT created_at FROM rollbacks WHERE job_id = jobs.id) AS rolled_back_at`

/** What planning fixed for every chunk: from here on nothing about the input is decided again. */
export interface JobPlan {
  readonly dialect: DialectView
  readonly columns: readonly string[]
  /** The object that is scanned in the input's place; null (and absent in older plans): the input itself is. */
  readonly decoded?: DecodedInput | null
  /** Physical lines before the first data line. */
  readonly headerLines: number
  /** The files that this job may make: named now, so that a second try writes to the same place. */
  readonly resultFile: FileId
  readonly rejectsFile: FileId
}

/** Why a job ended without a result. */
export interface JobError {
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly retryable: boolean
  readonly chunk?: number
  readonly line?: number
  readonly byte_offset?: number
  /** The code of the last failure, where the step failed too often. */
  readonly reason?: string
}

/** The canonical JSON of the specification, parsed. */
export const specOf = (job: JobRow): Record<string, unknown> => JSON.parse(job.spec) as Record<string, unknown>

export const planOf = (job: JobRow): JobPlan | null => (job.plan === null ? null : (JSON.parse(job.plan) as JobPlan))

/** Seconds after which asking again makes sense, by age; null once it has ended. */
export const pollAfterS = (job: JobRow, now: number): number | null => {
  if (!isLive(job.state)) return null
  const ageS = (now - job.created_at) / 1000
  return ageS < 10 ? 1 : ageS < 60 ? 2 : ageS < 300 ? 5 : 10
}

/** What about the input makes this job another than most, in sentences; known once it is planned. */
const notesOf = (plan: JobPlan | null): string[] => {
  const why = plan && needsTwin(dialectOf(plan.dialect))
  return why ? [why] : []
}

/** Where the bytes of a file that the job made are; null: it made none, or they were taken back. */
const contentLink = (job: JobRow, file: FileId | null): string | null =>
  file === null || job.rolled_back_at !== null ? null : `/api/v1/files/${file}/content`

/** What the job came to. After a rollback it still says what that was, and no longer where. */
const resultOf = (job: JobRow): Record<string, unknown> | null => {
  const result = job.result === null ? null : (JSON.parse(job.result) as Record<string, unknown>)
  return result && job.rolled_back_at !== null ? { ...result, url: null } : result
}

/** A job as the API shows it. `now`: what its rate is worked out by. */
export const jobView = (job: JobRow, now: number) => ({
  id: job.id,
  object: 'job' as const,
  rev: job.rev,
  state: job.state,
  operation: job.operation,
  name: job.name,
  input: { file: job.input_file, etag: job.input_etag, bytes: job.input_bytes },
  spec: specOf(job),
  spec_sha256: job.spec_sha256,
  engine_version: job.engine_version,
  cause: job.cause,
  progress: progressOf(job, planOf(job)?.decoded?.bytes ?? job.input_bytes, now),
  warnings: JSON.parse(job.warnings) as unknown[],
  notes: notesOf(planOf(job)),
  result: resultOf(job),
  error: job.error === null ? null : (JSON.parse(job.error) as JobError),
  attempt: job.attempt_count,
  batch: null,
  custom_id: job.custom_id,
  tags: JSON.parse(job.tags) as string[],
  metadata: JSON.parse(job.metadata) as Record<string, string>,
  created_at: isoTime(job.created_at),
  queued_at: isoTime(job.created_at),
  started_at: isoTime(job.started_at),
  finalizing_at: isoTime(job.finalizing_at),
  cancel_requested_at: isoTime(job.cancel_requested_at),
  ended_at: isoTime(job.ended_at),
  expires_at: isoTime(job.expires_at),
  rolled_back_at: isoTime(job.rolled_back_at),
  links: {
    self: `/api/v1/jobs/${job.id}`,
    events: `/api/v1/jobs/${job.id}/events`,
    chunks: `/api/v1/jobs/${job.id}/chunks`,
    cancel: isLive(job.state) ? `/api/v1/jobs/${job.id}/cancel` : null,
    rollback: job.state === 'succeeded' && job.rolled_back_at === null ? `/api/v1/jobs/${job.id}/rollback` : null,
    result: contentLink(job, job.result_file),
    rejects: contentLink(job, job.rejects_file),
  },
})
