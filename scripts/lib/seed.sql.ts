/** Statements of the local seed. */
import type { UserId } from '../../shared/base/ids.ts'
import { type Stmt, stmt } from '../../shared/db/db.ts'

/** Keys that an earlier set-up made and whose text is lost. */
export const revokeKeysNamed = (owner: UserId, name: string, now: number): Stmt =>
  stmt('UPDATE api_keys SET revoked_at = ?3 WHERE owner_id = ?1 AND name = ?2 AND revoked_at IS NULL', owner, name, now)
