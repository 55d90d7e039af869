/** Where in the input is a chunk? Asked when one fails, so that people can look there. */
import { type Db, stmt } from '../db/db.ts'
import type { ChunkRow } from './chunk.ts'

/** `line` and `byte_offset` of its first line, counted from the beginning of the (decoded) input; absent where a guess was tried. */
export interface ChunkPlace {
  readonly chunk?: number
  readonly line?: number
  readonly byte_offset?: number
}

export const placeOf = async (db: Db, { job_id, k, start_at }: ChunkRow): Promise<ChunkPlace> => {
  if (start_at === null) return { chunk: k }
  const row = await db.first<{ line: number }>(
    stmt(
      `SELECT COALESCE((SELECT SUM(result ->> '$.lines') FROM chunks WHERE job_id = ?1 AND k < ?2), 0) + COALESCE(plan ->> '$.headerLines', 0) + 1 AS line
       FROM jobs WHERE id = ?1`,
      job_id,
      k,
    ),
  )
  return { chunk: k, byte_offset: start_at, ...(row ? { line: row.line } : {}) }
}
