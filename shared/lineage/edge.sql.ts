/** Statements on edges. Walks are bounded in steps and in files, and never leave the owner. */
import type { FileId, UserId } from '../base/ids.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import type { FileState } from '../files/file.ts'
import { type EdgeRow, edgeId, type NewEdge } from './edge.ts'

/** Draws an edge beside the change before it in the same batch; does nothing if that statement changed no row, or if the edge is there already. */
export const insertEdgeIfChanged = (edge: NewEdge, now: number): Stmt =>
  stmt(
    `INSERT INTO edges (id, owner_id, parent_file, child_file, job_id, kind, operation, spec, spec_sha256, engine_version, input_etag, created_at)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 WHERE changes() > 0
     ON CONFLICT DO NOTHING`,
    edgeId(edge.parent, edge.child, edge.job),
    edge.owner,
    edge.parent,
    edge.child,
    edge.job,
    edge.kind,
    edge.operation,
    edge.spec,
    edge.specSha256,
    edge.engineVersion,
    edge.inputEtag,
    now,
  )

/** A file met on a walk. */
export interface NodeRow {
  readonly id: FileId
  readonly name: string
  readonly state: FileState
  readonly bytes: number | null
  readonly rows: number | null
  readonly created_at: number
  /** Fewest steps from where the walk began. */
  readonly distance: number
}

export type Way = 'ancestors' | 'descendants'

/** Where a step of each kind goes from and to. */
const STEP: Record<Way, { readonly from: string; readonly to: string }> = {
  ancestors: { from: 'child_file', to: 'parent_file' },
  descendants: { from: 'parent_file', to: 'child_file' },
}

/** The files that can be reached in at most `depth` steps, itself included, nearest first, at most `limit`. UNION and not UNION ALL: a file met twice at one distance is walked on once. */
export const walk = (db: Db, owner: UserId, start: FileId, way: Way, depth: number, limit: number): Promise<NodeRow[]> => {
  const { from, to } = STEP[way]
  return db.all(
    stmt(
      `WITH RECURSIVE met (id, distance) AS (
         SELECT ?2, 0
         UNION
         SELECT e.${to}, met.distance + 1 FROM met JOIN edges e ON e.${from} = met.id AND e.owner_id = ?1 WHERE met.distance < ?3
         LIMIT ?5
       )
       SELECT f.id, f.name, f.state, f.bytes, f.rows, f.created_at, min(met.distance) AS distance FROM met JOIN files f ON f.id = met.id AND f.owner_id = ?1
       GROUP BY f.id ORDER BY distance, f.id LIMIT ?4`,
      owner,
      start,
      depth,
      limit,
      // Rows of the walk: each file comes at most once per distance, so this many hold `limit` files, nearest first.
      limit * (depth + 1),
    ),
  )
}

/** The edges between these files, oldest first. */
export const edgesAmong = (db: Db, owner: UserId, files: readonly FileId[], limit: number): Promise<EdgeRow[]> =>
  db.all(
    stmt(
      `SELECT id, parent_file, child_file, job_id, kind, operation, spec, spec_sha256, engine_version, input_etag, created_at,
         (SELECT created_at FROM rollbacks WHERE rollbacks.job_id = edges.job_id) AS rolled_back_at FROM edges
       WHERE owner_id = ?1 AND parent_file IN (SELECT value FROM json_each(?2)) AND child_file IN (SELECT value FROM json_each(?2))
       ORDER BY created_at, id LIMIT ?3`,
      owner,
      JSON.stringify(files),
      limit,
    ),
  )
