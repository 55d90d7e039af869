/** A user's files, a page at a time. */
import type { UserId } from '../base/ids.ts'
import { LIST_START, type Position } from '../base/page.ts'
import { type Db, stmt } from '../db/db.ts'
import { FILE_COLUMNS, type FileRow, type FileState } from './file.ts'

/** What narrows a list of files; null: anything. */
export interface FileFilter {
  /** One of the user's or the system's tags. */
  readonly tag: string | null
  /** Part of the name. Only A to Z are compared without case, as SQLite's `lower` does it. */
  readonly name: string | null
  readonly state: FileState | null
}

/** A user's files after a position, newest first; tombstones are not listed. `instr` and not LIKE: D1's LIKE patterns end at 50 bytes and know wildcards. */
export const listFiles = (db: Db, owner: UserId, filter: FileFilter, after: Position | null, limit: number): Promise<FileRow[]> => {
  const { at, id } = after ?? LIST_START
  return db.all(
    stmt(
      `SELECT ${FILE_COLUMNS} FROM files
       WHERE owner_id = ?1 AND state <> 'deleted' AND (created_at, id) < (?2, ?3)
         AND (?4 IS NULL OR state = ?4)
         AND (?5 IS NULL OR instr(lower(name), lower(?5)) > 0)
         AND (?6 IS NULL OR EXISTS (SELECT 1 FROM json_each(user_tags) WHERE value = ?6) OR EXISTS (SELECT 1 FROM json_each(system_tags) WHERE value = ?6))
       ORDER BY created_at DESC, id DESC LIMIT ?7`,
      owner,
      at,
      id,
      filter.state,
      filter.name,
      filter.tag,
      limit,
    ),
  )
}
