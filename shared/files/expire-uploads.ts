/** Uploads past their time: a duty of the tick. One that had all its parts and only lost its worker while completing is completed instead. */
import { AppError } from '../base/errors.ts'
import type { Ports } from '../ports.ts'
import { completeUpload } from './send-parts.ts'
import { dropFileIfChanged, dueUploadsOfSystem, endUpload } from './upload.sql.ts'
import type { UploadRow } from './upload.ts'

/** Ends at most `limit` uploads that are due. Returns how many; what fails is left to the next tick. */
export const expireUploads = async (ports: Ports, limit: number): Promise<number> => {
  let ended = 0
  for (const upload of await dueUploadsOfSystem(ports.db, ports.clock.now(), limit)) {
    try {
      await endDue(ports, upload)
      ended++
    } catch (cause) {
      ports.log.error('upload.expire_failed', { upload: upload.id }, cause)
    }
  }
  return ended
}

const endDue = async (ports: Ports, upload: UploadRow): Promise<void> => {
  if (upload.state === 'completing' && (await isCompleted(ports, upload))) return
  const now = ports.clock.now()
  const from = upload.state === 'completing' ? ['completing', 'open'] : ['open']
  for (const state of from as UploadRow['state'][]) {
    await ports.db.batch([
      endUpload(upload.owner_id, upload.id, state, 'expired', now),
      dropFileIfChanged(upload.owner_id, upload.file_id, now),
    ])
  }
  await ports.store.abortMultipart(upload.object_key, upload.r2_upload_id)
}

const isCompleted = async (ports: Ports, upload: UploadRow): Promise<boolean> => {
  try {
    return (await completeUpload(ports, upload.owner_id, upload.id)).state === 'completed'
  } catch (cause) {
    if (cause instanceof AppError && cause.row.retry !== true) return false
    throw cause
  }
}
