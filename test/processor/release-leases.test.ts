import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { deliver, drain, fireTick, jobNow, loseMessages, makeWorld, storedFile, submit, type World } from '../support/processor.ts'

const job = async (world: World) =>
  submit(world, (await storedFile(world, 'a,b\n1,2\n', { autoAnalyse: false })).id, 'filter', { where: 'a = 1' })
const messagesOf = (world: World, id: string) => world.sent.filter(({ body }) => (body as { job?: string }).job === id)

describe('a lost message', () => {
  it.each(['plan', 'chunk', 'finish'])('of the step %s is sent again after a lease, and the job ends', async (step) => {
    const world = await makeWorld()
    const submitted = await job(world)
    if (step !== 'plan') await deliver(world, 'jobs', { v: 1, kind: 'plan', job: submitted.id })
    if (step === 'finish') await deliver(world, 'chunks', { v: 1, job: submitted.id, k: 0 })
    loseMessages(world)
    await fireTick(world)
    expect(messagesOf(world, submitted.id)).toEqual([])
    world.advance(LIMITS.leaseMs + 1)
    await fireTick(world)
    expect(messagesOf(world, submitted.id)).toHaveLength(1)
    await drain(world)
    expect((await jobNow(world, submitted)).state).toBe('succeeded')
  })

  it('is not sent again with every tick', async () => {
    const world = await makeWorld()
    const submitted = await job(world)
    loseMessages(world)
    world.advance(LIMITS.leaseMs + 1)
    await fireTick(world)
    await fireTick(world)
    expect(messagesOf(world, submitted.id)).toHaveLength(1)
    await drain(world)
  })
})
