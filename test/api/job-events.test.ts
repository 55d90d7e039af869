/** GET /jobs/{id}/events: what a page that follows a job hears, in which order, and when it ends. The clock is virtual: ten minutes pass in no time. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import type { LogFields } from '../../shared/base/log.ts'
import { portsOf } from '../../shared/bindings.ts'
import { stmt } from '../../shared/db/db.ts'
import type { Ports } from '../../shared/ports.ts'
import { makeApp } from '../../workers/api/app.ts'
import { type Client, MISSING, newClient, ORIGIN, ports } from '../support/api-client.ts'
import { job } from '../support/api-make.ts'

interface Told {
  readonly event?: string
  readonly id?: string
  readonly retry?: string
  readonly comment?: string
  readonly data?: { rev: number; state: string; progress: Record<string, number | null>; links: Record<string, string | null> }
}

/** One block of an event stream. */
const blockOf = (text: string): Told =>
  Object.fromEntries(
    text.split('\n').map((line) => {
      const [, name, value] = /^(\w*): (.*)$/.exec(line)!
      return name === '' ? ['comment', value] : [name!, name === 'data' ? JSON.parse(value!) : value]
    }),
  )

class Listening {
  readonly status: number
  readonly headers: Headers
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  #rest = ''

  constructor(response: Response) {
    this.status = response.status
    this.headers = response.headers
    this.#reader = response.body?.getReader()
  }

  /** The next block; null: the stream has ended. */
  async next(): Promise<Told | null> {
    for (;;) {
      const end = this.#rest.indexOf('\n\n')
      if (end >= 0) {
        const block = this.#rest.slice(0, end)
        this.#rest = this.#rest.slice(end + 2)
        return blockOf(block)
      }
      const { done, value } = await this.#reader!.read()
      if (done) return null
      this.#rest += new TextDecoder().decode(value)
    }
  }

  async all(): Promise<Told[]> {
    const told: Told[] = []
    for (let one = await this.next(); one; one = await this.next()) told.push(one)
    return told
  }

  cancel = (): Promise<void> => this.#reader!.cancel()
}

/** A service whose time passes only while it sleeps; `each` happens at every second of it. */
const service = (client: Client, each: (second: number) => Promise<void> = async () => {}) => {
  let now = Date.now()
  const from = now
  const asked: string[] = []
  const lines: [string, LogFields][] = []
  const world = {
    asked,
    lines,
    failAt: Number.POSITIVE_INFINITY,
    seconds: () => (now - from) / 1000,
    listen: async (id: string, headers: Record<string, string> = {}, method = 'GET') => {
      const init = { method, headers: { Authorization: `Bearer ${client.key}`, ...headers } }
      return new Listening(await app.request(`${ORIGIN}/api/v1/jobs/${id}/events`, init, env))
    },
  }
  const app = makeApp((bindings): Ports => {
    const real = portsOf(bindings)
    const log = (event: string, fields: LogFields) => void lines.push([event, fields])
    return {
      ...real,
      log: { info: log, warn: log, error: log },
      db: {
        ...real.db,
        first: (statement) => {
          if (/FROM jobs/.test(statement.sql)) asked.push(statement.sql)
          if (asked.length > world.failAt) throw new Error('the database is away')
          return real.db.first(statement)
        },
      },
      clock: {
        now: () => now,
        sleep: async (ms) => {
          now += ms
          await each((now - from) / 1000)
          await new Promise((done) => setTimeout(done, 0))
        },
      },
    }
  })
  return world
}

const begun = async (): Promise<{ client: Client; id: string }> => {
  const client = await newClient()
  const file = await client.upload('name,age\nada,36\n')
  return { client, id: await job(client, file, 'running') }
}

const change = (id: string) => ports.db.run(stmt(`UPDATE jobs SET rev = rev + 1 WHERE id = ?1`, id))
const end = (id: string) =>
  ports.db.run(stmt(`UPDATE jobs SET state = 'canceled', ended_at = ?2, rev = rev + 1 WHERE id = ?1`, id, Date.now()))

const events = (told: readonly Told[]) => told.flatMap(({ event, id, data }) => (event ? [[event, id, data?.rev, data?.state]] : []))

describe('who follows a job', () => {
  it('hears how it stands, each change, and its end; then it is over', async () => {
    const { client, id } = await begun()
    const world = service(client, async (second) => {
      if (second === 2 || second === 3) await change(id)
      if (second === 5) await end(id)
    })
    const listening = await world.listen(id)
    expect([listening.status, listening.headers.get('content-type'), listening.headers.get('cache-control')]).toEqual([
      200,
      'text/event-stream',
      'no-store',
    ])
    const told = await listening.all()
    expect(told[0]).toEqual({ retry: '3000' })
    expect(events(told)).toEqual([
      ['job.updated', '1', 1, 'running'],
      ['job.updated', '2', 2, 'running'],
      ['job.updated', '3', 3, 'running'],
      ['job.updated', '4', 4, 'canceled'],
    ])
    expect(world.lines.filter(([event]) => event === 'events.ended')).toEqual([
      ['events.ended', { request: expect.stringMatching(/^req_/), job: id, end: 'ended', ms: 5000 }],
    ])
  })

  it('is told what GET /jobs/{id} says', async () => {
    const { client, id } = await begun()
    await end(id)
    const [, told] = await (await service(client).listen(id)).all()
    const { json } = await client.ask('GET', `/jobs/${id}`)
    expect(told?.data).toEqual(json)
    expect(json.links.events).toBe(`/api/v1/jobs/${id}/events`)
  })

  it('hears changes of one second as one, the newest', async () => {
    const { client, id } = await begun()
    const world = service(client, async (second) => {
      if (second === 1) for (let i = 0; i < 5; i++) await change(id)
      if (second === 2) await end(id)
    })
    expect(events(await (await world.listen(id)).all()).map(([, rev]) => rev)).toEqual(['1', '6', '7'])
  })

  it('hears every 15 seconds that the stream lives', async () => {
    const { client, id } = await begun()
    const world = service(client, async (second) => {
      if (second === 32) await change(id)
      if (second === 50) await end(id)
    })
    const told = await (await world.listen(id)).all()
    expect(told.map(({ retry, id: rev, comment }) => retry ?? rev ?? comment)).toEqual([
      '3000',
      '1',
      'still there', // at 15
      'still there', // at 30
      '2',
      'still there', // at 47
      '3',
    ])
  })
})

describe('who comes back', () => {
  it('is not told again what they saw, and is told what they missed', async () => {
    const { client, id } = await begun()
    for (let i = 0; i < 3; i++) await change(id)
    const follow = async (seen: string) => {
      const world = service(client, async () => void (await end(id)))
      return events(await (await world.listen(id, { 'Last-Event-ID': seen })).all()).map(([, rev]) => rev)
    }
    expect(await follow('4')).toEqual(['5'])
  })

  it.each([['2'], ['nonsense'], ['-1'], [''], ['99999999999999999999']])('with %j hears how it stands now', async (seen) => {
    const { client, id } = await begun()
    for (let i = 0; i < 3; i++) await change(id)
    const world = service(client, async () => void (await end(id)))
    expect(events(await (await world.listen(id, { 'Last-Event-ID': seen })).all()).map(([, rev]) => rev)).toEqual(['4', '5'])
  })

  it('after the end that they saw is told not to come back, and one who missed it is told it', async () => {
    const { client, id } = await begun()
    await end(id)
    const world = service(client)
    expect((await world.listen(id, { 'Last-Event-ID': '2' })).status).toBe(204)
    expect(events(await (await world.listen(id, { 'Last-Event-ID': '1' })).all())).toEqual([['job.updated', '2', 2, 'canceled']])
    expect(events(await (await world.listen(id)).all())).toEqual([['job.updated', '2', 2, 'canceled']])
  })
})

describe('a stream', () => {
  it('is over after ten minutes, says so, and has asked the database less than 1,000 times; the next one goes on', async () => {
    const { client, id } = await begun()
    const world = service(client)
    const told = await (await world.listen(id)).all()
    expect(world.seconds()).toBe(600)
    expect(events(told)).toHaveLength(1)
    expect(told.slice(-2)).toEqual([{ comment: expect.stringContaining('Last-Event-ID') }, { retry: '1000' }])
    expect(world.asked.length).toBeGreaterThan(590)
    expect(world.asked.length).toBeLessThanOrEqual(602)
    await end(id)
    expect(events(await (await world.listen(id, { 'Last-Event-ID': '1' })).all())).toEqual([['job.updated', '2', 2, 'canceled']])
  })

  it('that nobody reads any more asks nothing', async () => {
    const { client, id } = await begun()
    const world = service(client)
    const listening = await world.listen(id)
    expect(await listening.next()).toEqual({ retry: '3000' })
    await listening.cancel()
    const whenCancelled = world.asked.length
    await expect.poll(() => world.lines.map(([event]) => event)).toContain('events.ended')
    expect(world.lines.find(([event]) => event === 'events.ended')?.[1]).toMatchObject({ end: 'gone' })
    expect(world.asked.length - whenCancelled).toBeLessThanOrEqual(1)
  })

  it('whose database fails ends, tells nobody why, and can be gone on with', async () => {
    const { client, id } = await begun()
    const world = service(client)
    world.failAt = 3
    const told = await (await world.listen(id)).all()
    expect(JSON.stringify(told)).not.toContain('away')
    expect(events(told)).toHaveLength(1)
    expect(world.lines.find(([event]) => event === 'events.broken')?.[1]).toEqual({
      request: expect.any(String),
      job: id,
      code: 'internal',
    })
    world.failAt = Number.POSITIVE_INFINITY
    await end(id)
    expect(events(await (await world.listen(id, { 'Last-Event-ID': '1' })).all())).toEqual([['job.updated', '2', 2, 'canceled']])
  })

  it('asked for with HEAD is its head, and is not followed', async () => {
    const { client, id } = await begun()
    const world = service(client)
    const head = await world.listen(id, {}, 'HEAD')
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    expect(world.asked).toHaveLength(1)
  })

  it("of another's job is as of none", async () => {
    const { id } = await begun()
    const other = await newClient()
    const plain = ({ json }: Awaited<ReturnType<typeof other.ask>>) => ({ ...json, request_id: '', instance: '' })
    const [theirs, missing] = [await other.ask('GET', `/jobs/${id}/events`), await other.ask('GET', `/jobs/job_${MISSING}/events`)]
    expect(theirs.status).toBe(404)
    expect(plain(theirs)).toEqual(plain(missing))
  })
})
