/**
 * What jobs keep in the bucket while they run: the decoded input, what chunks left, uploads of results. It goes when the job has ended; whoever ends it removes it at once, and what such a one
 * could not remove, or a worker wrote that did not know of the end yet, is found by the sweep.
 */
import type { JobId } from '../base/ids.ts'
import { dutyCursor, keepDutyCursor } from '../db/duty.sql.ts'
import { jobOfWorkKey, workPrefix } from '../files/object-key.ts'
import { REMOVE_MAX } from '../files/store.ts'
import type { Ports } from '../ports.ts'
import { endedWithCompositions, forgetCompositions, openCompositions } from './composition.sql.ts'
import { liveJobsAmong } from './work.sql.ts'

/** What whoever ends a job removes: what a thousand chunks leave, tried twice. The rest is the sweep's. */
const PAGES_MAX = 6

type WorkPorts = Pick<Ports, 'db' | 'store' | 'log'>

/** Removes what a job has left, if it has ended. Never throws: the sweep comes back to what stays. */
export const removeWorkOfEnded = async (ports: WorkPorts, job: JobId): Promise<void> => {
  try {
    if ((await liveJobsAmong(ports.db, [job])).has(job)) return
    await giveUpCompositions(ports, job)
    for (let page = 0; page < PAGES_MAX; page++) {
      const { objects, cursor } = await ports.store.list(workPrefix(job), null, REMOVE_MAX)
      if (objects.length > 0) await ports.store.remove(objects.map(({ key }) => key))
      if (cursor === null) return
    }
  } catch (cause) {
    ports.log.error('work.remove_failed', { job }, cause)
  }
}

/** Aborts what uploads of an ended job are still open, and forgets how its objects came about. */
const giveUpCompositions = async (ports: WorkPorts, job: JobId): Promise<void> => {
  for (const { object_key, upload_id } of await openCompositions(ports.db, job)) await ports.store.abortMultipart(object_key, upload_id)
  await ports.db.batch(forgetCompositions(job))
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
  if (left.length > 0) await ports.store.remove(left.map(({ key }) => key))
  await keepDutyCursor(ports.db, DUTY, page.cursor)
  const open = await endedWithCompositions(ports.db, limit)
  for (const { id } of open) await giveUpCompositions(ports, id)
  return left.length + open.length
}
