/**
 * Local mode only: nothing there tells about objects, so the store does, with R2's very message on the very same queue.
 * In production this stays off and a notification rule for `files/` and `inbox/` sends the messages.
 */
import type { Clock } from '../base/clock.ts'
import type { StorageEvent } from '../messages/message.ts'
import type { Queues } from '../messages/queues.ts'
import { notifies } from './object-key.ts'
import type { Store, StoredObject } from './store.ts'

/** A storage event for an object that is there. */
export const appeared = (action: 'PutObject' | 'CompleteMultipartUpload', object: StoredObject, now: number): StorageEvent => ({
  account: 'local',
  bucket: 'list-cutter',
  action,
  object: { key: object.key, size: object.bytes, eTag: object.etag },
  eventTime: new Date(now).toISOString(),
})

/** A storage event for an object that is gone. */
export const vanished = (key: string, now: number): StorageEvent => ({
  account: 'local',
  bucket: 'list-cutter',
  action: 'DeleteObject',
  object: { key },
  eventTime: new Date(now).toISOString(),
})

/** The same store, telling about every put, completed upload and removal under the prefixes that notify. */
export const tellingStore = (store: Store, queues: Queues, clock: Clock): Store => {
  const tell = async (event: StorageEvent) => {
    if (notifies(event.object.key)) await queues.send('file-events', event)
  }
  return {
    ...store,
    put: async (key, bytes, options) => {
      const object = await store.put(key, bytes, options)
      if (object) await tell(appeared('PutObject', object, clock.now()))
      return object
    },
    completeMultipart: async (key, uploadId, parts) => {
      const object = await store.completeMultipart(key, uploadId, parts)
      await tell(appeared('CompleteMultipartUpload', object, clock.now()))
      return object
    },
    remove: async (keys) => {
      await store.remove(keys)
      for (const key of typeof keys === 'string' ? [keys] : keys) await tell(vanished(key, clock.now()))
    },
  }
}
