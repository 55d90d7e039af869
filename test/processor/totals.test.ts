/** Sums over the jobs that ended: each is counted once, whatever ends it and however often that is tried. */
import { describe, expect, it } from 'vitest'
import { stmt } from '../../shared/db/db.ts'
import { cancelJob } from '../../shared/jobs/cancel.ts'
import { countEndIfChanged, DURATION_BOUNDS_S, type TotalsRow } from '../../shared/stats/totals.sql.ts'
import { deliver, drain, fireTick, jobNow, loseMessages, makeWorld, rowsOf, storedFile, submit, type World } from '../support/processor.ts'

const totals = (world: World): Promise<TotalsRow[]> =>
  rowsOf<TotalsRow>(world, `SELECT * FROM job_totals WHERE operation = 'filter' ORDER BY state, within_s`)

/** A world with a queued filter, and nothing counted yet. */
const begun = async () => {
  const world = await makeWorld()
  const { id } = await storedFile(world, 'name,age\nada,36\nbob,70\ncyd,81\n', { autoAnalyse: false })
  await world.ports.db.run(stmt(`DELETE FROM job_totals`))
  return { world, job: await submit(world, id, 'filter', { where: 'age > 60' }) }
}

describe('a job that ended is counted', () => {
  it('with its rows, bytes, chunks, tries and times', async () => {
    const { world, job } = await begun()
    world.advance(3_000)
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
    expect(await totals(world)).toEqual([
      {
        operation: 'filter',
        state: 'succeeded',
        within_s: 5,
        jobs: 1,
        took_ms: 3_000,
        waited_ms: 3_000,
        chunks: 1,
        tries_done: 1,
        tries_released: 0,
        tries_failed: 0,
        tries_lost: 0,
        tries_void: 0,
        bytes_in: 30,
        rows_in: 3,
        rows_out: 2,
        rows_filtered: 1,
        rows_rejected: 0,
      },
    ])
  })

  it('once, also where its messages come again', async () => {
    const { world, job } = await begun()
    const again = [...world.sent]
    await drain(world)
    for (const { queue, body } of again) await deliver(world, queue, body as never)
    await deliver(world, 'jobs', { v: 1, kind: 'finish', job: job.id })
    await cancelJob(world.ports, world.owner, job.id)
    expect((await totals(world)).map(({ jobs }) => jobs)).toEqual([1])
  })

  it('where it is canceled, and where it expires, before anybody worked on it', async () => {
    const { world, job } = await begun()
    await cancelJob(world.ports, world.owner, job.id)
    const { id } = await storedFile(world, 'name,age\nada,36\n', { autoAnalyse: false })
    await submit(world, id, 'filter', { where: 'age > 60' }, 20_000)
    loseMessages(world)
    world.advance(61_000)
    await fireTick(world)
    expect(
      (await totals(world)).map(({ state, within_s, jobs, waited_ms, rows_in }) => [state, within_s, jobs, waited_ms, rows_in]),
    ).toEqual([
      ['canceled', 1, 1, 0, 0],
      ['expired', 300, 1, 61_000, 0],
    ])
  })

  it('beside those before it, each in its class of duration', async () => {
    const { world, job } = await begun()
    await drain(world)
    const took = [0, 1_000, 1_001, 5_000, 43_200_000, 43_200_001]
    await world.ports.db.run(stmt(`DELETE FROM job_totals`))
    for (const ms of took) {
      await world.ports.db.batch([stmt(`UPDATE jobs SET ended_at = created_at + ?2 WHERE id = ?1`, job.id, ms), countEndIfChanged(job.id)])
    }
    expect((await totals(world)).map(({ within_s, jobs, took_ms }) => [within_s, jobs, took_ms])).toEqual([
      [0, 1, 43_200_001],
      [1, 2, 1_000],
      [5, 2, 6_001],
      [DURATION_BOUNDS_S.at(-1), 1, 43_200_000],
    ])
  })

  it('not where the statement before changed nothing', async () => {
    const { world, job } = await begun()
    await drain(world)
    await world.ports.db.run(stmt(`DELETE FROM job_totals`))
    await world.ports.db.batch([stmt(`UPDATE jobs SET name = 'x' WHERE id = 'nobody'`), countEndIfChanged(job.id)])
    expect(await totals(world)).toEqual([])
  })
})
