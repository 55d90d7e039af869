/** Statements on API keys and the users they belong to. */
import type { KeyId, UserId } from '../base/ids.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import type { Scope } from './principal.ts'

export interface KeyRow {
  readonly id: KeyId
  readonly owner_id: UserId
  readonly secret_hmac: string
  /** Separated by one space. */
  readonly scopes: string
  readonly last_used_at: number | null
}

export interface NewKey {
  readonly id: KeyId
  readonly owner: UserId
  readonly name: string
  readonly publicPart: string
  readonly secretHmac: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: number | null
}

/** A new active user. Inserting the same id again changes nothing. */
export const insertUser = (id: UserId, name: string, now: number): Stmt =>
  stmt(`INSERT INTO users (id, name, state, created_at) VALUES (?1, ?2, 'active', ?3) ON CONFLICT (id) DO NOTHING`, id, name, now)

export const insertKey = (key: NewKey, now: number): Stmt =>
  stmt(
    `INSERT INTO api_keys (id, owner_id, name, public_part, secret_hmac, scopes, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,
    key.id,
    key.owner,
    key.name,
    key.publicPart,
    key.secretHmac,
    key.scopes.join(' '),
    now,
    key.expiresAt,
  )

/** A key that may be used now, by its public part. Null: unknown, revoked, expired, or its user is disabled. This is how an owner is found, so it names none. */
export const findKey = (db: Db, publicPart: string, now: number): Promise<KeyRow | null> =>
  db.first(
    stmt(
      `SELECT k.id, k.owner_id, k.secret_hmac, k.scopes, k.last_used_at FROM api_keys k JOIN users u ON u.id = k.owner_id
       WHERE k.public_part = ?1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?2) AND u.state = 'active'`,
      publicPart,
      now,
    ),
  )

/** Notes that a key was used, unless that was noted after `notedBefore`. */
export const touchKey = (db: Db, id: KeyId, now: number, notedBefore: number): Promise<number> =>
  db.run(stmt(`UPDATE api_keys SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at <= ?3)`, id, now, notedBefore))
