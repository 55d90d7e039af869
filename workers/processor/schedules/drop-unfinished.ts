/** Files whose bytes never came: the request that was bringing them died between making the row and showing the object. Nobody was told their ids, so the rows go. */
import { LIMITS } from '../../../shared/base/limits.ts'
import { dropUploading } from '../../../shared/files/receive.sql.ts'
import { unfinishedFiles } from '../../../shared/files/settle.sql.ts'
import type { Ports } from '../../../shared/ports.ts'

/** Returns how many went. One whose object is there after all is left to the walk through the bucket, which settles it. */
export const dropUnfinished = async (ports: Ports, now: number): Promise<number> => {
  let dropped = 0
  for (const { id, owner_id, object_key } of await unfinishedFiles(ports.db, now - LIMITS.uploadStaleMs, LIMITS.sweepRowsMax)) {
    if (!(await ports.store.head(object_key))) dropped += await ports.db.run(dropUploading(owner_id, id))
  }
  return dropped
}
