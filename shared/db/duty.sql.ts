/** Who does a duty of the tick right now, and how far a walk has come: one row a duty. The lease keeps two ticks from the same work; nothing breaks where it does not. */
import { type Db, stmt } from './db.ts'

/** Takes a duty's lease if nobody holds it. */
export const claimDuty = async (db: Db, name: string, now: number, until: number): Promise<boolean> =>
  (await db.run(
    stmt(
      `INSERT INTO duties (name, lease_until) VALUES (?1, ?3) ON CONFLICT (name) DO UPDATE SET lease_until = ?3 WHERE lease_until < ?2`,
      name,
      now,
      until,
    ),
  )) === 1

/** Gives the lease back, if it still is the one that was taken. */
export const releaseDuty = (db: Db, name: string, until: number): Promise<number> =>
  db.run(stmt(`UPDATE duties SET lease_until = 0 WHERE name = ?1 AND lease_until = ?2`, name, until))

/** How far a walk has come; null: at its beginning. */
export const dutyCursor = async (db: Db, name: string): Promise<string | null> =>
  (await db.first<{ cursor: string | null }>(stmt(`SELECT cursor FROM duties WHERE name = ?1`, name)))?.cursor ?? null

/** Keeps how far a walk has come. */
export const keepDutyCursor = (db: Db, name: string, cursor: string | null): Promise<number> =>
  db.run(stmt(`INSERT INTO duties (name, cursor) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET cursor = ?2`, name, cursor))
