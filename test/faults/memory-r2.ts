/**
 * R2 in memory, by R2's rules: the binding that the real adapter (shared/files/store.ts) is given. Objects appear whole or not at all; an etag is the digest of the bytes;
 * a range that is pinned to another etag gives nothing; all parts but the last have one size; a part sent again voids the etag before; an upload that is over
 * or a week old is unknown (10024); what appears or vanishes where the bucket tells is told.
 *
 * `overwritten` notes what R2 would let pass and what this project promises not to do: an object is written once.
 */
import { createHash } from 'node:crypto'
import { concatBytes } from '../../shared/base/bytes.ts'
import { notifies } from '../../shared/files/object-key.ts'
import { appeared, vanished } from '../../shared/files/storage-events.ts'
import type { StorageEvent } from '../../shared/messages/message.ts'
import type { CallOptions, Failures, Task } from './scheduler.ts'

const DAY_MS = 24 * 3_600_000
const UPLOAD_LIVES_MS = 7 * DAY_MS

interface Kept {
  readonly key: string
  readonly bytes: Uint8Array
  readonly etag: string
  readonly uploadedAt: number
  /** Noted where the writer said it. */
  readonly sha256: string | null
}

type Action = 'PutObject' | 'CompleteMultipartUpload'

interface Facts {
  readonly action?: Action
  readonly etag?: string
  readonly sha256?: string
}

interface OpenUpload {
  readonly key: string
  readonly createdAt: number
  readonly parts: Map<number, { readonly etag: string; readonly bytes: Uint8Array }>
}

const r2Error = (action: string, text: string, code: number) => new Error(`${action}: ${text} (${code})`)

const FAILURES: Failures = {
  before: () => r2Error('r2', 'We encountered an internal error. Please try again.', 10001),
  after: () => new Error('Network connection lost.'),
}

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex')

/** True if these bytes may have this etag: put at once, or in parts. */
export const isEtagOf = (etag: string, bytes: Uint8Array): boolean => etag.split('-')[0] === md5(bytes)

/** The bucket that all invocations share, and that others write to as well. */
export class Bucket {
  readonly objects = new Map<string, Kept>()
  readonly uploads = new Map<string, OpenUpload>()
  /** Keys that somebody has written to although they were taken. */
  readonly overwritten: string[] = []
  /** True for a read that fails, whoever reads. */
  isPoisoned: (key: string, offset: number, length: number) => boolean = () => false
  readonly #now: () => number
  readonly #tell: (event: StorageEvent) => void
  readonly #partBytesMin: number
  #count = 0

  constructor(now: () => number, tell: (event: StorageEvent) => void, partBytesMin: number) {
    this.#now = now
    this.#tell = tell
    this.#partBytesMin = partBytesMin
  }

  put(key: string, bytes: Uint8Array, { action = 'PutObject', etag = md5(bytes), sha256 }: Facts = {}): Kept {
    const kept = { key, bytes: bytes.slice(), etag, uploadedAt: this.#now(), sha256: sha256 ?? null }
    this.objects.set(key, kept)
    if (notifies(key)) this.#tell(appeared(action, { key, etag, bytes: bytes.length, uploadedAt: kept.uploadedAt }, this.#now()))
    return kept
  }

  /** The same, by us. */
  write(key: string, bytes: Uint8Array, facts?: Facts): Kept {
    if (this.objects.has(key)) this.overwritten.push(key)
    return this.put(key, bytes, facts)
  }

  remove(key: string): void {
    if (this.objects.delete(key) && notifies(key)) this.#tell(vanished(key, this.#now()))
  }

  create(key: string): string {
    const id = `upload-${++this.#count}`
    this.uploads.set(id, { key, createdAt: this.#now(), parts: new Map() })
    return id
  }

  /** An upload that is under way. Throws 10024. */
  upload(action: string, key: string, id: string): OpenUpload {
    const upload = this.uploads.get(id)
    if (upload && upload.key === key && this.#now() - upload.createdAt < UPLOAD_LIVES_MS) return upload
    this.uploads.delete(id)
    throw r2Error(action, 'The specified multipart upload does not exist.', 10024)
  }

  /** Uploads that R2 still keeps. */
  get openUploads(): OpenUpload[] {
    return [...this.uploads.values()].filter(({ createdAt }) => this.#now() - createdAt < UPLOAD_LIVES_MS)
  }

  sendPart(key: string, id: string, number: number, bytes: Uint8Array) {
    const etag = `part-${++this.#count}`
    this.upload('uploadPart', key, id).parts.set(number, { etag, bytes: bytes.slice() })
    return { partNumber: number, etag }
  }

  complete(key: string, id: string, named: readonly { readonly partNumber: number; readonly etag: string }[]): Kept {
    const { parts } = this.upload('completeMultipartUpload', key, id)
    const chosen = named.map(({ partNumber, etag }) => {
      const part = parts.get(partNumber)
      if (part?.etag !== etag) throw r2Error('completeMultipartUpload', 'One or more of the specified parts could not be found.', 10025)
      return part.bytes
    })
    const size = chosen[0]?.length ?? 0
    const last = chosen.length - 1
    if (chosen.slice(0, last).some((part) => part.length < this.#partBytesMin))
      throw r2Error('completeMultipartUpload', 'Your proposed upload is smaller than the minimum allowed object size.', 10011)
    if (chosen.some((part, i) => (i < last ? part.length !== size : part.length > size)))
      throw r2Error('completeMultipartUpload', 'All non-trailing parts must have the same length.', 10048)
    this.uploads.delete(id)
    const bytes = concatBytes(chosen)
    return this.write(key, bytes, { action: 'CompleteMultipartUpload', etag: `${md5(bytes)}-${chosen.length}` })
  }
}

const shown = ({ key, etag, bytes, uploadedAt, sha256 }: Kept) => ({
  key,
  etag,
  size: bytes.length,
  uploaded: new Date(uploadedAt),
  checksums: sha256 === null ? {} : { sha256: Uint8Array.from(Buffer.from(sha256, 'hex')).buffer },
})

/** Two pieces, so that a reader that counts on one is found out. */
const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    type: 'bytes',
    start: (controller) => {
      const middle = bytes.length >> 1
      if (middle > 0) controller.enqueue(bytes.slice(0, middle))
      if (bytes.length > middle) controller.enqueue(bytes.slice(middle))
      controller.close()
    },
  } as UnderlyingByteSource)

const allOf = async (value: Uint8Array | ArrayBuffer | string | ReadableStream<Uint8Array>): Promise<Uint8Array> =>
  value instanceof Uint8Array ? value : new Uint8Array(await new Response(value).arrayBuffer())

/** What kind of key this is: ids and numbers go. */
const kindOf = (key: string): string =>
  key
    .split('/')
    .map((word) => word.replace(/^(file|job|user)_[0-9a-z]{26}/, '$1').replace(/^[0-9a-f]{32}(-\d+)?|\d+/, '#'))
    .join('/')

export type R2Call = <T>(task: Task, site: string, perform: () => T | Promise<T>, options: CallOptions<T>) => Promise<T>

type Body = { readonly key: string; readonly body: ReadableStream<Uint8Array>; readonly range: Uint8Array }

/** The last third of a stream does not come. */
const tear = (answer: unknown): unknown => {
  const { range, ...object } = answer as Body
  return range ? { ...object, range, body: streamOf(range.subarray(0, Math.floor((range.length * 2) / 3))) } : answer
}

/** The binding of one invocation. */
export const memoryR2 = (bucket: Bucket, task: Task, call: R2Call): R2Bucket => {
  const does = <T>(name: string, key: string, perform: () => T | Promise<T>): Promise<T> =>
    call(task, `r2 ${name} ${kindOf(key)}`, perform, { failures: FAILURES })
  const resume = (key: string, uploadId: string) => ({
    key,
    uploadId,
    uploadPart: (number: number, value: Uint8Array | ReadableStream<Uint8Array>) =>
      does('uploadPart', key, async () => {
        bucket.upload('uploadPart', key, uploadId)
        return bucket.sendPart(key, uploadId, number, await allOf(value))
      }),
    complete: (parts: readonly { partNumber: number; etag: string }[]) =>
      does('complete', key, () => shown(bucket.complete(key, uploadId, parts))),
    abort: () =>
      does('abort', key, () => {
        bucket.upload('abortMultipartUpload', key, uploadId)
        bucket.uploads.delete(uploadId)
      }),
  })
  const get = (key: string, { onlyIf, range }: { onlyIf?: { etagMatches?: string }; range?: { offset: number; length: number } } = {}) => {
    const object = bucket.objects.get(key)
    if (!object) return null
    if (onlyIf?.etagMatches !== undefined && onlyIf.etagMatches !== object.etag) return shown(object)
    const { offset, length } = range ?? { offset: 0, length: object.bytes.length }
    if (offset + length > object.bytes.length) throw r2Error('get', 'The requested range is not satisfiable', 10039)
    if (bucket.isPoisoned(key, offset, length)) throw FAILURES.before()
    const bytes = object.bytes.subarray(offset, offset + length)
    return { ...shown(object), range: bytes, body: streamOf(bytes) }
  }
  const put = async (key: string, value: Uint8Array, options: { sha256?: string; onlyIf?: { etagDoesNotMatch?: string } } = {}) => {
    const bytes = await allOf(value)
    if (options.onlyIf?.etagDoesNotMatch === '*' && bucket.objects.has(key)) return null
    if (options.sha256 && options.sha256 !== createHash('sha256').update(bytes).digest('hex'))
      throw r2Error('put', 'The SHA-256 checksum you specified did not match what we received.', 10037)
    return shown(bucket.write(key, bytes, options))
  }
  const list = ({ prefix = '', limit = 1000, cursor }: { prefix?: string; limit?: number; cursor?: string }) => {
    const keys = [...bucket.objects.keys()].filter((key) => key.startsWith(prefix) && (cursor === undefined || key > cursor)).sort()
    const page = keys.slice(0, limit)
    const truncated = keys.length > limit
    return { objects: page.map((key) => shown(bucket.objects.get(key)!)), truncated, ...(truncated ? { cursor: page.at(-1) } : {}) }
  }
  const binding = {
    head: (key: string) => does('head', key, () => (bucket.objects.has(key) ? shown(bucket.objects.get(key)!) : null)),
    get: (key: string, options?: Parameters<typeof get>[1]) =>
      call(task, `r2 get ${kindOf(key)}`, () => get(key, options) as unknown, { failures: FAILURES, tear }),
    put: (key: string, value: Uint8Array, options?: Parameters<typeof put>[2]) => does('put', key, () => put(key, value, options)),
    delete: (keys: string | string[]) =>
      does('delete', [keys].flat()[0] ?? '', () => {
        for (const key of [keys].flat()) bucket.remove(key)
      }),
    list: (options: Parameters<typeof list>[0]) => does('list', options.prefix ?? '', () => list(options)),
    createMultipartUpload: (key: string) => does('createMultipart', key, () => resume(key, bucket.create(key))),
    resumeMultipartUpload: resume,
  }
  return binding as unknown as R2Bucket
}
