/** The bytes of a file and of its profile, on their way out. A range is pinned to the etag we noted, so nobody gets a mixture of two versions. */
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Dialect } from '../csv/dialect.ts'
import type { Ports } from '../ports.ts'
import { objectBlocks } from './blocks.ts'
import { type Beginning, decodeBeginning } from './decoded.ts'
import type { FileRow } from './file.ts'
import type { StoredFile } from './own.ts'
import type { ByteRange } from './store.ts'

/** The file's bytes. Throws `file_missing` if the object is gone or another one. */
export const openContent = async (
  ports: Pick<Ports, 'store'>,
  file: StoredFile,
  range: ByteRange | null,
): Promise<ReadableStream<Uint8Array>> => {
  const stream = await ports.store.read(file.object_key, file.etag, range ?? undefined)
  if (!stream) throw new AppError('file_missing', 'The bytes of this file vanished from the storage or were replaced there.')
  return stream
}

/** The first bytes of a file as they are stored, at most `LIMITS.previewBytes`. */
export const firstBytesOf = async (ports: Pick<Ports, 'store'>, file: StoredFile): Promise<Uint8Array> => {
  const length = Math.min(file.bytes, LIMITS.previewBytes)
  if (length === 0) return new Uint8Array(0)
  for await (const block of objectBlocks(await openContent(ports, file, { offset: 0, length }), length)) return block
  return new Uint8Array(0)
}

/** The first bytes of a file as they are scanned, at most `LIMITS.previewBytes`. Throws `file_missing`, and `gzip_invalid` for a packed file that is damaged there. */
export const beginningOf = async (ports: Pick<Ports, 'store'>, file: StoredFile, { decodedFrom }: Dialect): Promise<Beginning> => {
  const bytes = await firstBytesOf(ports, file)
  const stored = { bytes, isWhole: bytes.length === file.bytes }
  return decodedFrom ? decodeBeginning(stored, decodedFrom, LIMITS.previewBytes) : stored
}

const notReady = () =>
  new AppError('profile_not_ready', 'Nobody has analysed this file yet. Wait for its analysis, or submit an analyse job.', {
    retryAfterS: LIMITS.soonS,
  })

/** The JSON text of a file's profile, through the cache, without which it takes longer and no more: a profile never changes, for its key names the bytes it was made from. Throws `profile_not_ready`. */
export const profileText = async (ports: Pick<Ports, 'store' | 'cache' | 'log'>, file: FileRow): Promise<string> => {
  const key = file.profile_key
  if (key === null) throw notReady()
  const noCache = (cause: unknown): null => {
    ports.log.error('cache.failed', { file: file.id }, cause)
    return null
  }
  const cached = await ports.cache.get(key).catch(noCache)
  if (cached !== null) return cached
  const object = await ports.store.head(key)
  const stream = object && (await ports.store.read(key, object.etag))
  if (!stream) throw notReady()
  const text = await new Response(stream).text()
  await ports.cache.put(key, text, LIMITS.profileCacheS).catch(noCache)
  return text
}
