/**
 * What jobs keep in the bucket while they run: the decoded input, the states of chunks. It goes when the job has ended; whoever ends it removes it at once, and what such a one
 * could not remove, or a worker wrote that did not know of the end yet, is found by the sweep.
 */
import type { JobId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { dutyCursor, keepDutyCursor } from '../db/duty.sql.ts'
import { jobOfWorkKey, workPrefix } from '../files/object-key.ts'
import type { Ports } from '../ports.ts'
import { liveJobsAmong } from './work.sql.ts'

type WorkPorts = Pick<Ports, 'db' | 'store' | 'log'>

/** Removes what a job has left, if it has ended. Never throws: the sweep comes back to what stays. */
export const removeWorkOfEnded = async (ports: WorkPorts, job: JobId): Promise<void> => {
  try {
    const { objects } = await ports.store.list(workPrefix(job), null, LIMITS.sweepObjectsMax)
    if (objects.length === 0 || (await liveJobsAmong(ports.db, [job])).has(job)) return
    for (const { key } of objects) await ports.store.remove(key)
  } catch (cause) {
    ports.log.error('work.remove_failed', { job }, cause)
  }
}

const DUTY = 'sweep work'

/** Removes the work of jobs that have ended, from where the last sweep stopped: a duty of the tick. Returns how many objects went. */
export const sweepWork = async (ports: WorkPorts, limit: number): Promise<number> => {
  const page = await ports.store.list(workPrefix(null), await dutyCursor(ports.db, DUTY), limit)
  const placed = page.objects.flatMap(({ key }) => {
    const job = jobOfWorkKey(key)
    return job ? [{ key, job }] : []
  })
  const live = await liveJobsAmong(ports.db, [...new Set(placed.map(({ job }) => job))])
  const left = placed.filter(({ job }) => !live.has(job))
  for (const { key } of left) await ports.store.remove(key)
  await keepDutyCursor(ports.db, DUTY, page.cursor)
  return left.length
}
