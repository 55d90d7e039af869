/** The input is replaced or vanishes while a job is in the middle of it: the job says so, and nothing is made of bytes of two versions. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { SIZES } from '../../shared/base/sizes.ts'
import type { Store } from '../../shared/files/store.ts'
import { contentOf, drain, eventsOf, jobNow, makeWorld, rawPut, storedFile, submit, type World } from '../support/processor.ts'

const KIB = 1024
/** Seven windows of one chunk, and four chunks of two windows. */
const WAYS = {
  'two windows of a chunk': { windowBytes: 32 * KIB },
  'two chunks': { windowBytes: 32 * KIB, chunkBytesMin: 64 * KIB, guessBytes: KIB, parallelPerJob: 1 },
}
type Way = keyof typeof WAYS
/** What lies behind the first chunk or the first two windows. */
const MIDDLE = 64 * KIB

/** A list of rows of one kind, the same length for every kind. */
const list = (name: string): string => `name,age\n${`${name.padEnd(996, '-')},77\n`.repeat(200)}`

/** The same store; when something behind the middle of an object is asked for, `between` has come first, once. */
const interrupted = (store: Store, between: (key: string) => Promise<unknown>): Store => {
  let isDone = false
  return {
    ...store,
    read: async (key, etag, range) => {
      if (!isDone && range && range.offset >= MIDDLE) {
        isDone = true
        await between(key)
      }
      return store.read(key, etag, range)
    },
  }
}

const cut = async (way: Way, between: (key: string) => Promise<unknown>) => {
  let happened = 0
  const counted = (key: string): Promise<unknown> => {
    happened++
    return between(key)
  }
  const world = await makeWorld(({ store }) => ({ store: interrupted(store, counted), sizes: { ...SIZES, ...WAYS[way] } }))
  const file = await storedFile(world, list('old'), { autoAnalyse: false })
  const { id } = await submit(world, file.id, 'filter', { where: 'age > 60' })
  await drain(world)
  expect(happened).toBe(1)
  return { world, file, job: await jobNow(world, { id }) }
}

const keysOf = async (world: World, prefix: string): Promise<string[]> =>
  (await env.BUCKET.list({ prefix })).objects.map(({ key }) => key.replace(world.owner, 'me'))

const CHANGES: readonly (readonly [string, (key: string) => Promise<unknown>])[] = [
  ['replaced by a list of the same length', (key) => rawPut(key, utf8(list('new')))],
  ['replaced by another list', (key) => rawPut(key, utf8('x,y\n1,2\n'))],
  ['removed', (key) => env.BUCKET.delete(key)],
]

describe.each(Object.keys(WAYS) as Way[])('between %s', (way) => {
  it.each(CHANGES)('the input is %s: the job fails with input_changed and leaves nothing', async (_, between) => {
    const { world, file, job } = await cut(way, between)
    expect([job.state, JSON.parse(job.error!).code]).toEqual(['failed', 'input_changed'])
    expect([job.result, job.result_file, job.rejects_file]).toEqual([null, null, null])
    expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.failed'])
    const input = file.object_key.replace(world.owner, 'me')
    expect((await keysOf(world, `files/${world.owner}/`)).filter((key) => key !== input)).toEqual([])
    expect(await keysOf(world, `work/${job.id}/`)).toEqual([])
  })

  it('nothing happens: the job succeeds on all of it', async () => {
    const { world, job } = await cut(way, async () => {})
    expect([job.state, job.chunks_total > 1]).toEqual(['succeeded', way === 'two chunks'])
    expect(await contentOf(world, job.result_file!)).toBe(list('old'))
  })
})
