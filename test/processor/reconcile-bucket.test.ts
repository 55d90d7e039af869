import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { drain, fileNow, fireTick, makeWorld, putUpload, rawPut, rowsOf } from '../support/processor.ts'

describe('the walk through the bucket', () => {
  it('finds the object of an upload whose request died after its last byte', async () => {
    const world = await makeWorld()
    const { id } = await putUpload(world, 'a,b\n1,2\n')
    world.advance(LIMITS.settleAfterMs + 60_000)
    await fireTick(world)
    await drain(world)
    expect((await fileNow(world, id)).state).toBe('ready')
  })

  it('sends nothing for what is known, nor for what its writer may still commit', async () => {
    const world = await makeWorld()
    const { id } = await putUpload(world, 'a,b\n1,2\n')
    await fireTick(world)
    expect(world.sent.filter(({ queue }) => queue === 'file-events')).toEqual([])
    world.advance(LIMITS.settleAfterMs + 60_000)
    await fireTick(world)
    await drain(world)
    expect((await fileNow(world, id)).state).toBe('ready')
    await fireTick(world)
    expect(world.sent.filter(({ queue }) => queue === 'file-events')).toEqual([])
  })

  it('goes on where it stopped and begins again at the end', async () => {
    const world = await makeWorld()
    for (const name of ['a', 'b', 'c']) await rawPut(`inbox/${world.owner}/${name}.csv`, utf8(`x\n${name}\n`))
    const page = world.ports.store.list
    const small = {
      ...world,
      ports: { ...world.ports, store: { ...world.ports.store, list: (prefix: string, cursor: string | null) => page(prefix, cursor, 1) } },
    }
    world.advance(60_000)
    for (let i = 0; i < 6; i++) await fireTick(small)
    await drain(world)
    expect(await rowsOf(world, `SELECT id FROM files WHERE owner_id = ?1 AND source = 'inbox'`, world.owner)).toHaveLength(3)
  })
})
