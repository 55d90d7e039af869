/** Waits for a job within one request. */

import type { JobId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import type { Ports } from '../ports.ts'
import { ownJob } from './cancel.ts'
import { isLive, type JobRow } from './job.ts'

/** Reads the job until it has ended, or has another revision than `knownRev`, or `ms` have passed; the last reading. Throws job_not_found. */
export const waitForJob = async (
  ports: Pick<Ports, 'db' | 'clock'>,
  owner: UserId,
  id: JobId,
  ms: number,
  knownRev: number | null,
): Promise<JobRow> => {
  const until = ports.clock.now() + Math.min(ms, LIMITS.waitMs)
  for (;;) {
    const job = await ownJob(ports, owner, id)
    const left = until - ports.clock.now()
    if (left <= 0 || !isLive(job.state) || (knownRev !== null && job.rev !== knownRev)) return job
    await ports.clock.sleep(Math.min(left, LIMITS.waitPollMs))
  }
}
