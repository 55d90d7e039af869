import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { consume } from '../../workers/processor/consume.ts'
import { makeWorld, rowsOf, type World } from '../support/processor.ts'

const deliverDead = async (world: World, id: string, body: unknown): Promise<number> => {
  const batch = createMessageBatch('list-cutter-jobs-dead', [{ id, timestamp: new Date(world.now()), attempts: 1, body }])
  await consume(batch, world.ports)
  return (await getQueueResult(batch, createExecutionContext())).explicitAcks.length
}

describe('a message that its queue gave up on', () => {
  it('is kept with its queue and body', async () => {
    const world = await makeWorld()
    const id = crypto.randomUUID()
    expect(await deliverDead(world, id, { v: 9 })).toBe(1)
    expect(await rowsOf(world, `SELECT queue, body FROM dead_letters WHERE message_id = ?1`, id)).toEqual([
      { queue: 'jobs', body: '{"v":9}' },
    ])
  })

  it('told twice is kept once', async () => {
    const world = await makeWorld()
    const id = crypto.randomUUID()
    await deliverDead(world, id, {})
    await deliverDead(world, id, {})
    expect(await rowsOf(world, `SELECT id FROM dead_letters WHERE message_id = ?1`, id)).toHaveLength(1)
  })
})
