/** Frees a file of the jobs that read it, so that it can go. */
import type { FileId, JobId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { liveJobsOf } from '../files/edit.sql.ts'
import type { Ports } from '../ports.ts'
import { cancelJob } from './cancel.ts'

/**
 * Cancels a user's jobs on this file and waits until their workers have ended them: at most `LIMITS.freeingJobsMax`, for the time that a request may wait. What is left then still
 * keeps the file: whoever takes it away says so.
 */
export const cancelJobsOn = async (ports: Ports, owner: UserId, file: FileId): Promise<void> => {
  const until = ports.clock.now() + LIMITS.waitMs
  const asked = new Set<JobId>()
  for (;;) {
    const live = await liveJobsOf(ports.db, owner, file, LIMITS.freeingJobsMax)
    if (live.length === 0) return
    const others = live.filter(({ id }) => !asked.has(id)).slice(0, LIMITS.freeingJobsMax - asked.size)
    for (const { id } of others) {
      asked.add(id)
      await cancelJob(ports, owner, id)
    }
    const left = until - ports.clock.now()
    if (left <= 0 || !live.some(({ id }) => asked.has(id))) return
    await ports.clock.sleep(others.length > 0 ? 0 : Math.min(left, LIMITS.waitPollMs))
  }
}
