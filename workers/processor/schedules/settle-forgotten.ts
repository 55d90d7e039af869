/** Stored files that nobody has looked at: their storage event was lost. It is sent again. */
import { LIMITS } from '../../../shared/base/limits.ts'
import { unsettledFiles } from '../../../shared/files/settle.sql.ts'
import { appeared } from '../../../shared/files/storage-events.ts'
import type { Ports } from '../../../shared/ports.ts'

/** Returns how many events went out. */
export const settleForgotten = async (ports: Ports, now: number): Promise<number> => {
  const files = await unsettledFiles(ports.db, now - LIMITS.settleAfterMs, LIMITS.sweepRowsMax)
  for (const { object_key, etag, bytes, stored_at } of files) {
    const object = { key: object_key, etag: etag ?? '', bytes: bytes ?? 0, uploadedAt: stored_at ?? now }
    await ports.queues.send('file-events', appeared('PutObject', object, now))
  }
  return files.length
}
