import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { beginUpload } from '../../shared/files/send-parts.ts'
import { drain, fileNow, fireTick, makeWorld, putUpload, rowsOf, type World } from '../support/processor.ts'

const statesOf = (world: World) => rowsOf<{ state: string }>(world, `SELECT state FROM files WHERE owner_id = ?1`, world.owner)

describe('a file whose request died before its object was there', () => {
  it('goes after a day', async () => {
    const world = await makeWorld()
    const { key } = await putUpload(world, 'a,b\n1,2\n')
    await env.BUCKET.delete(key)
    world.advance(LIMITS.uploadStaleMs - 1)
    await fireTick(world)
    expect(await statesOf(world)).toEqual([{ state: 'uploading' }])
    world.advance(1)
    await fireTick(world)
    expect(await statesOf(world)).toEqual([])
  })

  it('stays where its object is there after all, and is settled', async () => {
    const world = await makeWorld()
    const { id } = await putUpload(world, 'a,b\n1,2\n')
    world.advance(LIMITS.uploadStaleMs)
    await fireTick(world)
    await drain(world)
    expect((await fileNow(world, id)).state).toBe('ready')
  })

  it('stays while it is sent in parts', async () => {
    const world = await makeWorld()
    const about = { name: 'a.csv', contentType: 'text/csv', tags: [], analyse: true, hints: {} }
    await beginUpload(world.ports, world.owner, { about, bytes: null, partBytes: null })
    world.advance(LIMITS.uploadStaleMs)
    await fireTick(world)
    expect(await statesOf(world)).toEqual([{ state: 'uploading' }])
  })
})
