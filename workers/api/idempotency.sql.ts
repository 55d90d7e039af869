/** Statements on idempotency keys. A key belongs to one owner and one route. */
import type { UserId } from '../../shared/base/ids.ts'
import { type Db, type Stmt, stmt } from '../../shared/db/db.ts'

/** Whose key this is, and of which request. */
export interface KeyEntry {
  readonly owner: UserId
  /** Method and path. */
  readonly route: string
  readonly key: string
}

export interface IdempotencyRow {
  readonly fingerprint: string
  readonly subject: string
  /** The first answer's body; empty until it was given. */
  readonly body: string
  readonly expires_at: number
}

export const findIdempotency = (db: Db, { owner, route, key }: KeyEntry): Promise<IdempotencyRow | null> =>
  db.first(
    stmt(
      `SELECT fingerprint, subject, body, expires_at FROM idempotency WHERE owner_id = ?1 AND route = ?2 AND key = ?3`,
      owner,
      route,
      key,
    ),
  )

/** Takes the key, beside the change before it in the same batch; does nothing if that statement changed no row. A conflict means that another request has the key, and undoes the batch. */
export const insertIdempotencyIfChanged = (
  entry: KeyEntry & { readonly fingerprint: string; readonly status: number; readonly subject: string; readonly expiresAt: number },
): Stmt =>
  stmt(
    `INSERT INTO idempotency (owner_id, route, key, fingerprint, status, subject, body, expires_at) SELECT ?1, ?2, ?3, ?4, ?5, ?6, '', ?7 WHERE changes() > 0`,
    entry.owner,
    entry.route,
    entry.key,
    entry.fingerprint,
    entry.status,
    entry.subject,
    entry.expiresAt,
  )

/** Keeps the first answer for replays. */
export const keepAnswer = (db: Db, { owner, route, key }: KeyEntry, subject: string, body: string): Promise<number> =>
  db.run(
    stmt(
      `UPDATE idempotency SET body = ?5 WHERE owner_id = ?1 AND route = ?2 AND key = ?3 AND subject = ?4 AND body = ''`,
      owner,
      route,
      key,
      subject,
      body,
    ),
  )

/** Frees a key whose time is over. */
export const dropExpiredKey = (db: Db, { owner, route, key }: KeyEntry, now: number): Promise<number> =>
  db.run(stmt(`DELETE FROM idempotency WHERE owner_id = ?1 AND route = ?2 AND key = ?3 AND expires_at <= ?4`, owner, route, key, now))
