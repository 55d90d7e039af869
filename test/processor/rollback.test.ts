/** A job that really ran is rolled back: its files go, its row stays, and what raced with it is refused. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { stmt } from '../../shared/db/db.ts'
import type { JobRow } from '../../shared/jobs/job.ts'
import { rollbackJob } from '../../shared/jobs/rollback.ts'
import { lineageOf } from '../../shared/lineage/graph.ts'
import type { Ports } from '../../shared/ports.ts'
import { drain, eventsOf, fileNow, fireTick, jobNow, makeWorld, rowsOf, storedFile, submit, type World } from '../support/processor.ts'

const RAGGED = 'name,age\nAda,36\nBob,70\nCyd\n'

/** A job that has made a result and rejects, and whose result was analysed. */
const cut = async (world: World): Promise<JobRow> => {
  const file = await storedFile(world, RAGGED, { autoAnalyse: false })
  const job = await submit(world, file.id, 'filter', { where: 'age > 60', ragged: 'reject' })
  await drain(world)
  return jobNow(world, job)
}

const rollback = (world: World, job: JobRow, ports: Ports = world.ports): Promise<JobRow> =>
  rollbackJob(ports, { owner: world.owner, id: job.id, requestId: 'req-2', cancel: false })

const keysOf = async (world: World): Promise<string[]> =>
  (await env.BUCKET.list({ prefix: `files/${world.owner}/` })).objects.map(({ key }) => key)

describe('a rollback', () => {
  it('deletes result and rejects with their objects and profile, and the tick finds nothing left', async () => {
    const world = await makeWorld()
    const job = await cut(world)
    const input = await fileNow(world, job.input_file)
    const result = await fileNow(world, job.result_file!)
    expect([result.state, result.profile_key === null, job.rejects_file === null]).toEqual(['ready', false, false])
    await rollback(world, job)
    expect(await keysOf(world)).toEqual([input.object_key])
    expect(await env.BUCKET.head(result.profile_key!)).toBeNull()
    for (const id of [job.result_file!, job.rejects_file!]) {
      expect((await fileNow(world, id)).state).toBe('deleted')
      expect((await eventsOf(world, id)).at(-1)).toBe('file.deleted')
    }
    await drain(world)
    await fireTick(world)
    expect(
      await rowsOf(world, `SELECT id FROM files WHERE owner_id = ?1 AND state = 'deleted' AND purged_at IS NULL`, world.owner),
    ).toEqual([])
    expect((await fileNow(world, job.input_file)).state).toBe('ready')
  })

  it('leaves the job as it ended but for what is seen beside it', async () => {
    const world = await makeWorld()
    const job = await cut(world)
    const raw = () => rowsOf(world, `SELECT * FROM jobs WHERE id = ?1`, job.id)
    const before = await raw()
    world.advance(5_000)
    const after = await rollback(world, job)
    expect(await raw()).toEqual(before)
    expect(after).toMatchObject({ state: 'succeeded', rolled_back_at: world.now(), rev: job.rev + 1, rows_out: 1 })
    expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.succeeded', 'job.rolled_back'])
  })

  it('is told in the lineage of the input: tombstones, and edges that say when', async () => {
    const world = await makeWorld()
    const job = await cut(world)
    const before = await lineageOf(world.ports.db, world.owner, job.input_file, 'descendants', 3)
    expect(before.edges.map((edge) => edge.rolled_back_at)).toEqual([null, null])
    await rollback(world, job)
    const { nodes, edges } = await lineageOf(world.ports.db, world.owner, job.input_file, 'descendants', 3)
    expect(nodes.filter(({ way }) => way !== null).map(({ state, name }) => [state, name])).toEqual([
      ['deleted', null],
      ['deleted', null],
    ])
    expect(edges.map((edge) => edge.rolled_back_at)).toEqual(Array(2).fill(new Date(world.now()).toISOString()))
  })

  it('asked for twice at once is done once, and both are told so', async () => {
    const world = await makeWorld()
    const job = await cut(world)
    const answers = await Promise.all([rollback(world, job), rollback(world, job), rollback(world, job)])
    expect(new Set(answers.map(({ rolled_back_at, rev }) => `${rolled_back_at} ${rev}`)).size).toBe(1)
    expect((await eventsOf(world, job.id)).filter((kind) => kind === 'job.rolled_back')).toHaveLength(1)
    expect((await eventsOf(world, job.result_file!)).filter((kind) => kind === 'file.deleted')).toHaveLength(1)
  })

  it('whose answer was lost is whole, and asked for again the same', async () => {
    const world = await makeWorld()
    const job = await cut(world)
    const lost: Ports['db']['batch'] = async (all) => {
      await world.ports.db.batch(all)
      throw new Error('the connection broke')
    }
    await expect(rollback(world, job, { ...world.ports, db: { ...world.ports.db, batch: lost } })).rejects.toThrow('broke')
    const at = world.now()
    world.advance(61_000)
    expect((await rollback(world, job)).rolled_back_at).toBe(at)
    await fireTick(world)
    expect(await keysOf(world)).toHaveLength(1)
  })

  it('comes second to a job that is submitted on the result in that very moment', async () => {
    const world = await makeWorld()
    const job = await cut(world)
    const racing: Ports['db']['batch'] = async (all) => {
      if (all[0]?.sql.includes('INTO rollbacks')) await submit(world, job.result_file!, 'count', {})
      return world.ports.db.batch(all)
    }
    const racer = { ...world.ports, db: { ...world.ports.db, batch: racing } }
    await expect(rollback(world, job, racer)).rejects.toMatchObject({ code: 'file_in_use' })
    expect((await fileNow(world, job.result_file!)).state).toBe('ready')
    expect(await eventsOf(world, job.id)).not.toContain('job.rolled_back')
    await drain(world)
    expect((await rollback(world, job)).rolled_back_at).not.toBeNull()
  })

  it('is refused while a file made from the result is there, and goes from the leaves to the root', async () => {
    const world = await makeWorld()
    const first = await cut(world)
    const second = await submit(world, first.result_file!, 'filter', { where: 'age > 65' })
    await drain(world)
    const child = (await jobNow(world, second)).result_file!
    await expect(rollback(world, first)).rejects.toMatchObject({
      code: 'result_in_use',
      facts: { extra: { files: [child], truncated: false } },
    })
    expect((await fileNow(world, first.result_file!)).state).toBe('ready')
    await rollback(world, second)
    expect((await rollback(world, first)).rolled_back_at).toBe(world.now())
  })

  it('of a result that its owner has deleted already is one all the same', async () => {
    const world = await makeWorld()
    const job = await cut(world)
    await world.ports.db.run(stmt(`UPDATE files SET state = 'deleted', deleted_at = 7 WHERE id = ?1`, job.result_file))
    await rollback(world, job)
    expect(await rowsOf(world, `SELECT deleted_at FROM files WHERE id = ?1`, job.result_file!)).toEqual([{ deleted_at: 7 }])
    expect((await fileNow(world, job.rejects_file!)).state).toBe('deleted')
  })
})
