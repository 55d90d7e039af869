/** A job from its submission to its end; a canceled command cancels its job. */
import type { JobInfo, NewJob } from '../../shared/client/api.ts'
import { ClientError } from '../../shared/client/http.ts'
import { hasEnded, watchJob } from '../../shared/client/watch.ts'
import { CommandError } from './command.ts'
import { clauseErrorIn, clauseMistake } from './local-check.ts'
import { byteSize, counted, duration } from './numbers.ts'
import type { Progress } from './progress.ts'
import type { Session } from './session.ts'

/** How long a canceled job is waited for. */
const CANCEL_MS = 3_000

const pace = ({ rate_bytes_s: rate, remaining_s: left }: JobInfo['progress']): string =>
  (rate === null ? '' : `, ${byteSize(rate)}/s`) + (left === null || left === 0 ? '' : `, ${duration(left * 1000)} left`)

const progressLine = ({ operation, state, progress: p }: JobInfo): string => {
  const share = p.bytes_total > 0 ? Math.floor((100 * p.bytes_in) / p.bytes_total) : 0
  return `${operation} ${state}: ${share} %, ${byteSize(p.bytes_in)} of ${byteSize(p.bytes_total)}, ${counted(p.rows_in, 'row')} in, ${counted(p.rows_out, 'row')} out${pace(p)}`
}

const cancel = async ({ clearing }: Session, id: string): Promise<void> => {
  const until = Date.now() + CANCEL_MS
  let job = await clearing.cancelJob(id)
  while (!hasEnded(job) && Date.now() < until) job = await clearing.job(id, 1)
  process.stderr.write(`Job ${id} is ${job.state}.\n`)
}

/** A mistake in the clause becomes one with a caret; everything else stays what it is. */
const asMistake = (where: unknown, code: string, members: Readonly<Record<string, unknown>>): Error | null => {
  const error = clauseErrorIn(code, members)
  return error && typeof where === 'string' ? clauseMistake(where, error) : null
}

const submit = async ({ clearing }: Session, job: NewJob): Promise<JobInfo> => {
  try {
    // Not under Ctrl-C: a job whose id we never learn could not be canceled.
    return await clearing.createJob(job, crypto.randomUUID())
  } catch (error) {
    throw (error instanceof ClientError && asMistake(job.spec.where, error.code, error.members)) || error
  }
}

const refuseFailed = (job: JobInfo): void => {
  if (job.state === 'succeeded') return
  const { error } = job
  const mistake = error && asMistake(job.spec.where, error.code, error as unknown as Record<string, unknown>)
  throw (
    mistake ||
    new CommandError(`The job ${job.state}: ${error?.detail ?? 'no reason is known'}${error ? ` (${error.code})` : ''}\nJob ${job.id}`)
  )
}

/** Runs a job to its success. Throws UsageError for a wrong clause, CommandError for a job that ends otherwise. */
export const runJob = async (session: Session, job: NewJob, progress: Progress): Promise<JobInfo> => {
  progress.stage(`${job.operation} queued`)
  const { id } = await submit(session, job)
  try {
    const ended = await watchJob(session.api, id, (now) => progress.update(progressLine(now)))
    refuseFailed(ended)
    return ended
  } catch (error) {
    if (session.signal.aborted) {
      progress.clear()
      await cancel(session, id).catch(() => {})
    }
    throw error
  }
}
