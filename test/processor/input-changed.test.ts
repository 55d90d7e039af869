/** The input is replaced or vanishes while a chunk is in the middle of it: the job says so, and nothing is made of bytes of two versions. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import type { Store } from '../../shared/files/store.ts'
import { drain, eventsOf, fileNow, jobNow, makeWorld, rawPut, storedFile, submit } from '../support/processor.ts'

const HEADER = 'name,age\n'
const row = (name: string) => `${name.padEnd(1000, '-')},77\n`
/** A list of rows of one kind, longer than one window. */
const list = (name: string): Uint8Array => utf8(HEADER + row(name).repeat(Math.ceil(LIMITS.windowBytes / row(name).length) + 10))

/** The same store; when the second window of an input is asked for, `between` has come first. */
const interrupted = (store: Store, between: (key: string) => Promise<unknown>): Store => ({
  ...store,
  read: async (key, etag, range) => {
    if (range && range.offset > LIMITS.windowBytes) await between(key)
    return store.read(key, etag, range)
  },
})

describe('between two windows of a chunk', () => {
  it.each<[string, (key: string) => Promise<unknown>]>([
    ['replaced by a list of the same length', (key) => rawPut(key, list('new'))],
    ['replaced by another list', (key) => rawPut(key, utf8('x,y\n1,2\n'))],
    ['removed', (key) => env.BUCKET.delete(key)],
  ])('the input is %s: the job fails with input_changed and leaves nothing', async (_, between) => {
    let changes = 0
    const counted = async (key: string) => {
      changes++
      await between(key)
    }
    const world = await makeWorld(({ store }) => ({ store: interrupted(store, counted) }))
    const file = await storedFile(world, list('old'), { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await drain(world)
    const failed = await jobNow(world, job)
    expect([failed.state, JSON.parse(failed.error!).code, changes]).toEqual(['failed', 'input_changed', 1])
    expect([failed.result, failed.result_file, failed.rejects_file]).toEqual([null, null, null])
    expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.failed'])
    const { objects } = await env.BUCKET.list({ prefix: `files/${world.owner}/` })
    expect(objects.filter(({ key }) => key !== file.object_key)).toEqual([])
    expect((await env.BUCKET.list({ prefix: `work/${job.id}/` })).objects).toEqual([])
  })

  it('nothing happens: the job succeeds on all of it', async () => {
    const world = await makeWorld(({ store }) => ({ store: interrupted(store, async () => {}) }))
    const file = await storedFile(world, list('old'), { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await drain(world)
    const done = await jobNow(world, job)
    expect([done.state, (await fileNow(world, done.result_file!)).bytes]).toEqual(['succeeded', file.bytes])
  })
})
