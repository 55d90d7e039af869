/** What the tick does with Idempotency-Keys; requests use theirs in the API worker. */
import { type Db, stmt } from './db.ts'

/** Forgets Idempotency-Keys past their time, a bounded number at once. */
export const deleteExpiredKeys = (db: Db, now: number, limit: number): Promise<number> =>
  db.run(
    stmt(
      `DELETE FROM idempotency WHERE (owner_id, route, key) IN (SELECT owner_id, route, key FROM idempotency WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)`,
      now,
      limit,
    ),
  )
