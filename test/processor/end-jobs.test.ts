import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { claimChunk } from '../../shared/jobs/chunk.sql.ts'
import { requestCancel } from '../../shared/jobs/job.sql.ts'
import { deliver, eventsOf, fireTick, jobNow, makeWorld, storedFile, submit } from '../support/processor.ts'

describe('a job', () => {
  it('past its time expires, with one end event', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'a\n1\n', { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'a = 1' }, 5_000)
    world.advance(5_001)
    await fireTick(world)
    await fireTick(world)
    const ended = await jobNow(world, job)
    expect([ended.state, JSON.parse(ended.error!).code]).toEqual(['expired', 'job_expired'])
    expect(await eventsOf(world, job.id)).toEqual(['job.expired'])
  })

  it('canceled while its worker died ends after the lease, not before', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'a\n1\n', { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'a = 1' })
    await deliver(world, 'jobs', { v: 1, kind: 'plan', job: job.id })
    await claimChunk(world.ports.db, job.id, 0, world.now())
    await world.ports.db.run(requestCancel(world.owner, job.id, world.now()))
    await fireTick(world)
    expect((await jobNow(world, job)).state).toBe('canceling')
    world.advance(LIMITS.leaseMs + 1)
    await fireTick(world)
    expect((await jobNow(world, job)).state).toBe('canceled')
    expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.canceled'])
  })
})
