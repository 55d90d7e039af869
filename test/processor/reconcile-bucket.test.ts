import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import {
  deliver,
  drain,
  fileNow,
  fireTick,
  jobNow,
  loseMessages,
  makeWorld,
  putUpload,
  rawPut,
  rowsOf,
  storedFile,
  submit,
} from '../support/processor.ts'

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

  it('removes what a job has written and named nowhere, once the job has ended, and nothing else', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'a,b\n1,2\n', { autoAnalyse: false })
    const [ended, live] = [await submit(world, file.id, 'filter', { where: 'a > 0' }), await submit(world, file.id, 'analyse', {})]
    await deliver(world, 'jobs', { v: 1, kind: 'plan', job: ended.id })
    await deliver(world, 'chunks', { v: 1, job: ended.id, k: 0 })
    await deliver(world, 'jobs', { v: 1, kind: 'finish', job: ended.id })
    loseMessages(world)
    const result = await fileNow(world, (await jobNow(world, ended)).result_file!)
    const unknown = world.ports.ids.make('job')
    const left = [
      `files/${world.owner}/${result.id}/${ended.id}.99`,
      `files/${world.owner}/${world.ports.ids.make('file')}/${ended.id}.1`,
      `profiles/${file.id}/etag/${ended.id}.3.json`,
    ]
    const kept = [
      `files/${world.owner}/${world.ports.ids.make('file')}/${live.id}.1`,
      `files/${world.owner}/${world.ports.ids.make('file')}/${unknown}.1`,
      `files/${world.owner}/${world.ports.ids.make('file')}/1`,
      `profiles/${file.id}/etag/${live.id}.3.json`,
    ]
    for (const key of [...left, ...kept]) await rawPut(key, utf8('x\n'))
    world.advance(LIMITS.settleAfterMs + 60_000)
    for (let i = 0; i < 3; i++) await fireTick(world)
    for (const key of left) expect(await world.ports.store.head(key), key).toBeNull()
    for (const key of [...kept, result.object_key]) expect(await world.ports.store.head(key), key).not.toBeNull()
  })
})
