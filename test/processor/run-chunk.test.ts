import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { AppError } from '../../shared/base/errors.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { claimChunk } from '../../shared/jobs/chunk.sql.ts'
import { cutChunk } from '../../shared/jobs/cut-chunk.ts'
import { requestCancel } from '../../shared/jobs/job.sql.ts'
import type { JobRow } from '../../shared/jobs/job.ts'
import type { Ports } from '../../shared/ports.ts'
import {
  contentOf,
  deliver,
  drain,
  eventsOf,
  fireTick,
  jobNow,
  loseMessages,
  makeWorld,
  rowsOf,
  storedFile,
  submit,
  type World,
} from '../support/processor.ts'

const PEOPLE = 'name,age\nAda,36\nBob,70\n'
const chunk = (job: JobRow) => ({ v: 1, job: job.id, k: 0 }) as const

/** A job that is planned and whose chunk waits; its message is not on the way. */
const planned = async (world: World, csv: string | Uint8Array = PEOPLE): Promise<JobRow> => {
  const file = await storedFile(world, csv, { autoAnalyse: false })
  const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
  await deliver(world, 'jobs', { v: 1, kind: 'plan', job: job.id })
  loseMessages(world)
  return job
}

const chunkRow = async (world: World, job: JobRow) =>
  (
    await rowsOf<{ state: string; fence: number; attempt_count: number; bytes_in: number; rows_in: number }>(
      world,
      `SELECT * FROM chunks WHERE job_id = ?1`,
      job.id,
    )
  )[0]!

const objectsOf = async (world: World): Promise<string[]> => {
  const { objects } = await env.BUCKET.list({ prefix: `files/${world.owner}/` })
  return objects.map(({ key }) => key)
}

/** Ports whose input stream runs `between` after its first block. */
const interrupted =
  (between: (ports: Ports) => Promise<void>) =>
  (ports: Ports): Partial<Ports> => {
    let isDone = false
    const sleep = async () => {
      if (isDone) return
      isDone = true
      await between(ports)
    }
    return { clock: { ...ports.clock, sleep } }
  }

/** Larger than what a pass reads before it lets others run. */
const LARGE = utf8(`name,age\n${'somebody with a long name,77\n'.repeat(200_000)}`)

describe('a chunk', () => {
  it('is run, committed, and its job finished', async () => {
    const world = await makeWorld()
    const job = await planned(world)
    await deliver(world, 'chunks', chunk(job))
    expect((await chunkRow(world, job)).state).toBe('done')
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
  })

  it('that is the only one keeps no state of where a limit has come to', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE, { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { limit: 1 })
    await deliver(world, 'jobs', { v: 1, kind: 'plan', job: job.id })
    await deliver(world, 'chunks', chunk(job))
    expect((await chunkRow(world, job)).state).toBe('done')
    expect((await env.BUCKET.list({ prefix: `work/${job.id}/` })).objects).toEqual([])
  })

  it('delivered twice counts once', async () => {
    const world = await makeWorld()
    const job = await planned(world)
    await deliver(world, 'chunks', chunk(job))
    const before = await chunkRow(world, job)
    expect(await deliver(world, 'chunks', chunk(job))).toEqual({ acked: 1, retried: 0 })
    expect(await chunkRow(world, job)).toEqual(before)
    expect((await jobNow(world, job)).chunks_done).toBe(1)
  })

  it('that someone holds is left to its holder', async () => {
    const world = await makeWorld()
    const job = await planned(world)
    await claimChunk(world.ports.db, job.id, 0, world.now())
    expect(await deliver(world, 'chunks', chunk(job))).toEqual({ acked: 1, retried: 0 })
    expect(await chunkRow(world, job)).toMatchObject({ state: 'running', fence: 1 })
  })

  it('whose holder died is run again after its lease, once', async () => {
    const world = await makeWorld()
    const job = await planned(world)
    await claimChunk(world.ports.db, job.id, 0, world.now())
    await fireTick(world)
    expect(world.sent.filter(({ queue }) => queue === 'chunks')).toEqual([])
    loseMessages(world)
    world.advance(LIMITS.leaseMs + 1)
    await fireTick(world)
    await drain(world)
    expect(await chunkRow(world, job)).toMatchObject({ state: 'done', fence: 2, attempt_count: 2 })
    const done = await jobNow(world, job)
    expect([done.state, await contentOf(world, done.result_file!)]).toEqual(['succeeded', 'name,age\nBob,70\n'])
  })

  it('that was paused past its lease changes nothing when it wakes up', async () => {
    const world = await makeWorld()
    const job = await planned(world)
    const slow = (await claimChunk(world.ports.db, job.id, 0, world.now()))!
    world.advance(LIMITS.leaseMs + 1)
    await deliver(world, 'chunks', chunk(job))
    await drain(world)
    const before = [await jobNow(world, job), await chunkRow(world, job), await objectsOf(world)]
    await expect(cutChunk(world.ports, slow)).rejects.toThrow()
    loseMessages(world)
    expect([await jobNow(world, job), await chunkRow(world, job), await objectsOf(world)]).toEqual(before)
  })

  it('whose message is lost is found by the tick', async () => {
    const world = await makeWorld()
    const job = await planned(world)
    world.advance(LIMITS.leaseMs + 1)
    await fireTick(world)
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
  })

  it('that crashes between writing and committing leaves nothing that counts', async () => {
    let crashes = 1
    const world = await makeWorld(({ db }) => ({
      db: {
        ...db,
        batch: (all) => (all[0]?.sql.includes("SET state = 'done'") && crashes-- > 0 ? Promise.reject(new Error('killed')) : db.batch(all)),
      },
    }))
    const job = await planned(world)
    expect(await deliver(world, 'chunks', chunk(job))).toEqual({ acked: 0, retried: 1 })
    expect((await jobNow(world, job)).chunks_done).toBe(0)
    await deliver(world, 'chunks', chunk(job))
    await drain(world)
    const done = await jobNow(world, job)
    expect([done.state, done.rows_out]).toEqual(['succeeded', 1])
    expect(await rowsOf(world, `SELECT id FROM files WHERE owner_id = ?1`, world.owner)).toHaveLength(2)
  })

  it('that fails after its output was published takes it back', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'a,b\n1,2\n3\n', { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'a > 0', ragged: 'reject' })
    await deliver(world, 'jobs', { v: 1, kind: 'plan', job: job.id })
    loseMessages(world)
    const before = await objectsOf(world)
    let puts = 0
    const put: Ports['store']['put'] = (...args) => (++puts === 2 ? Promise.reject(new Error('full')) : world.ports.store.put(...args))
    const broken: World = { ...world, ports: { ...world.ports, store: { ...world.ports.store, put } } }
    expect((await deliver(broken, 'chunks', chunk(job))).retried).toBe(1)
    expect(await objectsOf(world)).toEqual(before)
    await deliver(world, 'chunks', chunk(job))
    await drain(world)
    expect(await jobNow(world, job)).toMatchObject({ state: 'succeeded', rows_out: 1, rows_rejected: 1 })
  })

  it('that fails every time fails its job, and says where', async () => {
    const world = await makeWorld()
    const job = await planned(world)
    const broken: World = {
      ...world,
      ports: { ...world.ports, store: { ...world.ports.store, read: () => Promise.reject(new Error('poison')) } },
    }
    for (let i = 1; i < LIMITS.attemptsMax; i++) expect((await deliver(broken, 'chunks', chunk(job))).retried).toBe(1)
    expect(await deliver(broken, 'chunks', chunk(job))).toEqual({ acked: 1, retried: 0 })
    const failed = await jobNow(world, job)
    expect([failed.state, JSON.parse(failed.error!)]).toMatchObject(['failed', { code: 'chunk_failed', chunk: 0 }])
    expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.failed'])
  })

  it('whose worker dies every time fails its job too', async () => {
    const world = await makeWorld()
    const job = await planned(world)
    for (let i = 0; i < LIMITS.attemptsMax; i++) {
      expect(await claimChunk(world.ports.db, job.id, 0, world.now())).not.toBeNull()
      world.advance(LIMITS.leaseMs + 1)
    }
    await fireTick(world)
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('failed')
  })

  it('whose input comes short is tried again, not cut off', async () => {
    let isShort = true
    const world = await makeWorld(({ store }) => ({
      store: {
        ...store,
        read: (key, etag, range) => {
          const cut = isShort && range && range.offset > 0 ? { ...range, length: range.length - 3 } : range
          return store.read(key, etag, cut)
        },
      },
    }))
    const job = await planned(world)
    expect(await deliver(world, 'chunks', chunk(job))).toEqual({ acked: 0, retried: 1 })
    isShort = false
    await deliver(world, 'chunks', chunk(job))
    await drain(world)
    expect((await jobNow(world, job)).rows_in).toBe(2)
  })

  it('while the database is overloaded is given back', async () => {
    let isBusy = false
    const world = await makeWorld(({ db }) => ({
      db: { ...db, batch: (all) => (isBusy ? Promise.reject(new AppError('overloaded', 'busy')) : db.batch(all)) },
    }))
    const job = await planned(world)
    isBusy = true
    expect((await deliver(world, 'chunks', chunk(job))).retried).toBe(1)
    isBusy = false
    world.advance(LIMITS.leaseMs + 1)
    await deliver(world, 'chunks', chunk(job))
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
  })
})

describe('a chunk at its last try', () => {
  const lastTry = (world: World, job: JobRow) =>
    rowsOf(world, `UPDATE chunks SET attempt_count = ${LIMITS.attemptsMax - 1} WHERE job_id = ?1`, job.id)

  it('whose commit nobody answers for is done all the same', async () => {
    let isLost = false
    const world = await makeWorld(({ db }) => ({
      db: {
        ...db,
        batch: async (all) => {
          const done = await db.batch(all)
          if (isLost || !all[0]?.sql.includes("SET state = 'done'")) return done
          isLost = true
          throw new AppError('overloaded', 'the connection broke')
        },
      },
    }))
    const job = await planned(world)
    await lastTry(world, job)
    await deliver(world, 'chunks', chunk(job))
    expect([isLost, (await chunkRow(world, job)).state, (await jobNow(world, job)).state]).toEqual([true, 'done', 'running'])
    world.advance(LIMITS.relayAfterMs + 1)
    await fireTick(world)
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
  })

  it('that fails when someone else has taken over fails nothing', async () => {
    const world = await makeWorld()
    const job = await planned(world, LARGE)
    const overtake = interrupted(async () => {
      world.advance(LIMITS.leaseMs + 1)
      await claimChunk(world.ports.db, job.id, 0, world.now())
      throw new AppError('output_too_large', 'It would be final.')
    })
    await deliver({ ...world, ports: { ...world.ports, ...overtake(world.ports) } }, 'chunks', chunk(job))
    expect([(await jobNow(world, job)).state, await chunkRow(world, job)]).toEqual([
      'running',
      expect.objectContaining({ fence: 2, state: 'running' }),
    ])
  })
})

describe('a long chunk', () => {
  it('writes progress with its signs of life, and its lease lasts', async () => {
    let seen: unknown
    const world = await makeWorld()
    const job = await planned(world, LARGE)
    const ports = { ...world.ports, ...interrupted(async () => world.advance(LIMITS.firstBeatMs))(world.ports) }
    const batch: Ports['db']['batch'] = async (all) => {
      if (all[0]?.sql.includes("SET state = 'done'")) seen = await chunkRow(world, job)
      return ports.db.batch(all)
    }
    const watching: World = { ...world, ports: { ...ports, db: { ...ports.db, batch } } }
    await deliver(watching, 'chunks', chunk(job))
    expect(seen).toMatchObject({ state: 'running', lease_until: world.now() + LIMITS.leaseMs })
    expect((seen as { bytes_in: number }).bytes_in).toBeGreaterThan(1_000_000)
    expect((seen as { bytes_in: number }).bytes_in).toBeLessThan(LARGE.length)
    await drain(world)
    expect((await jobNow(world, job)).rows_in).toBe(200_000)
  })

  it.each<[string, number, string]>([
    ['less than its lease', LIMITS.silenceMs - 1, 'succeeded'],
    ['too long', LIMITS.silenceMs, 'running'],
  ])('whose signs of life nobody answers for %s', async (_, silentMs, state) => {
    let isSilent = false
    const world = await makeWorld()
    const job = await planned(world, LARGE)
    const silence = interrupted(async () => {
      isSilent = true
      world.advance(silentMs)
    })(world.ports)
    const first: Ports['db']['first'] = async (statement) => {
      if (!isSilent || !statement.sql.includes('AS job_state')) return world.ports.db.first(statement)
      isSilent = false
      throw new AppError('overloaded', 'busy')
    }
    const ports = { ...world.ports, ...silence, db: { ...world.ports.db, first } }
    const { retried } = await deliver({ ...world, ports }, 'chunks', chunk(job))
    await drain(world)
    expect([retried, (await jobNow(world, job)).state]).toEqual([state === 'running' ? 1 : 0, state])
  })

  it('stops in the middle when its job is canceled, and leaves nothing', async () => {
    const world = await makeWorld()
    const job = await planned(world, LARGE)
    const before = await objectsOf(world)
    const cancel = interrupted(async () => {
      await world.ports.db.run(requestCancel(world.owner, job.id, world.now()))
      world.advance(LIMITS.cancelPollMs)
    })
    await deliver({ ...world, ports: { ...world.ports, ...cancel(world.ports) } }, 'chunks', chunk(job))
    expect((await jobNow(world, job)).state).toBe('canceled')
    expect((await chunkRow(world, job)).state).toBe('canceled')
    expect(await objectsOf(world)).toEqual(before)
    expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.canceled'])
  })

  it('stops when someone else has taken over, and leaves the other alone', async () => {
    const world = await makeWorld()
    const job = await planned(world, LARGE)
    const overtake = interrupted(async () => {
      world.advance(LIMITS.leaseMs + 1)
      await claimChunk(world.ports.db, job.id, 0, world.now())
    })
    expect(await deliver({ ...world, ports: { ...world.ports, ...overtake(world.ports) } }, 'chunks', chunk(job))).toEqual({
      acked: 1,
      retried: 0,
    })
    expect(await chunkRow(world, job)).toMatchObject({ state: 'running', fence: 2 })
  })
})
