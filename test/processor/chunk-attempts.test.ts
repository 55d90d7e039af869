/** Why was my chunk tried again? What each try that came to nothing leaves, and what the log says of it. */
import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import type { LogFields } from '../../shared/base/log.ts'
import { SIZES } from '../../shared/base/sizes.ts'
import { claimChunk } from '../../shared/jobs/chunk.sql.ts'
import { chunkView, toldChunks } from '../../shared/jobs/chunk-view.ts'
import { cutChunk } from '../../shared/jobs/cut-chunk.ts'
import type { JobRow } from '../../shared/jobs/job.ts'
import type { Ports } from '../../shared/ports.ts'
import { deliver, drain, fireTick, jobNow, loseMessages, makeWorld, rowsOf, storedFile, submit, type World } from '../support/processor.ts'

/** The query of docs/operations.md. */
const WHY = `SELECT k, fence, guessed, outcome, error ->> '$.code' AS code, bytes_in, ended_at - started_at AS ms FROM chunk_attempts WHERE job_id = ?1 ORDER BY k, fence`

type Line = readonly [level: string, event: string, fields: LogFields]

/** A world whose log is kept; `failures`: so many reads of the input fail from when it is set. */
const begun = async (
  change: (real: Ports) => Partial<Ports> = () => ({}),
  { csv = 'name,age\nÁda,36\nBøb,70\n', where = "age > '60'" } = {},
) => {
  const lines: Line[] = []
  const broken = { reads: 0 }
  const world = await makeWorld((real) => ({
    store: {
      ...real.store,
      read: (...args) => (broken.reads-- > 0 ? Promise.reject(new Error('connection reset')) : real.store.read(...args)),
    },
    log: {
      info: (event, fields) => void lines.push(['info', event, fields]),
      warn: (event, fields) => void lines.push(['warn', event, fields]),
      error: (event, fields) => void lines.push(['error', event, fields]),
    },
    ...change(real),
  }))
  const { id } = await storedFile(world, csv, { autoAnalyse: false })
  const job = await submit(world, id, 'filter', { where })
  await deliver(world, 'jobs', { v: 1, kind: 'plan', job: job.id })
  const said = (event: string) => lines.filter(([, name, fields]) => name === event && fields.job === job.id).map(([, , fields]) => fields)
  return { world, job, broken, lines, said }
}

const chunk = (job: JobRow) => ({ v: 1, job: job.id, k: 0 }) as const
const why = (world: World, job: JobRow) => rowsOf<Record<string, unknown>>(world, WHY, job.id)

describe('a chunk', () => {
  it('that went well at once leaves nothing', async () => {
    const { world, job, said } = await begun()
    await drain(world)
    expect(await why(world, job)).toEqual([])
    expect(said('chunk.done')).toEqual([expect.objectContaining({ request: 'req-1', chunk: 0, fence: 1, attempt: 1 })])
  })

  it('that failed and was tried again says why', async () => {
    const { world, job, broken, said } = await begun()
    loseMessages(world)
    broken.reads = 1
    expect(await deliver(world, 'chunks', chunk(job))).toEqual({ acked: 0, retried: 1 })
    await deliver(world, 'chunks', chunk(job), 2)
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
    expect(await why(world, job)).toEqual([{ k: 0, fence: 1, guessed: 0, outcome: 'released', code: 'chunk_failed', bytes_in: 0, ms: 0 }])
    expect(said('attempt.failed')).toEqual([expect.objectContaining({ request: 'req-1', chunk: 0, fence: 1, attempt: 1, final: false })])
    expect(said('message.retried')).toEqual([expect.objectContaining({ queue: 'chunks', chunk: 0, delivery: 1 })])
  })

  it('that failed each time has a row for each try, and no more', async () => {
    const { world, job, broken, said } = await begun()
    loseMessages(world)
    broken.reads = Number.POSITIVE_INFINITY
    for (let i = 0; i < LIMITS.attemptsMax + 2; i++) await deliver(world, 'chunks', chunk(job))
    const rows = await why(world, job)
    expect(rows.map(({ fence, outcome }) => [fence, outcome])).toEqual([
      [1, 'released'],
      [2, 'released'],
      [3, 'released'],
      [4, 'released'],
      [5, 'failed'],
    ])
    expect(said('job.ended')).toEqual([
      expect.objectContaining({ request: 'req-1', state: 'failed', code: 'chunk_failed', operation: 'filter' }),
    ])
  })

  it('whose worker fell silent says so, when the tick finds it', async () => {
    const { world, job, said } = await begun()
    loseMessages(world)
    await claimChunk(world.ports.db, job.id, 0, world.now())
    world.advance(LIMITS.leaseMs + 1)
    await fireTick(world)
    expect(await why(world, job)).toEqual([
      { k: 0, fence: 1, guessed: 0, outcome: 'lost', code: null, bytes_in: 0, ms: LIMITS.leaseMs + 1 },
    ])
    expect(said('chunk.requeued')).toEqual([{ job: job.id, chunk: 0, request: 'req-1', was: 'running', fence: 1 }])
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
    expect(await why(world, job)).toHaveLength(1)
  })

  it('whose message was lost was not tried, and leaves nothing but a line', async () => {
    const { world, job, said } = await begun()
    loseMessages(world)
    world.advance(LIMITS.leaseMs + 1)
    await fireTick(world)
    await drain(world)
    expect(await why(world, job)).toEqual([])
    expect(said('chunk.requeued')).toEqual([{ job: job.id, chunk: 0, request: 'req-1', was: 'waiting', fence: 0 }])
  })

  it('whose worker fell silent and that was taken over says so', async () => {
    const { world, job } = await begun()
    loseMessages(world)
    await claimChunk(world.ports.db, job.id, 0, world.now())
    world.advance(LIMITS.leaseMs + 1)
    await deliver(world, 'chunks', chunk(job))
    expect((await why(world, job)).map(({ fence, outcome }) => [fence, outcome])).toEqual([[1, 'lost']])
  })

  it('whose worker was slow but was left its chunk leaves nothing', async () => {
    const { world, job } = await begun()
    loseMessages(world)
    const slow = (await claimChunk(world.ports.db, job.id, 0, world.now()))!
    world.advance(LIMITS.leaseMs + 1)
    await cutChunk(world.ports, slow)
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
    expect(await why(world, job)).toEqual([])
  })

  it('that had begun at a wrong guess says so', async () => {
    // Within its quotes the first cell looks like a list of its own.
    const csv = `name,age\n"${'p,9\n'.repeat(21)}",70\n${'bob,80\n'.repeat(8)}`
    const { world, job } = await begun(() => ({ sizes: { ...SIZES, chunkBytesMin: 32, guessBytes: 16, recordBytesMax: 128 } }), { csv })
    world.sent.reverse() // the leftmost last: all others have to guess
    await drain(world)
    const ended = await jobNow(world, job)
    expect(ended).toMatchObject({ state: 'succeeded', rows_in: 9, rows_out: 9 })
    const rows = await why(world, job)
    expect(rows.length).toBeGreaterThan(0)
    expect(new Set(rows.map(({ outcome, guessed }) => `${outcome} ${guessed}`))).toEqual(new Set(['void 1']))
    const told = (await toldChunks(world.ports.db, world.owner, job.id, 0, 1_000)).map(chunkView)
    expect(told).toHaveLength(ended.chunks_total)
    const wrong = told.filter(({ attempts }) => attempts.length > 0)
    expect(wrong.map(({ chunk: k }) => k)).toEqual(rows.map(({ k }) => k))
    expect(
      wrong.every(
        ({ state, attempt, guesses, first_line_at }) => state === 'done' && attempt === 1 && guesses === 1 && first_line_at !== null,
      ),
    ).toBe(true)
  })
})

describe('the log', () => {
  it('follows one request through every step, and holds nothing of the list', async () => {
    const { world, job, broken, lines } = await begun()
    loseMessages(world)
    broken.reads = 1
    await deliver(world, 'chunks', chunk(job))
    await deliver(world, 'chunks', chunk(job))
    await drain(world)
    const steps = lines.filter(([, , { request }]) => request === 'req-1').map(([, event]) => event)
    expect(steps).toEqual(['job.planned', 'attempt.failed', 'chunk.done', 'job.ended'])
    expect(lines.filter(([, , fields]) => fields.job === job.id && fields.request === undefined).map(([, event]) => event)).toEqual([
      'message.crashed',
      'message.retried',
    ])
    // No id and no etag has these letters.
    for (const secret of ['Áda', 'Bøb', "'60'", 'people.csv']) expect(JSON.stringify(lines)).not.toContain(secret)
  })

  it('says once how a job ended, whoever ended it', async () => {
    const { world, job, said } = await begun()
    loseMessages(world)
    world.advance(LIMITS.jobExpiresMs)
    await fireTick(world)
    await fireTick(world)
    expect(said('job.ended')).toEqual([expect.objectContaining({ request: 'req-1', state: 'expired', code: 'job_expired' })])
    expect((await jobNow(world, job)).state).toBe('expired')
  })
})
