/** Waits for a job within one request. */

import type { JobId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import type { Ports } from '../ports.ts'
import { ownJob } from './cancel.ts'
import { findJobIfChanged } from './find.sql.ts'
import { isLive, type JobRow } from './job.ts'

/** A short job is soon seen to have ended; for one that takes longer a look each second will do. */
const pauseMs = (waitedMs: number): number => (waitedMs < LIMITS.waitPollSoonMs ? LIMITS.waitPollMs : LIMITS.watchPollMs)

/** Reads the job until it has ended, or has another revision than `knownRev`, or `ms` have passed; the last reading. Throws job_not_found. */
export const waitForJob = async (
  ports: Pick<Ports, 'db' | 'clock'>,
  owner: UserId,
  id: JobId,
  ms: number,
  knownRev: number | null,
): Promise<JobRow> => {
  const from = ports.clock.now()
  const until = from + Math.min(ms, LIMITS.waitMs)
  let job = await ownJob(ports, owner, id)
  for (;;) {
    const now = ports.clock.now()
    if (now >= until || !isLive(job.state) || (knownRev !== null && job.rev !== knownRev)) return job
    await ports.clock.sleep(Math.min(until - now, pauseMs(now - from)))
    job = (await findJobIfChanged(ports.db, owner, id, job.rev)) ?? job
  }
}
