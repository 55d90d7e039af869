/** What the service stands on is unwell: an answer of 503 that says when to come back, never 500, and nothing half made. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { portsOf } from '../../shared/bindings.ts'
import { stmt } from '../../shared/db/db.ts'
import { makeApp } from '../../workers/api/app.ts'
import type { ApiEnv } from '../../workers/api/env.ts'
import { type Client, newClient, ORIGIN, ports } from '../support/api-client.ts'
import { count, ids, objects, profile, settle } from '../support/api-make.ts'

const SHED = 'D1_ERROR: D1 DB is overloaded. Too many requests queued.'
const LOST = 'D1_ERROR: Network connection lost.'
const BUSY = 'Reduce your concurrent request rate for the same object. (10058)'
const BROKEN = 'We encountered an internal error. Please try again. (10001)'
const CSV = 'name,age\nAda,36\nBob,70\n'

type Turn = () => void
/** A turn that fails so often. */
const failing = (message: string, times = Number.POSITIVE_INFINITY): Turn => {
  let left = times
  return () => {
    if (left-- > 0) throw new Error(message)
  }
}

/** The real database; each question that `isMeant` takes its turn first. */
const database = (turn: Turn, isMeant: (sql: string) => boolean): D1Database => {
  const wrap = (statement: D1PreparedStatement, sql: string): D1PreparedStatement =>
    new Proxy(statement, {
      get: (target, name) => {
        if (name === 'bind') return (...values: unknown[]) => wrap(target.bind(...values), sql)
        if (name === 'sql') return sql
        if (name === 'inner') return target
        return async (...args: unknown[]) => {
          if (isMeant(sql)) turn()
          return (target[name as 'all'] as (...args: unknown[]) => Promise<unknown>)(...args)
        }
      },
    })
  return {
    prepare: (sql: string) => wrap(env.DB.prepare(sql), sql),
    batch: async (statements: (D1PreparedStatement & { sql: string; inner: D1PreparedStatement })[]) => {
      if (statements.some(({ sql }) => isMeant(sql))) turn()
      return env.DB.batch(statements.map(({ inner }) => inner))
    },
  } as unknown as D1Database
}

/** The real bucket, whose calls of these names take their turn first. */
const bucket = (turn: Turn, names: readonly string[]): R2Bucket =>
  new Proxy(env.BUCKET, {
    get:
      (target, name) =>
      async (...args: unknown[]) => {
        if (names.includes(String(name))) turn()
        return (target[name as 'get'] as unknown as (...args: unknown[]) => Promise<unknown>)(...args)
      },
  })

const asked = async (client: Client, part: Partial<ApiEnv>, method: string, path: string, init: RequestInit = {}) => {
  const headers = { Authorization: `Bearer ${client.key}`, 'Content-Type': 'application/json', ...init.headers }
  const response = await makeApp(portsOf).request(`${ORIGIN}/api/v1${path}`, { method, ...init, headers }, { ...env, ...part })
  const text = await response.text()
  return {
    status: response.status,
    code: response.status < 400 ? null : (JSON.parse(text) as { code: string }).code,
    retryAfter: Number(response.headers.get('retry-after')),
    text,
  }
}

const busy = (code: string) => ({ status: 503, code, retryAfter: 2 })
const job = (input: string): RequestInit => ({ body: JSON.stringify({ operation: 'filter', input, spec: { where: 'age > 60' } }) })
const csv: RequestInit = { body: CSV, headers: { 'Content-Type': 'text/csv' } }

/** What can be asked about a file, and the body that goes with it. */
const QUESTIONS: readonly (readonly [string, string, (file: string) => RequestInit])[] = [
  ['GET', '/files', () => ({})],
  ['GET', '/files/{file}', () => ({})],
  ['GET', '/files/{file}/content', () => ({})],
  ['GET', '/files/{file}/rows', () => ({})],
  ['GET', '/files/{file}/lineage', () => ({})],
  ['DELETE', '/files/{file}', () => ({})],
  ['POST', '/files', () => csv],
  ['POST', '/uploads', () => ({ body: JSON.stringify({ name: 'a.csv' }) })],
  ['POST', '/jobs', job],
  ['GET', '/jobs', () => ({})],
]

describe('while the database', () => {
  it.each(QUESTIONS.flatMap((question) => [SHED, LOST].map((message) => [...question, message] as const)))(
    'fails, %s %s is answered 503 (%#)',
    async (method, path, init, message) => {
      const me = await newClient()
      const file = await me.upload(CSV)
      await settle(me, file)
      const DB = database(failing(message), (sql) => !sql.includes('api_keys'))
      expect(await asked(me, { DB }, method, path.replace('{file}', file), init(file))).toMatchObject(busy('overloaded'))
      expect([await count(me, 'files'), await count(me, 'jobs'), await count(me, 'uploads')]).toEqual([1, 0, 0])
      expect(await objects(me)).toHaveLength(1)
    },
  )

  it('fails even for the key, the answer is 503 and not that the key is wrong', async () => {
    const me = await newClient()
    expect(await asked(me, { DB: database(failing(LOST), () => true) }, 'GET', '/files')).toMatchObject(busy('overloaded'))
  })

  it('sheds load for a moment, nobody notices', async () => {
    const me = await newClient()
    const file = await me.upload(CSV)
    const DB = database(failing(SHED, 2), (sql) => sql.includes('INSERT INTO jobs'))
    expect(await asked(me, { DB }, 'POST', '/jobs', job(file))).toMatchObject({ status: 202 })
    expect(await count(me, 'jobs')).toBe(1)
  })
})

/** The real database, which commits batches that hold this text and loses its answer, the first time. `thenAway`: nor does it answer afterwards. */
const losing = (text: string, thenAway = false): D1Database => {
  let isLost = false
  const away = (): void => {
    if (isLost && thenAway) throw new Error(LOST)
  }
  const real = database(away, () => true)
  return new Proxy(real, {
    get: (target, name) =>
      name !== 'batch'
        ? target[name as 'prepare']
        : async (statements: (D1PreparedStatement & { sql: string })[]) => {
            const done = await target.batch(statements)
            if (isLost || !statements.some(({ sql }) => sql.includes(text))) return done
            isLost = true
            throw new Error(LOST)
          },
  })
}

describe('a commit that nobody answers for', () => {
  it('is read again: the job is there, once', async () => {
    const me = await newClient()
    const file = await me.upload(CSV)
    expect(await asked(me, { DB: losing('INTO jobs') }, 'POST', '/jobs', job(file))).toMatchObject({ status: 202 })
    expect(await count(me, 'jobs')).toBe(1)
  })

  it('where nobody can read either is 503, and the same job when it is asked for again', async () => {
    const me = await newClient()
    const file = await me.upload(CSV)
    const submit = { ...job(file), headers: { 'Idempotency-Key': ids.make('job') } }
    expect(await asked(me, { DB: losing('INTO jobs', true) }, 'POST', '/jobs', submit)).toMatchObject(busy('overloaded'))
    expect(await asked(me, {}, 'POST', '/jobs', submit)).toMatchObject({ status: 202 })
    expect(await count(me, 'jobs')).toBe(1)
  })

  it.each([false, true])(
    'leaves an upload that takes its parts (and is told of again, if the database goes away: %s)',
    async (thenAway) => {
      const me = await newClient()
      const begin = { body: JSON.stringify({ name: 'a.csv' }), headers: { 'Idempotency-Key': ids.make('up') } }
      const first = await asked(me, { DB: losing('INTO uploads', thenAway) }, 'POST', '/uploads', begin)
      expect(first).toMatchObject(thenAway ? busy('overloaded') : { status: 201 })
      const { text } = thenAway ? await asked(me, {}, 'POST', '/uploads', begin) : first
      const { id } = JSON.parse(text) as { id: string }
      expect((await me.ask('PUT', `/uploads/${id}/parts/1`, { body: CSV })).status).toBe(200)
      expect((await me.ask('POST', `/uploads/${id}/complete`)).status).toBe(200)
      expect([await count(me, 'uploads'), await count(me, 'files'), (await objects(me)).length]).toEqual([1, 1, 1])
    },
  )

  it('is read again: the file is there, whole', async () => {
    const me = await newClient()
    const DB = losing("SET state = 'stored'")
    expect(await asked(me, { DB }, 'POST', '/files', csv)).toMatchObject({ status: 201 })
    expect([await count(me, 'files'), (await objects(me)).length]).toEqual([1, 1])
  })
})

describe('while the storage', () => {
  it.each([BUSY, BROKEN])('refuses to write (%s), a file is answered 503 and not made', async (message) => {
    const me = await newClient()
    const BUCKET = bucket(failing(message), ['put'])
    expect(await asked(me, { BUCKET }, 'POST', '/files', csv)).toMatchObject(busy('storage_unavailable'))
    expect([await count(me, 'files'), await objects(me)]).toEqual([0, []])
  })

  it.each([BUSY, BROKEN])('fails a few times (%s), a file is made once', async (message) => {
    const me = await newClient()
    const BUCKET = bucket(failing(message, 2), ['put'])
    expect(await asked(me, { BUCKET }, 'POST', '/files', csv)).toMatchObject({ status: 201 })
    expect([await count(me, 'files'), (await objects(me)).length]).toEqual([1, 1])
  })

  it.each([
    ['/content', 'get'],
    ['/rows', 'get'],
  ])('does not read, GET %s is answered 503', async (path, name) => {
    const me = await newClient()
    const file = await me.upload(CSV)
    await settle(me, file)
    const BUCKET = bucket(failing(BROKEN), [name])
    expect(await asked(me, { BUCKET }, 'GET', `/files/${file}${path}`)).toMatchObject(busy('storage_unavailable'))
  })

  it('breaks off in the middle of an object, a preview is answered 503', async () => {
    const me = await newClient()
    const file = await me.upload(CSV)
    await settle(me, file)
    const body = new ReadableStream({
      type: 'bytes',
      start: (controller) => controller.enqueue(new TextEncoder().encode('name,age\nA')),
      pull: (controller) => controller.error(new Error('the connection was reset')),
    })
    const BUCKET = new Proxy(env.BUCKET, { get: () => async () => ({ body }) })
    expect(await asked(me, { BUCKET }, 'GET', `/files/${file}/rows`)).toMatchObject(busy('storage_unavailable'))
  })
})

describe('while the queues take nothing', () => {
  const away = { send: async () => Promise.reject(new Error('Queue send failed: Too Many Requests')) } as unknown as Queue

  it('a job is submitted all the same: its message waits in the outbox', async () => {
    const me = await newClient()
    const file = await me.upload(CSV)
    const answer = await asked(me, { JOBS: away }, 'POST', '/jobs', job(file))
    expect(answer.status).toBe(202)
    const { id } = JSON.parse(answer.text) as { id: string }
    expect(await ports.db.all(stmt(`SELECT queue FROM outbox WHERE body LIKE '%' || ?1 || '%'`, id))).toEqual([{ queue: 'jobs' }])
  })

  it('a file whose storage event they should carry is answered 503 and not made', async () => {
    const me = await newClient()
    expect(await asked(me, { FILE_EVENTS: away }, 'POST', '/files', csv)).toMatchObject(busy('overloaded'))
    expect([await count(me, 'files'), await objects(me)]).toEqual([0, []])
  })
})

it('without its cache a profile is read from the bucket', async () => {
  const me = await newClient()
  const file = await me.upload(CSV)
  await settle(me, file)
  await profile(me, file, { version: 2 })
  const broken = async () => {
    throw new Error('KV GET failed: 500 Internal Server Error')
  }
  const CACHE = { get: broken, put: broken } as unknown as KVNamespace
  expect(await asked(me, { CACHE }, 'GET', `/files/${file}/profile`)).toMatchObject({ status: 200, text: '{"version":2}' })
})
