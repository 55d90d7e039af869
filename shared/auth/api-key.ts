/**
 * An API key: `lc_live_<8 public>_<43 secret><6 checksum>`, base62. The checksum tells a typo (or a scanner's find) from a key without asking the
 * database; the public part finds the row; of the secret only an HMAC under the pepper is stored. 43 characters of base62 are 256 bits, so a fast
 * hash is right: there is nothing to guess.
 */
import { crc32 } from 'node:zlib'
import { hex, utf8 } from '../base/bytes.ts'
import { equalBytes, hmac } from '../base/crypto.ts'
import { AppError } from '../base/errors.ts'
import type { KeyId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import type { Random } from '../base/random.ts'
import type { Stmt } from '../db/db.ts'
import type { Ports } from '../ports.ts'
import { findKey, insertKey, type KeyRow, touchKey } from './api-key.sql.ts'
import { type Principal, SCOPES, type Scope, USER_SCOPES } from './principal.ts'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const PUBLIC_CHARS = 8
const SECRET_CHARS = 43
const CHECKSUM_CHARS = 6
const KEY = new RegExp(`^(lc_live_([0-9A-Za-z]{${PUBLIC_CHARS}})_([0-9A-Za-z]{${SECRET_CHARS}}))([0-9A-Za-z]{${CHECKSUM_CHARS}})$`)

export interface ApiKey {
  readonly publicPart: string
  readonly secret: string
}

/** Random base62 without bias: bytes from 248 on are thrown away. */
const randomText = (random: Random, count: number): string => {
  let text = ''
  while (text.length < count) {
    for (const byte of random.bytes(count)) if (byte < 248 && text.length < count) text += BASE62[byte % 62]
  }
  return text
}

const checksum = (body: string): string => {
  let rest = crc32(utf8(body))
  let text = ''
  for (let i = 0; i < CHECKSUM_CHARS; i++) {
    text = BASE62[rest % 62] + text
    rest = Math.floor(rest / 62)
  }
  return text
}

/** A new key, and its text: shown once, never stored. */
export const makeApiKey = (random: Random): ApiKey & { readonly text: string } => {
  const publicPart = randomText(random, PUBLIC_CHARS)
  const secret = randomText(random, SECRET_CHARS)
  const body = `lc_live_${publicPart}_${secret}`
  return { publicPart, secret, text: body + checksum(body) }
}

/** The parts of a key's text; null if it has another shape or a wrong checksum. */
export const parseApiKey = (text: string): ApiKey | null => {
  const found = KEY.exec(text)
  return found && checksum(found[1]!) === found[4] ? { publicPart: found[2]!, secret: found[3]! } : null
}

/** What is stored of a secret: its HMAC under the pepper, in hex. */
export const secretHmac = (pepper: string, secret: string): string => hex(hmac(pepper, secret))

/** A new key of a user: the text to show once, and the row to insert. */
export const newKey = (
  ports: Pick<Ports, 'ids' | 'random' | 'clock'>,
  pepper: string,
  owner: UserId,
  name: string,
  scopes: readonly Scope[] = USER_SCOPES,
): { readonly id: KeyId; readonly text: string; readonly row: Stmt } => {
  const key = makeApiKey(ports.random)
  const id = ports.ids.make('key')
  const row = { id, owner, name, publicPart: key.publicPart, secretHmac: secretHmac(pepper, key.secret), scopes, expiresAt: null }
  return { id, text: key.text, row: insertKey(row, ports.clock.now()) }
}

const refuse = (): never => {
  throw new AppError('key_invalid', 'The key is malformed, unknown, expired or revoked. Check that you copied all of it.')
}

const scopesOf = (row: KeyRow): Scope[] => SCOPES.filter((scope) => row.scopes.split(' ').includes(scope))

/** Who holds this key. Throws `key_invalid`, always in the same words, for a key that is malformed, unknown, revoked, expired or of a disabled user. */
export const principalOfKey = async (ports: Pick<Ports, 'db' | 'clock'>, pepper: string, text: string): Promise<Principal> => {
  const key = parseApiKey(text) ?? refuse()
  const now = ports.clock.now()
  const row = (await findKey(ports.db, key.publicPart, now)) ?? refuse()
  if (!equalBytes(utf8(row.secret_hmac), utf8(secretHmac(pepper, key.secret)))) refuse()
  if (row.last_used_at === null || row.last_used_at <= now - LIMITS.keyTouchMs)
    await touchKey(ports.db, row.id, now, now - LIMITS.keyTouchMs)
  return { userId: row.owner_id, scopes: scopesOf(row), credential: { kind: 'key', id: row.id } }
}
