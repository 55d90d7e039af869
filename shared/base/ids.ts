/**
 * Ids: a prefix that says the kind, and 26 characters (Crockford base32) of a UUIDv7, so ids of one kind sort by time.
 * Branded types keep a job's id from being passed for a file's; this file is the only one that makes them.
 */
import { V7Generator } from 'uuidv7'
import { fromHex } from './bytes.ts'
import type { Clock } from './clock.ts'
import { sha256 } from './crypto.ts'
import { AppError } from './errors.ts'
import type { Random } from './random.ts'

/** Prefix -> what it is the id of. */
export const ID_KINDS = {
  user: 'a user',
  key: 'a key',
  file: 'a file',
  up: 'an upload',
  job: 'a job',
  batch: 'a batch',
  edge: 'an edge',
  evt: 'an event',
  out: 'an outbox entry',
  dead: 'a dead letter',
} as const

export type IdPrefix = keyof typeof ID_KINDS
export type Id<P extends IdPrefix> = string & { readonly prefix: P }
export type UserId = Id<'user'>
export type KeyId = Id<'key'>
export type FileId = Id<'file'>
export type UploadId = Id<'up'>
export type JobId = Id<'job'>
export type EdgeId = Id<'edge'>
export type EventId = Id<'evt'>
export type OutboxId = Id<'out'>
export type DeadLetterId = Id<'dead'>

/** Where new ids come from. */
export interface Ids {
  make<P extends IdPrefix>(prefix: P): Id<P>
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const BODY = /^[0-9a-hjkmnp-tv-z]{26}$/

/** 16 bytes as 26 lower-case Crockford base32 characters; the order of bytes is the order of texts. */
export const base32 = (bytes: Uint8Array): string => {
  let bits = 0n
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte)
  let text = ''
  for (let shift = 125n; shift >= 0n; shift -= 5n) text += ALPHABET[Number((bits >> shift) & 31n)]
  return text
}

/** Ids from this clock and this randomness; several within one millisecond still sort in the order they were made. */
export const makeIds = (clock: Clock, random: Random): Ids => {
  const generator = new V7Generator({ nextUint32: () => new DataView(random.bytes(4).buffer).getUint32(0) })
  return {
    make: (prefix) => `${prefix}_${base32(generator.generateOrResetCore(clock.now(), 10_000).bytes)}` as Id<typeof prefix>,
  }
}

/** The id that follows from a text: the same text, the same id. */
export const derivedId = <P extends IdPrefix>(prefix: P, text: string): Id<P> =>
  `${prefix}_${base32(fromHex(sha256(text)).subarray(0, 16))}` as Id<P>

/** True for a well-formed id of this kind. */
export const isId = <P extends IdPrefix>(prefix: P, text: string): text is Id<P> =>
  text.startsWith(`${prefix}_`) && BODY.test(text.slice(prefix.length + 1))

/** The text as an id of this kind; throws `id_kind` for anything else. */
export const parseId = <P extends IdPrefix>(prefix: P, text: string): Id<P> => {
  if (isId(prefix, text)) return text
  const other = Object.keys(ID_KINDS).find((kind) => text.startsWith(`${kind}_`)) as IdPrefix | undefined
  const found = other && other !== prefix ? `this is the id of ${ID_KINDS[other]}` : 'this is not a well-formed id'
  throw new AppError('id_kind', `Expected the id of ${ID_KINDS[prefix]} (${prefix}_ and 26 characters); ${found}.`)
}
