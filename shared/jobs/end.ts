/** A job's end: whatever ends it, its one event is told with it, its owner's next job comes in, and what it kept in the bucket goes. */
import type { JobId } from '../base/ids.ts'
import type { Outcome, Stmt } from '../db/db.ts'
import { endEventId } from '../events/event.ts'
import { keptIn, sendKept } from '../events/outbox.ts'
import type { Ports } from '../ports.ts'
import { countEndIfChanged } from '../stats/totals.sql.ts'
import { admitNext } from './admission.sql.ts'
import { endCanceled, insertEndEvent } from './job.sql.ts'
import { type EndFacts, endFacts } from './work.sql.ts'
import { removeWorkOfEnded } from './work.ts'

/** Runs statements that may end a job, in one batch with all that goes with an end; returns what each of `statements` did. Where they end nothing, nothing else happens either. */
export const endJob = async (ports: Ports, job: JobId, statements: readonly Stmt[], now: number): Promise<Outcome[]> => {
  const riders = [
    insertEndEvent(endEventId(job), job, now),
    countEndIfChanged(job),
    ...admitNext(job, ports.ids.make('out'), ports.sizes.parallelPerOwner, now),
  ]
  const outcomes = await ports.db.batch([...statements, ...riders, endFacts(job)])
  await sendKept(ports, keptIn(outcomes))
  const [facts] = (outcomes.at(-1)?.rows ?? []) as EndFacts[]
  if (facts && outcomes[statements.length]?.changes === 1) {
    tell(ports, job, facts)
    if (facts.has_work === 1) await removeWorkOfEnded(ports, job)
  }
  return outcomes.slice(0, statements.length)
}

/** The one line of a job's end, however it came. */
const tell = ({ log }: Ports, job: JobId, { state, operation, request_id, code, rows_in, rows_out, took_ms }: EndFacts): void => {
  const fields = { job, request: request_id, operation, state, code, rows_in, rows_out, ms: took_ms }
  if (state === 'failed' || state === 'expired') log.warn('job.ended', fields)
  else log.info('job.ended', fields)
}

/** Ends a job that is being canceled if nobody works on it any more. */
export const settleCancel = async (ports: Ports, job: JobId): Promise<void> => {
  const now = ports.clock.now()
  await endJob(ports, job, [endCanceled(job, now)], now)
}
