/**
 * Objects that no event told of. Each tick looks at a bounded part of each prefix that users and jobs write to, from where the last one stopped,
 * and sends the storage event of every object that no file knows.
 */
import { LIMITS } from '../../../shared/base/limits.ts'
import { dutyCursor, keepDutyCursor } from '../../../shared/db/duty.sql.ts'
import { unknownObjects } from '../../../shared/files/settle.sql.ts'
import { appeared } from '../../../shared/files/storage-events.ts'
import type { Ports } from '../../../shared/ports.ts'

/** Prefix -> how long an object is left to whoever wrote it. An inbox object is complete when it is there; a file's row is committed around its object's appearance. */
const PREFIXES = { 'inbox/': 0, 'files/': LIMITS.settleAfterMs } as const

/** Returns how many events went out. */
export const reconcileBucket = async (ports: Ports, now: number): Promise<number> => {
  let sent = 0
  for (const [prefix, graceMs] of Object.entries(PREFIXES)) sent += await reconcilePart(ports, prefix, graceMs, now)
  return sent
}

const reconcilePart = async (ports: Ports, prefix: string, graceMs: number, now: number): Promise<number> => {
  const name = `reconcile ${prefix}`
  const page = await ports.store.list(prefix, await dutyCursor(ports.db, name), LIMITS.sweepObjectsMax)
  const settled = page.objects.filter((object) => object.uploadedAt <= now - graceMs)
  const unknown = new Set(await unknownObjects(ports.db, settled))
  const missed = settled.filter((object) => unknown.has(object.key))
  for (const object of missed) await ports.queues.send('file-events', appeared('PutObject', object, object.uploadedAt))
  await keepDutyCursor(ports.db, name, page.cursor)
  return missed.length
}
