/** Hashes and keyed hashes. Streams are hashed with node:crypto: in workerd it costs nothing beside reading from storage (measured). */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { hex } from './bytes.ts'

/** Lower-case hex SHA-256. */
export const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex')

/** Lower-case hex MD5: to recognise bytes by the etag of a storage, never to trust them. */
export const md5 = (data: Uint8Array): string => createHash('md5').update(data).digest('hex')

/** HMAC-SHA256 under `key`. */
export const hmac = (key: Uint8Array | string, data: Uint8Array | string): Uint8Array =>
  new Uint8Array(createHmac('sha256', key).update(data).digest())

/** A SHA-256 to be fed piece by piece. */
export interface Hasher {
  update(bytes: Uint8Array): void
  /** Lower-case hex; the hasher is spent. */
  digest(): string
}

export const sha256Stream = (): Hasher => {
  const hash = createHash('sha256')
  return { update: (bytes) => void hash.update(bytes), digest: () => hex(hash.digest()) }
}

/** Equality in a time that does not depend on where the bytes differ; unequal lengths are unequal. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)
