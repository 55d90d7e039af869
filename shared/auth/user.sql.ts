import type { UserId } from '../base/ids.ts'
import { type Db, stmt } from '../db/db.ts'

/** True for a user who may have things made for them. */
export const activeUser = async (db: Db, id: UserId): Promise<boolean> =>
  (await db.first(stmt(`SELECT 1 FROM users WHERE id = ?1 AND state = 'active'`, id))) !== null
