/** A job's end: whatever ends it, its one event is told with it, its owner's next job comes in, and what it kept in the bucket goes. */
import type { JobId } from '../base/ids.ts'
import type { Outcome, Stmt } from '../db/db.ts'
import { endEventId } from '../events/event.ts'
import { keptIn, sendKept } from '../events/outbox.ts'
import type { Ports } from '../ports.ts'
import { countEndIfChanged } from '../stats/totals.sql.ts'
import { admitNext } from './admission.sql.ts'
import { endCanceled, insertEndEvent } from './job.sql.ts'
import { whetherWork } from './work.sql.ts'
import { removeWorkOfEnded } from './work.ts'

/** Runs statements that may end a job, in one batch with all that goes with an end; returns what each of `statements` did. Where they end nothing, nothing else happens either. */
export const endJob = async (ports: Ports, job: JobId, statements: readonly Stmt[], now: number): Promise<Outcome[]> => {
  const riders = [
    insertEndEvent(endEventId(job), job, now),
    countEndIfChanged(job),
    ...admitNext(job, ports.ids.make('out'), ports.sizes.parallelPerOwner, now),
  ]
  const outcomes = await ports.db.batch([...statements, ...riders, whetherWork(job)])
  await sendKept(ports, keptIn(outcomes))
  const [{ has_work } = { has_work: 0 }] = (outcomes.at(-1)?.rows ?? []) as { has_work: number }[]
  if (has_work === 1 && outcomes[statements.length]?.changes === 1) await removeWorkOfEnded(ports, job)
  return outcomes.slice(0, statements.length)
}

/** Ends a job that is being canceled if nobody works on it any more. */
export const settleCancel = async (ports: Ports, job: JobId): Promise<void> => {
  const now = ports.clock.now()
  await endJob(ports, job, [endCanceled(job, now)], now)
}
