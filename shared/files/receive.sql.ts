import type { FileId, UserId } from '../base/ids.ts'
import { type Stmt, stmt } from '../db/db.ts'

/** Forgets a file that never became stored and whose id nobody has been told. */
export const dropUploading = (owner: UserId, id: FileId): Stmt =>
  stmt(`DELETE FROM files WHERE id = ?1 AND owner_id = ?2 AND state = 'uploading'`, id, owner)
