/** No statement of the processor reads a whole table that grows with use: the database's own plans say so, for everything that a tick and the life of a job ask. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { SIZES } from '../../shared/base/sizes.ts'
import type { Db, Stmt } from '../../shared/db/db.ts'
import { drain, fireTick, makeWorld, putUpload, rowsOf, storedFile, submit, type World } from '../support/processor.ts'

const recording = (db: Db, asked: Map<string, Stmt>): Db => {
  const note = (one: Stmt): Stmt => {
    asked.set(one.sql, one)
    return one
  }
  return {
    first: (one) => db.first(note(one)),
    all: (one) => db.all(note(one)),
    run: (one) => db.run(note(one)),
    batch: (all) => db.batch(all.map(note)),
  }
}

const recordingWorld = async (): Promise<{ world: World; asked: Map<string, Stmt> }> => {
  const asked = new Map<string, Stmt>()
  const sizes = { ...SIZES, chunkBytesMin: 64, guessBytes: 64, recordBytesMax: 48 }
  return { world: await makeWorld(({ db }) => ({ sizes, db: recording(db, asked) })), asked }
}

/** Tables that hold a row for each thing that ever was. */
const TABLES = ['jobs', 'files', 'chunks', 'events', 'edges', 'outbox', 'uploads', 'idempotency', 'dead_letters', 'users']

/** Indexes of only those rows that something still is to be done with. */
const partialIndexes = async (world: World): Promise<string[]> =>
  (await rowsOf<{ name: string }>(world, `SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'`)).map(
    ({ name }) => name,
  )

/** Tables that refer to the one that a statement inserts into. Its plan has a scan of each, which is never run: it is skipped unless a reference is broken already. */
const referringTo = async (world: World, sql: string): Promise<string[]> => {
  const [, table] = /^\s*INSERT INTO (\w+)/.exec(sql) ?? []
  if (!table) return []
  const found = await rowsOf<{ name: string }>(
    world,
    `SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%REFERENCES ' || ?1 || ' (%'`,
    table,
  )
  return found.map(({ name }) => name)
}

const wholeReads = async (world: World, asked: ReadonlyMap<string, Stmt>): Promise<string[]> => {
  const partial = await partialIndexes(world)
  const found: string[] = []
  for (const { sql, params } of asked.values()) {
    const referring = await referringTo(world, sql)
    const plan = await env.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...params)
      .all<{ detail: string }>()
    for (const { detail } of plan.results) {
      const [, table = '', index = ''] = /^SCAN (\w+)(?:.* INDEX (\w+))?/.exec(detail) ?? []
      if (TABLES.includes(table) && !partial.includes(index) && !referring.includes(table))
        found.push(`${detail}: ${sql.trim().split('\n')[0]}`)
    }
  }
  return found
}

describe('the database reads no whole table', () => {
  it('for a tick', async () => {
    const { world, asked } = await recordingWorld()
    await putUpload(world, 'a,b\n1,2\n')
    await submit(world, (await storedFile(world, 'a,b\n1,2\n')).id, 'count', { where: 'a = 1' })
    world.advance(25 * 3_600_000)
    await fireTick(world)
    expect(asked.size).toBeGreaterThan(15)
    expect(await wholeReads(world, asked)).toEqual([])
  })

  it('for a job of many chunks, from its file on', async () => {
    const { world, asked } = await recordingWorld()
    const file = await storedFile(world, `name,age\n${'somebody,41\n'.repeat(30)}`)
    await submit(world, file.id, 'filter', { where: 'age > 40' })
    await drain(world)
    expect(asked.size).toBeGreaterThan(30)
    expect(await wholeReads(world, asked)).toEqual([])
  })
})
