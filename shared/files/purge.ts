/** Frees what deleted files hold: their objects and profiles. Done right after the deletion, and again by the tick for what was not. */
import type { Ports } from '../ports.ts'
import type { FileRow } from './file.ts'
import { filesToPurgeOfSystem, markPurgedOfSystem } from './purge.sql.ts'
import type { StoredObject } from './store.ts'

type PurgePorts = Pick<Ports, 'db' | 'store' | 'clock' | 'log'>
type Purgeable = Pick<FileRow, 'id' | 'source' | 'object_key' | 'etag' | 'profile_key' | 'deleted_at'>

/** Something else may lie under an inbox key by now, or the same bytes, dropped again since: that is another file's. */
const isOf = (file: Purgeable, object: StoredObject): boolean =>
  object.etag === file.etag && (file.source !== 'inbox' || file.deleted_at === null || object.uploadedAt <= file.deleted_at)

/** Removes the object of a deleted file. Never throws: the tick comes back to what stays. True: all of it is gone. */
export const purgeFile = async (ports: PurgePorts, file: Purgeable): Promise<boolean> => {
  try {
    const object = await ports.store.head(file.object_key)
    if (object && isOf(file, object)) await ports.store.remove(file.object_key)
    if (file.profile_key) await ports.store.remove(file.profile_key)
    await ports.db.run(markPurgedOfSystem(file.id, ports.clock.now()))
    return true
  } catch (cause) {
    ports.log.error('file.purge_failed', { file: file.id }, cause)
    return false
  }
}

/** Purges deleted files whose objects are still there, at most `limit`: a duty of the tick. Returns how many are done. */
export const purgeDeleted = async (ports: PurgePorts, limit: number): Promise<number> => {
  let done = 0
  for (const file of await filesToPurgeOfSystem(ports.db, limit)) if (await purgeFile(ports, file)) done++
  return done
}
