/**
 * How do bytes become a file? In one request where they fit, else in parts, some of them on their way at once. The source is a Blob (a file's slices,
 * read when they are sent), so nothing is ever whole in memory.
 */
import { LIMITS } from '../base/limits.ts'
import type { Api, FileInfo, FileOptions, UploadInfo } from './api.ts'

export interface UploadOptions extends FileOptions {
  readonly name: string
  /** Bytes that have arrived, and all of them. */
  readonly onProgress?: (sentBytes: number, totalBytes: number) => void
  /** Tells one upload from another when a request is repeated. */
  readonly idempotencyKey: string
}

/** Runs `work` for 1…count, at most `parallel` at once; the first failure stops the others and is thrown. */
const eachPart = async (count: number, parallel: number, work: (number: number, signal: AbortSignal) => Promise<void>): Promise<void> => {
  const stop = new AbortController()
  let next = 1
  const worker = async (): Promise<void> => {
    while (next <= count && !stop.signal.aborted) await work(next++, stop.signal)
  }
  const workers = Array.from({ length: Math.min(parallel, count) }, () =>
    worker().catch((error: unknown) => {
      stop.abort(error)
      throw error
    }),
  )
  const outcomes = await Promise.allSettled(workers)
  if (outcomes.some(({ status }) => status === 'rejected')) throw stop.signal.reason
}

const sendParts = async (api: Api, upload: UploadInfo, source: Blob, options: UploadOptions): Promise<void> => {
  let sentBytes = 0
  await eachPart(Math.ceil(source.size / upload.part_bytes), LIMITS.clientParallelParts, async (number, signal) => {
    const start = (number - 1) * upload.part_bytes
    const part = source.slice(start, start + upload.part_bytes)
    const response = await api.putPart(upload.id, number, part, signal)
    await response.body?.cancel()
    sentBytes += part.size
    options.onProgress?.(sentBytes, source.size)
  })
}

const uploadInParts = async (api: Api, source: Blob, options: UploadOptions): Promise<FileInfo> => {
  const { name, tags, analyse, hints } = options
  const given = { ...(tags ? { tags } : {}), ...(analyse === undefined ? {} : { analyse }), ...(hints ? { hints } : {}) }
  const upload = await api.createUpload({ name, bytes: source.size, ...given }, options.idempotencyKey)
  try {
    await sendParts(api, upload, source, options)
    await api.completeUpload(upload.id)
  } catch (error) {
    await api.abortUpload(upload.id).catch(() => {})
    throw error
  }
  return api.file(upload.file)
}

/** Makes a file of these bytes. Throws ClientError; nothing half is left behind. */
export const uploadFile = async (api: Api, source: Blob, options: UploadOptions): Promise<FileInfo> => {
  options.onProgress?.(0, source.size)
  if (source.size > LIMITS.clientWholeBytesMax) return uploadInParts(api, source, options)
  const file = await api.createFile(source, options.name, options)
  options.onProgress?.(source.size, source.size)
  return file
}
