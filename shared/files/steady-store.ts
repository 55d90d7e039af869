/**
 * A Store that asks again where doing something twice is doing it once. Reading is. So is writing an object: its key names its bytes. A create-only put that finds its key taken, and a join
 * that finds its upload gone, may have met what their own earlier try has done: they look. A part from memory is sent again under its number; one from a stream cannot be. A multipart
 * upload is begun again only where it certainly was not: a second one would be nobody's.
 */
import { sha256 } from '../base/crypto.ts'
import { isUndone, mayPass } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { insist, type Patience } from '../base/retry.ts'
import { holds } from './put-once.ts'
import { NO_SUCH_UPLOAD, r2Code, type Store, type StoredObject } from './store.ts'

/** True for an object that was joined of so many parts: R2 says it in the etag. */
const isJoinedOf = (object: StoredObject, parts: number): boolean => object.etag.endsWith(`-${parts}`)

export const steadyStore = (store: Store, patience: Patience): Store => {
  const ask = <T>(mayRepeat: (failure: unknown) => boolean, work: (tries: number) => Promise<T>): Promise<T> =>
    insist(patience, LIMITS.storageTriesMax, mayRepeat, work)
  return {
    head: (key) => ask(mayPass, () => store.head(key)),
    read: (key, etag, range) => ask(mayPass, () => store.read(key, etag, range)),
    list: (prefix, cursor, limit) => ask(mayPass, () => store.list(prefix, cursor, limit)),
    put: (key, bytes, options) =>
      ask(mayPass, async (tries) => {
        const object = await store.put(key, bytes, options)
        if (object || tries === 1) return object
        const there = await store.head(key)
        return there && holds(there, bytes, options?.sha256 ?? sha256(bytes)) ? there : null
      }),
    createMultipart: (key, contentType) => ask(isUndone, () => store.createMultipart(key, contentType)),
    uploadPart: (key, uploadId, number, bytes) =>
      ask(bytes instanceof Uint8Array ? mayPass : () => false, () => store.uploadPart(key, uploadId, number, bytes)),
    completeMultipart: (key, uploadId, parts) =>
      ask(mayPass, async (tries) => {
        try {
          return await store.completeMultipart(key, uploadId, parts)
        } catch (cause) {
          const there = tries > 1 && r2Code(cause) === NO_SUCH_UPLOAD ? await store.head(key) : null
          if (!there || !isJoinedOf(there, parts.length)) throw cause
          return there
        }
      }),
    abortMultipart: (key, uploadId) => ask(mayPass, () => store.abortMultipart(key, uploadId)),
    remove: (key) => ask(mayPass, () => store.remove(key)),
  }
}
