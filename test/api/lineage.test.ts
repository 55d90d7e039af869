/** GET /files/{id}/lineage: a chain, a diamond, its bounds, and whose it is. */
import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { stmt } from '../../shared/db/db.ts'
import { edgeId } from '../../shared/lineage/edge.ts'
import { lineageSchema } from '../../workers/api/schemas/lineage.ts'
import { type Client, newClient, ports, problemOf } from '../support/api-client.ts'
import { edge, ids } from '../support/api-make.ts'

/** Files of the client's, without bytes. */
const files = async (me: Client, count: number): Promise<string[]> => {
  const made = Array.from({ length: count }, () => ids.make('file'))
  const insert = `INSERT INTO files (id, owner_id, state, source, name, content_type, object_key, created_at) SELECT value, ?1, 'uploading', 'job', 'f', 'text/csv', value, 1 FROM json_each(?2)`
  await ports.db.run(stmt(insert, me.id, JSON.stringify(made)))
  return made
}

const chain = async (length: number) => {
  const me = await newClient()
  const made = await files(me, length)
  for (let i = 1; i < length; i++) await edge(me, made[i - 1]!, made[i]!)
  const walk = async (at: number, query = '') => {
    const { json } = await me.ask('GET', `/files/${made[at]}/lineage${query}`)
    return {
      ...json,
      at: json.nodes.map((node: { id: string }) => made.indexOf(node.id)),
      distances: json.nodes.map((node: { distance: number }) => node.distance),
    }
  }
  return { me, made, walk }
}

describe('the lineage of a file in a chain', () => {
  it.each<[string, number[], 'whole' | 'goes on']>([
    ['', [2, 1, 0, 3, 4], 'whole'],
    ['?direction=both', [2, 1, 0, 3, 4], 'whole'],
    ['?direction=ancestors', [2, 1, 0], 'whole'],
    ['?direction=descendants', [2, 3, 4], 'whole'],
    ['?direction=both&depth=1', [2, 1, 3], 'goes on'],
    ['?direction=ancestors&depth=1', [2, 1], 'goes on'],
    ['?direction=ancestors&depth=2', [2, 1, 0], 'whole'],
  ])('%s', async (query, expected, extent) => {
    const { walk } = await chain(5)
    const found = await walk(2, query)
    expect(found.at).toEqual(expected)
    expect(found.edges).toHaveLength(expected.length - 1)
    expect(found.truncated).toBe(extent === 'goes on')
  })

  it('says by what job and specification each came to be', async () => {
    const { me, made, walk } = await chain(2)
    const found = await walk(1)
    expect(found.edges[0]).toMatchObject({
      kind: 'CUT_FROM',
      parent: made[0],
      child: made[1],
      operation: 'filter',
      spec: { where: 'age > 60' },
      engine_version: '0.1.0+twin',
    })
    expect(found.edges[0].spec_sha256).toMatch(/^[0-9a-f]{64}$/)
    const { json } = await me.ask('GET', `/files/${made[1]}/lineage`)
    expect(() => lineageSchema.strict().parse(json)).not.toThrow()
  })

  it('ends at twenty steps', async () => {
    const { walk } = await chain(25)
    expect((await walk(0)).at).toEqual(Array.from({ length: LIMITS.lineageDepthMax + 1 }, (_, i) => i))
  })
})

describe('a graph', () => {
  it('of a diamond shows each file once, at its least distance', async () => {
    const me = await newClient()
    const [a, b, c, d] = (await files(me, 4)) as [string, string, string, string]
    for (const [from, to] of [
      [a, b],
      [a, c],
      [b, d],
      [c, d],
      [a, d],
    ] as const)
      await edge(me, from, to)
    const { json } = await me.ask('GET', `/files/${d}/lineage?direction=ancestors`)
    expect(json.nodes.map((node: { id: string; distance: number }) => [node.id, node.distance])).toEqual([
      [d, 0],
      ...[a, b, c].sort().map((id) => [id, 1]),
    ])
    expect(json.edges).toHaveLength(5)
  })

  it('of many layers, all joined with all, is answered at once', async () => {
    const me = await newClient()
    const layers = await Promise.all(Array.from({ length: 8 }, () => files(me, 8)))
    const pairs = layers.slice(1).flatMap((layer, i) => layers[i]!.flatMap((from) => layer.map((to) => [from, to] as const)))
    await edge(me, layers[0]![0]!, layers[1]![0]!)
    const insert = `INSERT OR IGNORE INTO edges (id, owner_id, parent_file, child_file, job_id, kind, operation, spec, spec_sha256, engine_version, input_etag, created_at)
      SELECT 'edge_' || key, ?1, value ->> 0, value ->> 1, (SELECT id FROM jobs WHERE owner_id = ?1 LIMIT 1), 'CUT_FROM', 'filter', '{}', 'x', '0', 'e', 1 FROM json_each(?2)`
    await ports.db.run(stmt(insert, me.id, JSON.stringify(pairs)))
    const { json } = await me.ask('GET', `/files/${layers[7]![0]}/lineage?direction=ancestors`)
    expect(json.nodes).toHaveLength(57)
  })

  it('wider than the bound is cut, and says so', async () => {
    const me = await newClient()
    const [root, ...children] = await files(me, LIMITS.lineageNodesMax + 50)
    await edge(me, root!, children[0]!)
    const insert = `INSERT OR IGNORE INTO edges (id, owner_id, parent_file, child_file, job_id, kind, operation, spec, spec_sha256, engine_version, input_etag, created_at)
      SELECT 'wide_' || value, ?1, ?2, value, (SELECT id FROM jobs WHERE owner_id = ?1 LIMIT 1), 'CUT_FROM', 'filter', '{}', 'x', '0', 'e', 1 FROM json_each(?3)`
    await ports.db.run(stmt(insert, me.id, root!, JSON.stringify(children)))
    const { json } = await me.ask('GET', `/files/${root}/lineage`)
    expect([json.nodes.length, json.truncated]).toEqual([LIMITS.lineageNodesMax, true])
    expect(json.nodes[0].id).toBe(root)
  })

  it('never leaves its owner, even if an edge did', async () => {
    const [me, other] = [await newClient(), await newClient()]
    const [mine] = await files(me, 1)
    const [theirs] = await files(other, 1)
    await edge(me, mine!, theirs!)
    await edge(other, mine!, theirs!)
    const { json } = await me.ask('GET', `/files/${mine}/lineage`)
    expect(json.nodes.map((node: { id: string }) => node.id)).toEqual([mine])
    expect(json.edges).toEqual([])
  })
})

describe('an edge', () => {
  it('drawn twice by the same job is one', async () => {
    const [a, b, job] = [ids.make('file'), ids.make('file'), ids.make('job')]
    expect(edgeId(a, b, job)).toBe(edgeId(a, b, job))
    expect(edgeId(a, b, job)).toMatch(/^edge_[0-9a-hjkmnp-tv-z]{26}$/)
    expect(edgeId(b, a, job)).not.toBe(edgeId(a, b, job))
  })
})

it.each(['direction=up', 'depth=0', 'depth=21', 'depth=x', 'deep=1'])('refuses ?%s', async (query) => {
  const me = await newClient()
  const [file] = await files(me, 1)
  expect(problemOf(await me.ask('GET', `/files/${file}/lineage?${query}`))).toBe('400 query_invalid')
})
