/**
 * Objects that no file knows. Each tick looks at a bounded part of each prefix that users and jobs write to, from where the last one stopped. An object that a job wrote and that
 * no file will ever name, because the job has ended and named another one or none, is removed: its key says whose it is. Of every other one the storage event is sent again.
 */
import { LIMITS } from '../../../shared/base/limits.ts'
import { dutyCursor, keepDutyCursor } from '../../../shared/db/duty.sql.ts'
import { madeByJob } from '../../../shared/files/object-key.ts'
import { namedKeys, unknownObjects } from '../../../shared/files/settle.sql.ts'
import { appeared } from '../../../shared/files/storage-events.ts'
import type { StoredObject } from '../../../shared/files/store.ts'
import { endedJobsAmong } from '../../../shared/jobs/work.sql.ts'
import type { Ports } from '../../../shared/ports.ts'

/**
 * Prefix -> how long an object is left to whoever wrote it, and whether the bucket tells of it. An inbox object is complete when it is there; a file's row, and a profile's, is
 * committed around its object's appearance.
 */
const PREFIXES = {
  'inbox/': { graceMs: 0, tells: true },
  'files/': { graceMs: LIMITS.settleAfterMs, tells: true },
  'profiles/': { graceMs: LIMITS.settleAfterMs, tells: false },
} as const

/** Returns how many events went out and objects were removed. */
export const reconcileBucket = async (ports: Ports, now: number): Promise<number> => {
  let done = 0
  for (const [prefix, { graceMs, tells }] of Object.entries(PREFIXES)) {
    const name = `reconcile ${prefix}`
    const page = await ports.store.list(prefix, await dutyCursor(ports.db, name), LIMITS.sweepObjectsMax)
    const settled = page.objects.filter((object) => object.uploadedAt <= now - graceMs)
    const orphans = await removeOrphans(ports, settled)
    done +=
      orphans.size +
      (tells
        ? await tellMissed(
            ports,
            settled.filter(({ key }) => !orphans.has(key)),
          )
        : 0)
    await keepDutyCursor(ports.db, name, page.cursor)
  }
  return done
}

const tellMissed = async (ports: Ports, objects: readonly StoredObject[]): Promise<number> => {
  const unknown = new Set(await unknownObjects(ports.db, objects))
  const missed = objects.filter(({ key }) => unknown.has(key))
  for (const object of missed) await ports.queues.send('file-events', appeared('PutObject', object, object.uploadedAt))
  return missed.length
}

/** Removes what jobs have left behind; returns the keys. A job that the database does not know proves nothing: the database may be the wrong one. */
const removeOrphans = async (ports: Ports, objects: readonly StoredObject[]): Promise<Set<string>> => {
  const made = objects.flatMap(({ key }) => {
    const by = madeByJob(key)
    return by ? [{ key, ...by }] : []
  })
  if (made.length === 0) return new Set()
  const ended = await endedJobsAmong(ports.db, [...new Set(made.map(({ job }) => job))])
  const left = made.filter(({ job }) => ended.has(job))
  const named = await namedKeys(ports.db, left)
  const orphans = left.map(({ key }) => key).filter((key) => !named.has(key))
  if (orphans.length > 0) await ports.store.remove(orphans)
  return new Set(orphans)
}
