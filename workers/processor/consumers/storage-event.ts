/**
 * R2 says that an object appeared or vanished. A hint, no more: it may come late, twice, out of order or never, so the consumer looks at the object as it is
 * and does nothing where that is known already. An object that is visible is complete, so an upload whose API request died after its last byte is still a file.
 */

import { activeUser } from '../../../shared/auth/user.sql.ts'
import { AppError } from '../../../shared/base/errors.ts'
import { derivedId, type FileId } from '../../../shared/base/ids.ts'
import { insertEventIfChanged } from '../../../shared/events/event.sql.ts'
import { makeEvent } from '../../../shared/events/event.ts'
import { fileOfSystem, insertFile } from '../../../shared/files/file.sql.ts'
import type { FileRow } from '../../../shared/files/file.ts'
import { arrivedName } from '../../../shared/files/name.ts'
import { type PlacedObject, parseKey } from '../../../shared/files/object-key.ts'
import { filesByObject, markFound, markMissing, markStored } from '../../../shared/files/settle.sql.ts'
import type { StoredObject } from '../../../shared/files/store.ts'
import { settleFile } from '../../../shared/jobs/settle.ts'
import type { StorageEvent } from '../../../shared/messages/message.ts'
import type { Ports } from '../../../shared/ports.ts'

/** How long an object without a row is expected to get one: its writer commits right after writing. */
const COMMIT_GRACE_MS = 60_000

export const handleStorageEvent = async (event: StorageEvent, ports: Ports): Promise<void> => {
  const { key } = event.object
  const placed = parseKey(key)
  if (!placed) return ports.log.info('storage_event.ignored', { action: event.action })
  const object = await ports.store.head(key)
  await markOthersMissing(ports, key, object)
  if (!object) return
  if (placed.place === 'inbox') await adoptInbox(ports, placed, object)
  else await adoptFile(ports, placed, object, Date.parse(event.eventTime))
}

/** Files whose bytes lay under this key and do no longer: the object is gone, or holds other bytes. */
const markOthersMissing = async (ports: Ports, key: string, object: StoredObject | null): Promise<void> => {
  for (const file of await filesByObject(ports.db, key)) {
    if (file.etag === null || file.etag === object?.etag || file.state === 'missing') continue
    const now = ports.clock.now()
    const gone = makeEvent(ports.ids, {
      owner: file.owner_id,
      kind: 'file.missing',
      subject: file.id,
      payload: { file: file.id },
      requestId: null,
    })
    await ports.db.batch([markMissing(file.id, file.etag), insertEventIfChanged(gone, now)])
  }
}

/** An object under files/ belongs to the row of its id. Its writer makes the row first (an upload) or right afterwards (a job). */
const adoptFile = async (
  ports: Ports,
  placed: PlacedObject & { place: 'files' },
  object: StoredObject,
  eventTime: number,
): Promise<void> => {
  const file = await fileOfSystem(ports.db, placed.file)
  if (!file) {
    if (ports.clock.now() - eventTime < COMMIT_GRACE_MS) throw new AppError('not_yet', 'The row of this object is not committed yet.')
    return ports.log.warn('storage_event.orphan', { file: placed.file })
  }
  if (file.object_key === object.key) await settleNow(ports, file, object)
}

/** An object under inbox/{user}/ becomes a file of that user, in place: told twice, it is one file; overwritten, it is another; back again, it is the one it was. */
const adoptInbox = async (ports: Ports, placed: PlacedObject & { place: 'inbox' }, object: StoredObject): Promise<void> => {
  if (!(await activeUser(ports.db, placed.owner))) return ports.log.warn('storage_event.unknown_owner', {})
  const known = (await filesByObject(ports.db, object.key)).find((file) => file.etag === object.etag)
  if (known) return settleNow(ports, known, object)
  const id = await inboxId(ports, object)
  if (!id) return
  const file = {
    id,
    owner: placed.owner,
    source: 'inbox',
    name: arrivedName(placed.name),
    contentType: 'text/csv; charset=utf-8',
    objectKey: object.key,
    systemTags: ['inbox'],
    userTags: [],
    hints: {},
    autoAnalyse: true,
    jobId: null,
  } as const
  const now = ports.clock.now()
  await ports.db.batch([insertFile(file, now), markStored(id, object, null, now)])
  const row = await fileOfSystem(ports.db, id)
  if (row) await settleNow(ports, row, object)
}

/**
 * The id of an inbox object's file follows from key and etag; where the file of that id was deleted before the object came, from its time too.
 * Null: the object is what is left of a deleted file, and does not come back.
 */
const inboxId = async (ports: Ports, { key, etag, uploadedAt }: StoredObject): Promise<FileId | null> => {
  const id = derivedId('file', `${key}\n${etag}`)
  const before = await fileOfSystem(ports.db, id)
  if (before?.state !== 'deleted') return id
  return (before.deleted_at ?? 0) < uploadedAt ? derivedId('file', `${key}\n${etag}\n${uploadedAt}`) : null
}

const settleNow = async (ports: Ports, file: FileRow, object: StoredObject): Promise<void> => {
  if (file.state === 'uploading') await ports.db.run(markStored(file.id, object, null, ports.clock.now()))
  if (file.state === 'missing') await ports.db.run(markFound(file.id, object.etag))
  const stored = await fileOfSystem(ports.db, file.id)
  if (stored?.state === 'stored' && stored.etag === object.etag) await settleFile(ports, stored)
}
