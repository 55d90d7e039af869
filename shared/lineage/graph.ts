/** Where did this file come from, and what was made of it? A bounded part of the graph around one file; a bound that was reached is said (`truncated`). */
import { isoTime } from '../base/clock.ts'
import type { FileId, UserId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import type { Db } from '../db/db.ts'
import { edgesAmong, type NodeRow, type Way, walk } from './edge.sql.ts'
import { edgeView } from './edge.ts'

export type Direction = Way | 'both'

const WAYS: Record<Direction, readonly Way[]> = {
  ancestors: ['ancestors'],
  descendants: ['descendants'],
  both: ['ancestors', 'descendants'],
}

/** A file of the graph. A deleted one is a tombstone: it says that it was there and nothing of what it held. */
const nodeView = (node: NodeRow, way: Way | null) => ({
  id: node.id,
  state: node.state,
  name: node.state === 'deleted' ? null : node.name,
  bytes: node.bytes,
  rows: node.rows,
  distance: node.distance,
  way,
  created_at: isoTime(node.created_at)!,
})

/** The files within `depth` steps of `start`, which is the caller's, and the edges between them. */
export const lineageOf = async (db: Db, owner: UserId, start: FileId, direction: Direction, depth: number) => {
  const most = LIMITS.lineageNodesMax
  const nodes = new Map<FileId, ReturnType<typeof nodeView>>()
  let goesOn = false
  for (const way of WAYS[direction]) {
    // One step further than is shown: is there more?
    for (const node of await walk(db, owner, start, way, depth + 1, most + 1)) {
      if (node.distance > depth) goesOn = true
      else if (!nodes.has(node.id)) nodes.set(node.id, nodeView(node, node.id === start ? null : way))
    }
  }
  const shown = [...nodes.values()].slice(0, most)
  const edges = await edgesAmong(
    db,
    owner,
    shown.map((node) => node.id),
    LIMITS.lineageEdgesMax + 1,
  )
  return {
    object: 'lineage' as const,
    file: start,
    direction,
    depth,
    nodes: shown,
    edges: edges.slice(0, LIMITS.lineageEdgesMax).map(edgeView),
    truncated: goesOn || nodes.size > most || edges.length > LIMITS.lineageEdgesMax,
  }
}
