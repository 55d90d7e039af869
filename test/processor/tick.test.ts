import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { stmt } from '../../shared/db/db.ts'
import { claimDuty, releaseDuty } from '../../shared/db/duty.sql.ts'
import type { Ports } from '../../shared/ports.ts'
import { drain, fireTick, jobNow, makeWorld, rowsOf, storedFile, submit } from '../support/processor.ts'

const countOf = async (world: Awaited<ReturnType<typeof makeWorld>>, table: string): Promise<number> =>
  (await rowsOf<{ n: number }>(world, `SELECT count(*) AS n FROM ${table}`))[0]!.n

describe('a tick', () => {
  it('while another holds the lease does nothing', async () => {
    const world = await makeWorld()
    await storedFile(world, 'a\n1\n')
    world.advance(LIMITS.settleAfterMs + 1)
    const until = world.now() + LIMITS.tickLeaseMs
    await claimDuty(world.ports.db, 'tick', world.now(), until)
    await fireTick(world)
    expect(world.sent).toEqual([])
    await releaseDuty(world.ports.db, 'tick', until)
    await fireTick(world)
    expect(world.sent.length).toBeGreaterThan(0)
  })

  it('whose holder died is taken over after its lease', async () => {
    const world = await makeWorld()
    await claimDuty(world.ports.db, 'tick', world.now(), world.now() + LIMITS.tickLeaseMs)
    world.advance(LIMITS.tickLeaseMs + 1)
    expect(await claimDuty(world.ports.db, 'tick', world.now(), world.now() + 1)).toBe(true)
    await releaseDuty(world.ports.db, 'tick', world.now() + 1)
  })

  it('does its other duties where one fails', async () => {
    const world = await makeWorld(({ store }) => ({ store: { ...store, list: () => Promise.reject(new Error('down')) } }))
    await world.ports.db.run(
      stmt(`INSERT INTO idempotency VALUES (?1, 'POST /jobs', 'k', 'f', 202, 's', '{}', ?2)`, world.owner, world.now() - 1),
    )
    await fireTick(world)
    expect(await countOf(world, 'idempotency')).toBe(0)
  })
})

describe('the relay', () => {
  it('sends what its sender did not, once it is due, and forgets it', async () => {
    let isDown = true
    const world = await makeWorld(({ queues }) => ({
      queues: {
        send: (...args: Parameters<Ports['queues']['send']>) => (isDown ? Promise.reject(new Error('no queue')) : queues.send(...args)),
      } as Ports['queues'],
    }))
    const file = await storedFile(world, 'a,b\n1,2\n', { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'a = 1' })
    expect(world.sent).toEqual([])
    isDown = false
    await fireTick(world)
    expect(world.sent.filter(({ queue }) => queue === 'jobs')).toEqual([])
    world.advance(LIMITS.relayAfterMs)
    await fireTick(world)
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
    expect(await countOf(world, 'outbox')).toBe(0)
  })
})
