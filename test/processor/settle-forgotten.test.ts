import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { drain, fileNow, fireTick, makeWorld, storedFile } from '../support/processor.ts'

describe('a stored file whose storage event was lost', () => {
  it('gets it again after a while', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'a,b\n1,2\n')
    await fireTick(world)
    await drain(world)
    expect((await fileNow(world, file.id)).state).toBe('stored')
    world.advance(LIMITS.settleAfterMs + 1)
    await fireTick(world)
    await drain(world)
    expect((await fileNow(world, file.id)).state).toBe('ready')
  })
})
