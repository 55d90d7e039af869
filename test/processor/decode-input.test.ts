/** Jobs on files that are packed or in another encoding, in the real runtime. */

import { env } from 'cloudflare:workers'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, textOf, utf8 } from '../../shared/base/bytes.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { TextDecoding } from '../../shared/csv/decode/text-decoding.ts'
import { claimPlan, requestCancel } from '../../shared/jobs/job.sql.ts'
import type { JobRow } from '../../shared/jobs/job.ts'
import { planJob } from '../../shared/jobs/plan.ts'
import type { Ports } from '../../shared/ports.ts'
import {
  contentOf,
  deliver,
  drain,
  fileNow,
  fireTick,
  jobNow,
  loseMessages,
  makeWorld,
  rawPut,
  storedFile,
  submit,
  type World,
} from '../support/processor.ts'

const PEOPLE = 'name,age\nZoé,36\nBob,70\n'
const gzip = (...texts: (string | Uint8Array)[]): Uint8Array => concatBytes(texts.map((text) => new Uint8Array(gzipSync(text))))
const utf16 = (text: string): Uint8Array => new Uint8Array(Uint16Array.from(`\ufeff${text}`, (c) => c.charCodeAt(0)).buffer)
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))

const workOf = async ({ id }: Pick<JobRow, 'id'>): Promise<string[]> =>
  (await env.BUCKET.list({ prefix: `work/${id}/` })).objects.map(({ key }) => key)

const SOURCES: readonly (readonly [name: string, bytes: Uint8Array, hints: object, decodedFrom: object])[] = [
  ['gzip', gzip(PEOPLE), {}, { gzip: true, encoding: null }],
  ['gzip of several members', gzip('name,age\nZo', 'é,36\n', 'Bob,70\n'), {}, { gzip: true, encoding: null }],
  ['UTF-16', utf16(PEOPLE), {}, { gzip: false, encoding: 'utf-16le' }],
  ['UTF-16 in gzip', gzip(utf16(PEOPLE)), {}, { gzip: true, encoding: 'utf-16le' }],
  ['windows-1252', latin1(PEOPLE), { encoding: 'windows-1252' }, { gzip: false, encoding: 'windows-1252' }],
]

describe.each(SOURCES)('a file in %s', (_, bytes, hints, decodedFrom) => {
  it('is looked at, analysed, counted and cut as if it were plain UTF-8', async () => {
    const world = await makeWorld()
    const stored = await storedFile(world, bytes, { hints, name: 'people.csv.gz' })
    const cut = await submit(world, stored.id, 'filter', { where: "name = 'Zoé'" })
    const count = await submit(world, stored.id, 'count', { where: 'age > 60', head: 5 })
    await drain(world)
    const file = await fileNow(world, stored.id)
    expect(JSON.parse(file.dialect!)).toMatchObject({ decoded_from: decodedFrom, encoding: 'utf-8', bom: false, header_end: 9 })
    const job = await jobNow(world, cut)
    expect([job.state, job.rows_in, job.rows_out, job.bytes_in]).toEqual(['succeeded', 2, 1, utf8(PEOPLE).length])
    expect(await contentOf(world, job.result_file!)).toBe('name,age\nZoé,36\n')
    expect((await fileNow(world, job.result_file!)).name).toBe('people.csv.cut.csv')
    expect(JSON.parse((await jobNow(world, count)).result!)).toMatchObject({ head: 'name,age\nBob,70\n', head_rows: 1 })
    expect([file.state, file.rows, file.bytes]).toEqual(['ready', 2, bytes.length])
    for (const one of [cut, count]) expect(await workOf(one)).toEqual([])
  })
})

it('an encoding that only a job names is that job’s alone', async () => {
  const world = await makeWorld()
  const stored = await storedFile(world, latin1(PEOPLE), { autoAnalyse: false })
  const job = await submit(world, stored.id, 'filter', { where: "name = 'Zoé'", dialect: { encoding: 'latin1' } })
  await drain(world)
  expect(await contentOf(world, (await jobNow(world, job)).result_file!)).toBe('name,age\nZoé,36\n')
  expect(JSON.parse((await fileNow(world, stored.id)).dialect!)).toMatchObject({ decoded_from: null, encoding: 'unknown-8bit' })
})

it('what means nothing in its encoding is replaced, and the job says so', async () => {
  const world = await makeWorld()
  const stored = await storedFile(world, concatBytes([utf16('name,age\nx'), Uint8Array.of(0, 0xd8), utf16('y,70\n').subarray(2)]), {
    autoAnalyse: false,
  })
  const job = await submit(world, stored.id, 'filter', { where: 'age > 60' })
  await drain(world)
  const done = await jobNow(world, job)
  expect(await contentOf(world, done.result_file!)).toBe('name,age\nx\ufffdy,70\n')
  expect(JSON.parse(done.warnings)).toEqual([{ code: 'replaced_character', count: 1, first: { byte_offset: 10 } }])
})

/** A packed list, damaged behind what is looked at when it comes. */
const LONG = `name,age\n${Array.from({ length: 40_000 }, (_, i) => `somebody ${(i * 7919) % 100_003},${i % 90}\n`).join('')}`

describe('damaged gzip', () => {
  const long = gzip(LONG)
  it.each([
    ['cut off', long.subarray(0, long.length - 5), /a part of it is missing/],
    ['with garbage behind it', concatBytes([long, utf8('garbage')]), /not gzip follows/],
  ])('%s ends its job with what is wrong, and leaves nothing behind', async (_, bytes, detail) => {
    const world = await makeWorld()
    expect(bytes.length).toBeGreaterThan(LIMITS.sniffBytes)
    const stored = await storedFile(world, bytes, { autoAnalyse: false })
    const job = await submit(world, stored.id, 'filter', { where: 'age > 60' })
    await drain(world)
    const failed = await jobNow(world, job)
    expect([failed.state, failed.attempt_count]).toEqual(['failed', 1])
    expect(JSON.parse(failed.error!)).toMatchObject({
      code: 'gzip_invalid',
      retryable: false,
      detail: expect.stringMatching(detail),
      byte_offset: expect.any(Number),
    })
    expect(await workOf(job)).toEqual([])
  })

  it('found at the first look makes the file a rejected one', async () => {
    const world = await makeWorld()
    const { id } = await storedFile(world, gzip(PEOPLE).subarray(0, 30), { autoAnalyse: false })
    await submit(world, id, 'filter', { where: 'age > 60' })
    await drain(world)
    const file = await fileNow(world, id)
    expect([file.state, JSON.parse(file.problem!).code]).toEqual(['rejected', 'gzip_invalid'])
  })

  it('that is a trap is no longer unpacked once that is seen', async () => {
    const world = await makeWorld()
    const bomb = gzip(new Uint8Array(LIMITS.gzipRatioFreeBytes + 8 * LIMITS.blockBytes).fill(10).fill(97, 0, 1))
    const stored = await storedFile(world, bomb, { autoAnalyse: false })
    const job = await submit(world, stored.id, 'filter', { where: 'a IS NOT NULL' })
    await drain(world)
    expect(JSON.parse((await jobNow(world, job)).error!)).toMatchObject({
      code: 'gzip_too_large',
      detail: expect.stringMatching(/200 times/),
    })
    expect(await workOf(job)).toEqual([])
  })
})

/** Ports whose bucket runs `between` once, before the decoded input is put. */
const interrupted =
  (between: (ports: Ports) => Promise<void>) =>
  (ports: Ports): Partial<Ports> => {
    let isDone = false
    const put: Ports['store']['put'] = async (key, bytes, options) => {
      if (!isDone && key.includes('/input/')) {
        isDone = true
        await between(ports)
      }
      return ports.store.put(key, bytes, options)
    }
    return { store: { ...ports.store, put } }
  }

const planOf = (job: JobRow) => ({ v: 1, kind: 'plan', job: job.id }) as const

describe('a decoded input', () => {
  const waiting = async (world: World): Promise<JobRow> => {
    const stored = await storedFile(world, gzip(PEOPLE), { autoAnalyse: false })
    const job = await submit(world, stored.id, 'filter', { where: 'age > 60' })
    loseMessages(world)
    return job
  }

  it('stays until its job has ended', async () => {
    const world = await makeWorld()
    const job = await waiting(world)
    await deliver(world, 'jobs', planOf(job))
    expect(await workOf(job)).toEqual([`work/${job.id}/input/1`])
    await fireTick(world)
    expect(await workOf(job)).toEqual([`work/${job.id}/input/1`])
    await drain(world)
    expect([(await jobNow(world, job)).state, await workOf(job)]).toEqual(['succeeded', []])
  })

  it('is written once more by who takes the plan over, and the plan that counts names its own', async () => {
    const world = await makeWorld()
    const job = await waiting(world)
    const slow = (await claimPlan(world.ports.db, job.id, world.now()))!
    world.advance(LIMITS.leaseMs + 1)
    await deliver(world, 'jobs', planOf(job))
    await expect(planJob(world.ports, slow)).rejects.toThrow()
    expect(await workOf(job)).toEqual([`work/${job.id}/input/2`])
    await drain(world)
    const done = await jobNow(world, job)
    expect([done.state, await contentOf(world, done.result_file!), await workOf(job)]).toEqual(['succeeded', 'name,age\nBob,70\n', []])
  })

  it('goes when its job is canceled while it waits', async () => {
    const world = await makeWorld()
    const job = await waiting(world)
    await deliver(world, 'jobs', planOf(job))
    await world.ports.db.batch([requestCancel(world.owner, job.id, world.now())])
    await drain(world)
    expect([(await jobNow(world, job)).state, await workOf(job)]).toEqual(['canceled', []])
  })

  it('goes when its job is canceled while it is decoded', async () => {
    const world: World = await makeWorld(
      interrupted(async (ports) => void (await ports.db.batch([requestCancel(world.owner, job.id, world.now())]))),
    )
    const job = await waiting(world)
    await deliver(world, 'jobs', planOf(job))
    expect([(await jobNow(world, job)).state, await workOf(job)]).toEqual(['canceled', []])
  })

  it('goes when its job fails later on', async () => {
    const world = await makeWorld((ports) => ({
      store: {
        ...ports.store,
        read: async (key, etag, range) => (key.includes('/input/') && range?.offset === 9 ? null : ports.store.read(key, etag, range)),
      },
    }))
    const job = await waiting(world)
    await deliver(world, 'jobs', planOf(job))
    await drain(world)
    expect([JSON.parse((await jobNow(world, job)).error!).code, await workOf(job)]).toEqual(['input_changed', []])
  })

  it('goes when its job expires, and what a late worker wrote is swept', async () => {
    const world = await makeWorld()
    const job = await waiting(world)
    await deliver(world, 'jobs', planOf(job))
    loseMessages(world)
    world.advance(3_600_001)
    await fireTick(world)
    expect([(await jobNow(world, job)).state, await workOf(job)]).toEqual(['expired', []])
    await rawPut(`work/${job.id}/input/9`, utf8('late'))
    world.advance(LIMITS.tickLeaseMs)
    await fireTick(world)
    expect(await workOf(job)).toEqual([])
  })

  it('is not taken from a file that was replaced since', async () => {
    const world = await makeWorld()
    const job = await waiting(world)
    const file = await fileNow(world, job.input_file)
    await deliver(world, 'file-events', {
      account: 'x',
      bucket: 'b',
      action: 'PutObject',
      object: { key: file.object_key, size: 1, eTag: file.etag! },
      eventTime: new Date(world.now()).toISOString(),
    })
    await rawPut(file.object_key, gzip('x,y\n1,2\n'))
    await deliver(world, 'jobs', planOf(job))
    expect([JSON.parse((await jobNow(world, job)).error!).code, await workOf(job)]).toEqual(['input_changed', []])
  })
})

it('this runtime’s decoders give the same for any split', () => {
  const encodings = fc.constantFrom('utf-16le', 'utf-16be', 'windows-1252', 'shift_jis', 'gb18030', 'euc-jp', 'euc-kr', 'big5')
  const decode = (encoding: string, pieces: Iterable<Uint8Array>): string => {
    const decoding = new TextDecoding(encoding)
    const out: Uint8Array[] = []
    for (const piece of pieces) out.push(decoding.push(piece))
    return textOf(concatBytes([...out, decoding.finish()]))
  }
  fc.assert(
    fc.property(encodings, fc.uint8Array({ maxLength: 40 }), fc.array(fc.nat(40), { maxLength: 3 }), (encoding, bytes, cuts) => {
      const places = [0, ...cuts.filter((place) => place <= bytes.length).sort((a, b) => a - b), bytes.length]
      const pieces = places.slice(1).map((place, i) => bytes.subarray(places[i], place))
      expect(decode(encoding, pieces)).toBe(decode(encoding, [bytes]))
    }),
    { numRuns: 2_000 },
  )
})
