/** A user asks for a job's end. Done at once where nobody works on it; else its worker notices and ends it. */
import { AppError } from '../base/errors.ts'
import type { JobId, UserId } from '../base/ids.ts'
import type { Ports } from '../ports.ts'
import { endJob } from './end.ts'
import { findJob } from './find.sql.ts'
import { endCanceled, requestCancel } from './job.sql.ts'
import { isLive, type JobRow } from './job.ts'

/** A user's job; throws job_not_found, for another's too. */
export const ownJob = async (ports: Pick<Ports, 'db'>, owner: UserId, id: JobId): Promise<JobRow> => {
  const job = await findJob(ports.db, owner, id)
  if (!job) throw new AppError('job_not_found', 'There is no such job.')
  return job
}

/** The job after asking; one that has ended already stays as it is. Throws job_not_found. */
export const cancelJob = async (ports: Ports, owner: UserId, id: JobId): Promise<JobRow> => {
  const job = await ownJob(ports, owner, id)
  if (!isLive(job.state)) return job
  const now = ports.clock.now()
  await endJob(ports, id, [requestCancel(owner, id, now), endCanceled(id, now)], now)
  return ownJob(ports, owner, id)
}
