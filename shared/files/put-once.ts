/**
 * A put under a key that only one writer may ever use: it holds a fence or a version. The storage refuses it where the key is taken, so a writer that was overtaken and wakes up cannot
 * change what its successor named. The key may be taken by ourselves, though: a put whose answer was lost was done all the same. Then the same bytes lie there, and they are ours.
 */
import { md5, sha256 } from '../base/crypto.ts'
import { AppError } from '../base/errors.ts'
import type { Store, StoredObject } from './store.ts'

/** What is known of the bytes beside themselves. */
export interface PutFacts {
  readonly contentType?: string
  /** Lower-case hex, where the caller has it already: verified by the storage. */
  readonly sha256?: string
}

/** True if exactly these bytes lie there: by the storage's own SHA-256, or by the etag, which for an object that was put whole is its MD5. */
export const holds = (object: StoredObject, bytes: Uint8Array, digest: string): boolean =>
  object.bytes === bytes.length && (object.sha256 ? object.sha256 === digest : object.etag === md5(bytes))

/** Writes the object, or finds that it was written before. Throws `object_taken` where other bytes lie under the key. */
export const putOnce = async (
  store: Pick<Store, 'put' | 'head'>,
  key: string,
  bytes: Uint8Array,
  facts: PutFacts = {},
): Promise<StoredObject> => {
  const digest = facts.sha256 ?? sha256(bytes)
  const object = await store.put(key, bytes, { ...facts, sha256: digest, createOnly: true })
  if (object) return object
  const there = await store.head(key)
  if (there && holds(there, bytes, digest)) return there
  throw new AppError('object_taken', 'Something else lies where this was to be written. The next try takes a place of its own.')
}
