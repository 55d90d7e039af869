import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { textOf, utf8 } from '../../shared/base/bytes.ts'
import { AppError } from '../../shared/base/errors.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { SIZES, type Sizes } from '../../shared/base/sizes.ts'
import { stmt } from '../../shared/db/db.ts'
import { submitJob } from '../../shared/jobs/create.ts'
import type { JobRow } from '../../shared/jobs/job.ts'
import { findIdempotency, insertIdempotencyIfChanged } from '../../workers/api/idempotency.sql.ts'
import {
  contentOf,
  deliver,
  drain,
  eventsOf,
  fileNow,
  fireTick,
  jobNow,
  loseMessages,
  makeWorld,
  rowsOf,
  storedFile,
  submit,
  type World,
} from '../support/processor.ts'

/** Chunks of some bytes: everything else is as it is. */
const TINY: Partial<Sizes> = { chunkBytesMin: 90, guessBytes: 64, recordBytesMax: 48 }

const tinyWorld = (sizes: Partial<Sizes> = TINY) => makeWorld(() => ({ sizes: { ...SIZES, ...sizes } }))

/** Quoted newlines, a short row, a blank line, a line over the record limit, and one without end that is longer than a chunk. */
const LIST = [
  'name,age,note',
  ...Array.from({ length: 12 }, (_, i) => `n${i},${30 + 5 * i},"said\n""${i}"""`),
  'short,70',
  '',
  `long,80,${'x'.repeat(60)}`,
  `longer,81,${'y'.repeat(200)}`,
  'last,90,"a,b"',
].join('\n')

const run = async (world: World, csv: string | Uint8Array, operation: string, spec: object): Promise<JobRow> => {
  const file = await storedFile(world, csv, { autoAnalyse: false })
  const job = await submit(world, file.id, operation, spec)
  await drain(world)
  return jobNow(world, job)
}

const whatItMade = async (world: World, job: JobRow) => ({
  state: job.state,
  counts: [job.rows_in, job.rows_out, job.rows_filtered, job.rows_rejected, job.blank_lines, job.bytes_in],
  warnings: JSON.parse(job.warnings),
  output: job.result_file && (await contentOf(world, job.result_file)),
  rejects: job.rejects_file && (await contentOf(world, job.rejects_file)),
})

const workLeft = async (job: JobRow): Promise<string[]> =>
  (await env.BUCKET.list({ prefix: `work/${job.id}/` })).objects.map(({ key }) => key)

describe('a job in many chunks', () => {
  it.each([
    ['a clause', { where: 'age > 60' }],
    ['ragged rows rejected', { where: 'age > 40', ragged: 'reject' }],
    ['offset and limit', { where: 'age > 35', offset: 2, limit: 5 }],
    ['another format', { where: 'age > 35', format: 'ndjson' }],
    ['other columns', { columns: ['note', 'name'] }],
  ])('makes what one chunk makes: %s', async (_, spec) => {
    const [one, many] = [await tinyWorld({ recordBytesMax: 48 }), await tinyWorld()]
    const [whole, cut] = [await run(one, LIST, 'filter', spec), await run(many, LIST, 'filter', spec)]
    expect([whole.chunks_total, cut.chunks_total]).toEqual([1, 6])
    expect(await whatItMade(many, cut)).toEqual(await whatItMade(one, whole))
    expect(cut.state).toBe('succeeded')
    expect(await workLeft(cut)).toEqual([])
  })

  it('counts and analyses what one chunk does', async () => {
    const [one, many] = [await tinyWorld({ recordBytesMax: 48 }), await tinyWorld()]
    for (const [operation, spec] of [
      ['count', { where: 'age > 60', head: 3 }],
      ['analyse', {}],
    ] as const) {
      const [whole, cut] = [await run(one, LIST, operation, spec), await run(many, LIST, operation, spec)]
      expect(await whatItMade(many, cut)).toEqual(await whatItMade(one, whole))
      if (operation === 'count') expect(cut.result).toBe(whole.result)
    }
  })

  it('joins its profiles in several messages where one would do too much', async () => {
    const [once, often] = [await tinyWorld(), await tinyWorld({ ...TINY, composeBytesMax: 1 })]
    const [one, many] = [await run(once, LIST, 'analyse', {}), await run(often, LIST, 'analyse', {})]
    const profileOf = async (world: World, job: JobRow) => {
      const { profile } = await fileNow(world, job.input_file)
      return JSON.parse(profile!)
    }
    const { file: _, etag: __, ...expected } = await profileOf(once, one)
    expect(await profileOf(often, many)).toMatchObject(expected)
    expect(many.state).toBe('succeeded')
    expect(await workLeft(many)).toEqual([])
  })

  it('has its messages out a few at a time, and each commit lets the next one go', async () => {
    const world = await tinyWorld({ ...TINY, parallelPerJob: 3 })
    const file = await storedFile(world, LIST, { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await deliver(world, 'jobs', { v: 1, kind: 'plan', job: job.id })
    const out = () => world.sent.filter(({ queue }) => queue === 'chunks').map(({ body }) => (body as { k: number }).k)
    expect(out()).toEqual([0, 1, 2])
    loseMessages(world)
    await deliver(world, 'chunks', { v: 1, job: job.id, k: 1 })
    expect(out()).toEqual([3])
  })

  it('counts a guessed chunk only when it is joined', async () => {
    const world = await tinyWorld()
    const file = await storedFile(world, LIST, { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await deliver(world, 'jobs', { v: 1, kind: 'plan', job: job.id })
    await deliver(world, 'chunks', { v: 1, job: job.id, k: 2 })
    const joined = () => rowsOf(world, `SELECT joined, chunks_done FROM jobs WHERE id = ?1`, job.id)
    expect(await joined()).toEqual([{ joined: 0, chunks_done: 1 }])
    await deliver(world, 'chunks', { v: 1, job: job.id, k: 1 })
    await deliver(world, 'chunks', { v: 1, job: job.id, k: 0 })
    expect(await joined()).toEqual([{ joined: 3, chunks_done: 3 }])
    await drain(world)
    expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.succeeded'])
  })

  it('does not count a chunk as done any more whose guess was wrong', async () => {
    const world = await tinyWorld({ ...TINY, guessBytes: 32, recordBytesMax: 200 })
    const text = `0,"\n${'no,70\n'.repeat(24)}"\n`
    const file = await storedFile(world, `name,age\n${text}1,80\n`, { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await deliver(world, 'jobs', { v: 1, kind: 'plan', job: job.id })
    await deliver(world, 'chunks', { v: 1, job: job.id, k: 1 })
    const counts = () => rowsOf(world, `SELECT chunks_total, chunks_done, joined FROM jobs WHERE id = ?1`, job.id)
    expect(await counts()).toEqual([{ chunks_total: 2, chunks_done: 1, joined: 0 }])
    await deliver(world, 'chunks', { v: 1, job: job.id, k: 0 })
    expect(await counts()).toEqual([{ chunks_total: 2, chunks_done: 1, joined: 1 }])
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
  })

  it('whose every message is lost goes on by the ticks', async () => {
    const world = await tinyWorld({ ...TINY, parallelPerJob: 4 })
    const file = await storedFile(world, LIST, { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    for (let i = 0; i < 40 && (await jobNow(world, job)).ended_at === null; i++) {
      const sent = world.sent.splice(0)
      for (const { queue, body } of sent.slice(0, 2)) await deliver(world, queue, body as never)
      world.advance(61_000)
      await fireTick(world)
    }
    const done = await jobNow(world, job)
    expect([done.state, done.rows_in]).toEqual(['succeeded', 16])
  })

  /** Chunk 3 has begun to guess; then chunk 2 turns out to have guessed wrong, and has to sleep: the job has only room for one message. */
  const stuckBehindGuess = async () => {
    const world = await tinyWorld({ ...TINY, parallelPerJob: 1 })
    const file = await storedFile(world, LIST, { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await deliver(world, 'jobs', { v: 1, kind: 'plan', job: job.id })
    await deliver(world, 'chunks', { v: 1, job: job.id, k: 0 })
    loseMessages(world)
    await world.ports.db.run(
      stmt(`UPDATE chunks SET lease_until = CASE k WHEN 2 THEN ?2 END WHERE job_id = ?1 AND k > 0`, job.id, world.now()),
    )
    return { world, job }
  }

  it('whose last guess fails makes room for the chunk that the join waits for', async () => {
    const { world, job } = await stuckBehindGuess()
    await world.ports.db.run(stmt(`UPDATE chunks SET guess_count = ?2 WHERE job_id = ?1 AND k = 2`, job.id, LIMITS.guessesMax - 1))
    const read = () => Promise.reject(new AppError('storage_unavailable', 'away'))
    await deliver({ ...world, ports: { ...world.ports, store: { ...world.ports.store, read } } }, 'chunks', { v: 1, job: job.id, k: 2 })
    expect(world.sent).toEqual([{ queue: 'chunks', body: { v: 1, job: job.id, k: 1 } }])
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
  })

  it('all of whose chunks sleep is found by the tick', async () => {
    const { world, job } = await stuckBehindGuess()
    await world.ports.db.batch([
      stmt(`UPDATE chunks SET lease_until = NULL WHERE job_id = ?1`, job.id),
      stmt(`UPDATE jobs SET lease_until = NULL WHERE id = ?1`, job.id),
    ])
    await fireTick(world)
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
  })

  it('is put together in parts by several messages, and goes on where one was killed', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `somebody number ${i},${i % 100},"${'z'.repeat(150)}"\n`).join('')
    const csv = utf8(`name,age,note\n${rows}`)
    let kills = 2
    const MIB = 1024 * 1024
    const sizes = { ...SIZES, chunkBytesMin: 2 * MIB, partBytes: 5 * MIB, composeBytesMax: 5 * MIB }
    const world = await makeWorld(({ db }) => ({
      sizes,
      db: {
        ...db,
        batch: (all) =>
          all[0]?.sql.startsWith('UPDATE compositions SET parts_done') && kills-- > 0 ? Promise.reject(new Error('killed')) : db.batch(all),
      },
    }))
    const job = await run(world, csv, 'filter', { where: 'age >= 0' })
    expect([job.state, job.rows_out, job.chunks_total > 3]).toEqual(['succeeded', 60_000, true])
    const file = await fileNow(world, job.result_file!)
    expect([file.bytes, file.sha256]).toEqual([csv.length, null])
    expect(await contentOf(world, file.id)).toBe(textOf(csv))
    expect(await rowsOf(world, `SELECT * FROM compositions WHERE job_id = ?1`, job.id)).toEqual([])
  }, 30_000)
})

describe('an owner with many jobs', () => {
  it('has some of them under way, and each end lets the next one in', async () => {
    const world = await tinyWorld({ ...TINY, parallelPerOwner: 2 })
    const file = await storedFile(world, 'name,age\nAda,36\n', { autoAnalyse: false })
    const jobs = []
    for (let i = 0; i < 5; i++) jobs.push(await submit(world, file.id, 'count', { where: `age > ${i}` }))
    const plans = () => world.sent.filter(({ queue }) => queue === 'jobs').map(({ body }) => (body as { job: string }).job)
    expect(plans()).toEqual([jobs[0]!.id, jobs[1]!.id])
    await drain(world)
    for (const job of jobs) expect((await jobNow(world, job)).state).toBe('succeeded')
  })

  it('does not keep another owner from theirs', async () => {
    const world = await tinyWorld({ ...TINY, parallelPerOwner: 2 })
    const file = await storedFile(world, 'name,age\nAda,36\n', { autoAnalyse: false })
    for (let i = 0; i < 20; i++) await submit(world, file.id, 'count', { where: `age > ${i}` })
    const other = { ...world, owner: world.ports.ids.make('user') }
    await rowsOf(world, `INSERT INTO users (id, name, state, created_at) VALUES (?1, 'another', 'active', 1)`, other.owner)
    const theirs = await submit(other, (await storedFile(other, 'name,age\nBob,70\n', { autoAnalyse: false })).id, 'count', {})
    const order: string[] = []
    while ((await jobNow(world, theirs)).ended_at === null) {
      const { queue, body } = world.sent.shift()!
      if ((body as { kind?: string }).kind === 'finish') order.push((body as { job: string }).job)
      await deliver(world, queue, body as never)
    }
    expect(order.indexOf(theirs.id)).toBeLessThanOrEqual(2)
    await drain(world)
    expect(await rowsOf(world, `SELECT DISTINCT state FROM jobs WHERE owner_id = ?1`, world.owner)).toEqual([{ state: 'succeeded' }])
  })

  it('gets one job for one Idempotency-Key, also where that job has to wait', async () => {
    const world = await tinyWorld({ ...TINY, parallelPerOwner: 0 })
    const file = await storedFile(world, 'name,age\nAda,36\n', { autoAnalyse: false })
    const request = { operation: 'count', input: file.id, spec: {}, name: null, tags: [], customId: null, metadata: {}, expiresInMs: 1_000 }
    const entry = {
      owner: world.owner,
      route: 'POST /api/v1/jobs',
      key: 'once',
      fingerprint: 'f',
      status: 202,
      expiresAt: world.now() + 1_000,
    }
    const again = () => submitJob(world.ports, world.owner, request, 'r', (subject) => [insertIdempotencyIfChanged({ ...entry, subject })])
    const job = await again()
    expect(world.sent).toEqual([])
    expect(await findIdempotency(world.ports.db, entry)).toMatchObject({ subject: job.id })
    await expect(again()).rejects.toThrow(/constraint/i)
    expect(await rowsOf(world, `SELECT id FROM jobs WHERE owner_id = ?1`, world.owner)).toHaveLength(1)
  })
})
