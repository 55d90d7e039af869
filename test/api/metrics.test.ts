/** GET /metrics: who is told, what of the database it tells, and that asking it costs little. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { LogFields } from '../../shared/base/log.ts'
import { portsOf } from '../../shared/bindings.ts'
import { stmt } from '../../shared/db/db.ts'
import type { Ports } from '../../shared/ports.ts'
import { countStatements } from '../../shared/stats/metrics.sql.ts'
import { makeApp } from '../../workers/api/app.ts'
import type { ApiEnv } from '../../workers/api/env.ts'
import { newClient, ORIGIN, ports, problemOf, withoutRequest } from '../support/api-client.ts'
import { job } from '../support/api-make.ts'

const operator = await newClient(['admin'])
const user = await newClient()

/** The service at a time of its own, so that each test gathers anew. */
let hours = 0
const service = (change: (real: Ports) => Partial<Ports> = () => ({}), bindings: Partial<ApiEnv> = {}) => {
  let now = Date.now() + ++hours * 3_600_000
  const lines: [string, LogFields][] = []
  const log = (event: string, fields: LogFields) => void lines.push([event, fields])
  const app = makeApp((given) => {
    const real = portsOf(given)
    return { ...real, clock: { ...real.clock, now: () => now }, log: { info: log, warn: log, error: log }, ...change(real) }
  })
  return {
    lines,
    now: () => now,
    advance: (ms: number) => {
      now += ms
    },
    gather: async () => {
      const headers = { Authorization: `Bearer ${operator.key}` }
      const response = await app.request(`${ORIGIN}/api/v1/metrics`, { headers }, { ...env, ...bindings })
      const text = await response.text()
      const value = (name: string): number =>
        Number(new RegExp(`^${name.replace(/[{}"+]/g, '\\$&')} (.*)$`, 'm').exec(text)?.[1] ?? Number.NaN)
      return { status: response.status, type: response.headers.get('content-type'), text, value }
    },
  }
}

describe('the metrics', () => {
  it('are for those who look after the service', async () => {
    const answer = await service().gather()
    expect([answer.status, answer.type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    expect(problemOf(await operator.ask('GET', '/files'))).toBe('403 scope_missing')
  })

  it('are for a user not even there', async () => {
    const [refused, missing] = [await user.ask('GET', '/metrics'), await user.ask('GET', '/metrix')]
    expect(problemOf(refused)).toBe('404 route_not_found')
    expect(withoutRequest(refused)).toEqual(withoutRequest(missing))
  })

  it('tell what is in the database', async () => {
    const file = await user.upload('name,age\nada,36\n', '?name=secret.csv')
    const before = await service().gather()
    const world = service()
    const [running, admitted] = [await job(user, file, 'running'), await job(user, file, 'queued'), await job(user, file, 'queued')]
    await ports.db.batch([
      stmt(`UPDATE jobs SET admitted_at = ?2 WHERE id = ?1`, admitted, world.now() - 90_000),
      stmt(`UPDATE jobs SET chunks_total = 5, chunks_done = 2 WHERE id = ?1`, running),
      ...[
        [0, 'running', world.now() + 60_000],
        [1, 'waiting', world.now() + 50_000],
        [2, 'running', world.now() - 1],
      ].map(([k, state, lease]) =>
        stmt(
          `INSERT INTO chunks (job_id, k, state, range_start, range_end, lease_until) VALUES (?1, ?2, ?3, 0, 9, ?4)`,
          running,
          k!,
          state!,
          lease!,
        ),
      ),
      stmt(
        `INSERT INTO outbox (id, queue, body, due_at, created_at) VALUES ('out_1', 'chunks', '{}', ?1, ?2)`,
        world.now(),
        world.now() - 30_000,
      ),
      stmt(`INSERT INTO dead_letters (id, queue, message_id, body, created_at) VALUES ('dead_1', 'jobs', 'm', '{}', 1)`),
      stmt(`INSERT INTO dead_letters (id, queue, message_id, body, created_at, replayed_at) VALUES ('dead_2', 'jobs', 'n', '{}', 1, 2)`),
    ])
    const { value, text } = await world.gather()
    expect(value('list_cutter_jobs{state="queued"}')).toBe(before.value('list_cutter_jobs{state="queued"}') + 2)
    expect(value('list_cutter_jobs{state="running"}')).toBe(before.value('list_cutter_jobs{state="running"}') + 1)
    const turn = 'list_cutter_jobs_out_of_turn'
    expect(value(turn)).toBe(before.value(turn) + 2) // of the running one nothing says that it was admitted
    expect(['waiting', 'running', 'done'].map((state) => value(`list_cutter_chunks{state="${state}"}`))).toEqual([2, 1, 2])
    expect(['job', 'chunk', 'outbox'].map((of) => value(`list_cutter_oldest_age_seconds{of="${of}"}`))).toEqual([90, 10, 30])
    expect(value('list_cutter_outbox_messages{queue="chunks"}')).toBe(1)
    expect(value('list_cutter_dead_letters{queue="jobs"}')).toBe(1)
    expect(value('list_cutter_queue_messages{queue="jobs"}')).toBeGreaterThanOrEqual(0)
    for (const secret of ['secret.csv', user.id, file, running]) expect(text).not.toContain(secret)
  })

  it('of chunks that seem to wait although their job has ended tell nothing', async () => {
    const world = service()
    await ports.db.run(stmt(`UPDATE jobs SET state = 'canceled', ended_at = 2 WHERE state = 'running'`))
    expect((await world.gather()).value('list_cutter_oldest_age_seconds{of="chunk"}')).toBe(0)
  })
})

describe('gathering', () => {
  it('more often than each 15 seconds gets the same, and asks the database nothing', async () => {
    let batches = 0
    const counting = (real: Ports) => ({
      db: {
        ...real.db,
        batch: (statements: Parameters<typeof real.db.batch>[0]) => {
          batches++
          return real.db.batch(statements)
        },
      },
    })
    const world = service(counting)
    const first = await world.gather()
    await job(user, await user.upload('a,b\n1,2\n'), 'queued')
    world.advance(14_999)
    expect((await world.gather()).text).toBe(first.text)
    expect(batches).toBe(1)
    world.advance(1)
    expect((await world.gather()).value('list_cutter_jobs{state="queued"}')).toBe(first.value('list_cutter_jobs{state="queued"}') + 1)
    expect(batches).toBe(2)
  })

  it.each(['get', 'put'] as const)('works while the cache does not answer (%s)', async (broken) => {
    const fail = () => Promise.reject(new Error('429'))
    const world = service((real) => ({ cache: { ...real.cache, [broken]: fail } }))
    expect((await world.gather()).status).toBe(200)
    expect(world.lines.map(([event]) => event)).toContain('metrics.cache_failed')
  })

  it('leaves out a queue that does not answer, and says so in the log', async () => {
    const fail = () => Promise.reject(new Error('away'))
    const world = service(undefined, { JOBS: { metrics: fail } as unknown as Queue })
    const { status, text } = await world.gather()
    expect(status).toBe(200)
    expect(text).toMatch(/^list_cutter_queue_messages\{queue="chunks"\} \d+$/m)
    expect(text).not.toMatch(/^list_cutter_queue_messages\{queue="jobs"\}/m)
    expect(world.lines).toContainEqual(['metrics.queue_silent', { queue: 'jobs' }])
  })

  it('reads jobs and chunks by an index, never through the table', async () => {
    for (const { sql, params } of countStatements(Date.now())) {
      const plan = await ports.db.all<{ detail: string }>(stmt(`EXPLAIN QUERY PLAN ${sql}`, ...params))
      const scans = plan.map(({ detail }) => detail).filter((detail) => /^SCAN (jobs|chunks|dead_letters)\b/.test(detail))
      expect(
        scans.filter((detail) => !/USING (COVERING )?INDEX/.test(detail)),
        sql,
      ).toEqual([])
      expect(plan.length, sql).toBeGreaterThan(0)
    }
  })
})
