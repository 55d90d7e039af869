/**
 * The bucket as the rest of the tree sees it: objects by key, read in ranges pinned to an etag, written whole or in equal parts.
 * R2 never shows a half-written object, so an object that is visible is complete. Every failure that may pass is `storage_unavailable`.
 */
import { hex } from '../base/bytes.ts'
import { AppError } from '../base/errors.ts'

export interface StoredObject {
  readonly key: string
  readonly etag: string
  readonly bytes: number
  readonly uploadedAt: number
  /** Lower-case hex, where the storage has verified or worked it out: for an object that was put with one. */
  readonly sha256?: string
}

export interface Part {
  readonly number: number
  readonly etag: string
}

export interface ByteRange {
  readonly offset: number
  readonly length: number
}

export interface ListPage {
  readonly objects: readonly StoredObject[]
  readonly cursor: string | null
}

/** R2: so many objects are listed or removed at once. */
export const REMOVE_MAX = 1_000

export interface Store {
  /** Null: there is no such object. */
  head(key: string): Promise<StoredObject | null>
  /** The bytes of a range (default: all) of exactly this version. Null: the object is gone or has another etag. A range must lie inside the object. */
  read(key: string, etag: string, range?: ByteRange): Promise<ReadableStream<Uint8Array> | null>
  /** Writes an object at once. `sha256` (hex) is verified by the storage. With `createOnly` null means that the key is taken. */
  put(
    key: string,
    bytes: Uint8Array,
    options?: { readonly sha256?: string; readonly createOnly?: boolean; readonly contentType?: string },
  ): Promise<StoredObject | null>
  createMultipart(key: string, contentType?: string): Promise<string>
  /** All parts but the last must have the same size, at least 5 MiB. Sending a number again replaces that part. */
  uploadPart(key: string, uploadId: string, number: number, bytes: Uint8Array | ReadableStream<Uint8Array>): Promise<Part>
  completeMultipart(key: string, uploadId: string, parts: readonly Part[]): Promise<StoredObject>
  /** Also fine when the upload is gone already. */
  abortMultipart(key: string, uploadId: string): Promise<void>
  /** Also fine when an object is gone already. At most REMOVE_MAX keys. */
  remove(keys: string | readonly string[]): Promise<void>
  list(prefix: string, cursor: string | null, limit: number): Promise<ListPage>
}

const stored = ({ key, etag, size, uploaded, checksums }: R2Object): StoredObject => ({
  key,
  etag,
  bytes: size,
  uploadedAt: uploaded.getTime(),
  ...(checksums.sha256 ? { sha256: hex(new Uint8Array(checksums.sha256)) } : {}),
})

/** R2's own error codes end a message: `… (10025)`. */
export const r2Code = (error: unknown): number | null => {
  const code = error instanceof Error ? /\((\d{5})\)\s*$/.exec(error.message) : null
  return code ? Number(code[1]) : null
}

/** R2 knows no such upload: it was completed or aborted before. */
export const NO_SUCH_UPLOAD = 10024
/** R2 does not know one of these parts: it was replaced after we noted its etag, or got lost. */
export const PART_VOID = 10025

/** Refused before anything was done; the others leave that open. */
const TOO_MANY_REQUESTS = 10058

/** Codes that say "not now": internal error, service unavailable, connection gone, too many requests for this key. */
const PASSING = new Set([10001, 10043, 10054, TOO_MANY_REQUESTS])

const guarded = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (cause) {
    const code = r2Code(cause)
    const passing = code === null ? cause instanceof Error && /network|internal error|timed? ?out/i.test(cause.message) : PASSING.has(code)
    if (passing)
      throw new AppError('storage_unavailable', 'The storage does not answer. Try again in a few seconds.', {
        cause,
        retryAfterS: 2,
        ...(code === TOO_MANY_REQUESTS ? { isUndone: true } : {}),
      })
    throw cause
  }
}

/** The Store of an R2 binding. */
export const r2Store = (bucket: R2Bucket): Store => ({
  head: async (key) => {
    const object = await guarded(bucket.head(key))
    return object && stored(object)
  },
  read: async (key, etag, range) => {
    const object = await guarded(bucket.get(key, { onlyIf: { etagMatches: etag }, ...(range ? { range } : {}) }))
    return object && 'body' in object ? object.body : null
  },
  put: async (key, bytes, { sha256, createOnly, contentType } = {}) => {
    const object = await guarded(
      bucket.put(key, bytes, {
        ...(sha256 ? { sha256 } : {}),
        ...(createOnly ? { onlyIf: { etagDoesNotMatch: '*' } } : {}),
        ...(contentType ? { httpMetadata: { contentType } } : {}),
      }),
    )
    return object && stored(object)
  },
  createMultipart: async (key, contentType) =>
    (await guarded(bucket.createMultipartUpload(key, contentType ? { httpMetadata: { contentType } } : {}))).uploadId,
  uploadPart: async (key, uploadId, number, bytes) => {
    const part = await guarded(bucket.resumeMultipartUpload(key, uploadId).uploadPart(number, bytes))
    return { number: part.partNumber, etag: part.etag }
  },
  completeMultipart: async (key, uploadId, parts) => {
    const upload = bucket.resumeMultipartUpload(key, uploadId)
    return stored(await guarded(upload.complete(parts.map(({ number, etag }) => ({ partNumber: number, etag })))))
  },
  abortMultipart: async (key, uploadId) => {
    try {
      await guarded(bucket.resumeMultipartUpload(key, uploadId).abort())
    } catch (cause) {
      if (r2Code(cause) !== NO_SUCH_UPLOAD) throw cause
    }
  },
  remove: (keys) => guarded(bucket.delete(typeof keys === 'string' ? keys : [...keys])),
  list: async (prefix, cursor, limit) => {
    const page = await guarded(bucket.list({ prefix, limit, ...(cursor ? { cursor } : {}) }))
    return { objects: page.objects.map(stored), cursor: page.truncated ? page.cursor : null }
  },
})
