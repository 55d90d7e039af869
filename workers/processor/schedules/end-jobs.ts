/** Jobs that have to end: past their time, or canceled while their worker died. */
import { AppError } from '../../../shared/base/errors.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { jobErrorOf } from '../../../shared/jobs/attempt.ts'
import { endJob, settleCancel } from '../../../shared/jobs/end.ts'
import { cancelingJobs, expireJob, overdueJobs } from '../../../shared/jobs/job.sql.ts'
import type { Ports } from '../../../shared/ports.ts'

const EXPIRED = new AppError(
  'job_expired',
  'The job was not done before its time ran out. Submit it again, with a longer expires_in_s if the service is busy.',
)

/** Returns how many jobs it looked after. */
export const endJobs = async (ports: Ports, now: number): Promise<number> => {
  const overdue = await overdueJobs(ports.db, now, LIMITS.sweepRowsMax)
  for (const { id } of overdue) await endJob(ports, id, [expireJob(id, jobErrorOf(EXPIRED, {}), now)], now)
  const canceling = await cancelingJobs(ports.db, LIMITS.sweepRowsMax)
  for (const { id } of canceling) await settleCancel(ports, id)
  return overdue.length + canceling.length
}
