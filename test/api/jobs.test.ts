import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { portsOf } from '../../shared/bindings.ts'
import { stmt } from '../../shared/db/db.ts'
import { makeApp } from '../../workers/api/app.ts'
import { ask, type Client, MISSING, newClient, ORIGIN, ports } from '../support/api-client.ts'

const CSV = 'name,age\nAda,36\nBob,70\n'
const filter = (input: string, where = 'age > 60', more: object = {}) => ({
  json: { operation: 'filter', input, spec: { where }, ...more },
})

/** A file whose columns are known, as its storage event would leave it. */
const readyFile = async (client: Client): Promise<string> => {
  const id = await client.upload(CSV)
  const dialect = {
    delimiter: ',',
    quote: '"',
    escape: '"',
    newline: 'lf',
    line_end: '\n',
    header: true,
    encoding: 'utf-8',
    bom: false,
    header_end: 9,
  }
  await ports.db.run(
    stmt(
      `UPDATE files SET state = 'ready', dialect = ?2, columns = '["name","age"]' WHERE id = ?1 AND state = 'stored'`,
      id,
      JSON.stringify(dialect),
    ),
  )
  return id
}

const end = (id: string, state = 'canceled') =>
  ports.db.run(stmt(`UPDATE jobs SET state = ?3, ended_at = ?2, rev = rev + 1 WHERE id = ?1`, id, Date.now(), state))

describe('POST /jobs', () => {
  it('queues a job and says where to ask', async () => {
    const client = await newClient()
    const file = await readyFile(client)
    const answer = await client.ask(
      'POST',
      '/jobs',
      filter(file, "age>60 and name<>'x'", { custom_id: 'mine', metadata: { a: 'b' }, tags: ['x'], name: '../r.csv' }),
    )
    expect(answer.status).toBe(202)
    expect(answer.headers.get('location')).toBe(`/api/v1/jobs/${answer.json.id}`)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(answer.json).toMatchObject({
      object: 'job',
      state: 'queued',
      operation: 'filter',
      name: 'r.csv',
      input: { file, bytes: CSV.length },
      spec: { where: "age > 60 AND name <> 'x'", ragged: 'keep' },
      custom_id: 'mine',
      metadata: { a: 'b' },
      tags: ['x'],
      result: null,
      error: null,
      progress: { chunks_total: 0, rows_in: 0, bytes_total: CSV.length },
    })
    const { n } = (await ports.db.first<{ n: number }>(stmt(`SELECT count(*) AS n FROM outbox`)))!
    expect(n).toBe(0)
  })

  it('takes the input as a list of one', async () => {
    const client = await newClient()
    const file = await readyFile(client)
    expect((await client.ask('POST', '/jobs', { json: { operation: 'analyse', input: [file] } })).status).toBe(202)
    expect((await client.ask('POST', '/jobs', { json: { operation: 'analyse', input: [file, file] } })).json).toMatchObject({
      status: 422,
      code: 'field_invalid',
    })
  })

  it('with the same Idempotency-Key makes one job and gives the same answer', async () => {
    const client = await newClient()
    const file = await readyFile(client)
    const send = () => client.ask('POST', '/jobs', { ...filter(file), headers: { 'Idempotency-Key': '"once"' } })
    const answers = await Promise.all([send(), send(), send(), send(), send()])
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1)
    expect(answers.every(({ status }) => status === 202)).toBe(true)
    expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(4)
    expect((await client.ask('GET', '/jobs')).json.data).toHaveLength(1)
  })

  it('replayed says so, also where the answer waits', async () => {
    const client = await newClient()
    const file = await readyFile(client)
    const headers = { 'Idempotency-Key': 'once', Prefer: 'wait=0' }
    const replayed = async () => (await client.ask('POST', '/jobs', { ...filter(file), headers })).headers.get('idempotent-replayed')
    expect([await replayed(), await replayed()]).toEqual([null, 'true'])
  })

  it('with the same Idempotency-Key and another body is refused', async () => {
    const client = await newClient()
    const file = await readyFile(client)
    const headers = { 'Idempotency-Key': 'k' }
    await client.ask('POST', '/jobs', { ...filter(file), headers })
    expect((await client.ask('POST', '/jobs', { ...filter(file, 'age > 61'), headers })).json).toMatchObject({
      status: 422,
      code: 'idempotency_mismatch',
    })
  })

  it('that failed does not use its Idempotency-Key up', async () => {
    const client = await newClient()
    const file = await readyFile(client)
    const headers = { 'Idempotency-Key': 'k' }
    expect((await client.ask('POST', '/jobs', { ...filter(file, 'agee > 1'), headers })).status).toBe(422)
    expect((await client.ask('POST', '/jobs', { ...filter(file, 'age > 1'), headers })).status).toBe(202)
  })

  const WRONG: readonly [string, object, number, string, object][] = [
    ['an operation that there is not', { operation: 'sort' }, 422, 'field_invalid', {}],
    ['a clause that breaks off', { spec: { where: 'age >' } }, 422, 'clause_invalid', { at: 5, clause: 'age >' }],
    ['a column that there is not', { spec: { where: 'agee > 60' } }, 422, 'column_unknown', { suggestion: 'age', at: 0, length: 4 }],
    ['types that do not fit', { spec: { where: "age > 60 AND DATE '2024-01-01' > 5" } }, 422, 'type_mismatch', {}],
    ['a specification that asks for nothing', { spec: { ragged: 'keep' } }, 422, 'field_invalid', { errors: [{ pointer: '/spec/where' }] }],
    ['an unknown field', { speck: 1 }, 422, 'field_unknown', {}],
    ['an unknown field of the specification', { spec: { where: 'age > 1', limits: 3 } }, 422, 'field_unknown', {}],
    [
      'a misspelt field, before the one that is missing for it',
      { spec: { wher: 'age > 1' } },
      422,
      'field_unknown',
      { detail: '/spec/wher: This field is not known here.' },
    ],
    [
      'a column of the output that there is not',
      { spec: { columns: ['name', 'agee'] } },
      422,
      'column_unknown',
      { detail: 'There is no column "agee". Did you mean "age"?', suggestion: 'age', errors: [{ pointer: '/spec/columns/1' }] },
    ],
    ['two columns of one name', { spec: { columns: ['age', 'AGE'] } }, 422, 'field_invalid', { errors: [{ pointer: '/spec/columns/1' }] }],
    ['a sample of nothing', { spec: { sample: { rate: 0 } } }, 422, 'field_invalid', { errors: [{ pointer: '/spec/sample/rate' }] }],
    ['a limit below zero', { spec: { limit: -1 } }, 422, 'field_invalid', { errors: [{ pointer: '/spec/limit' }] }],
    ['a dialect for NDJSON', { spec: { format: 'ndjson', output_dialect: { bom: true } } }, 422, 'field_invalid', {}],
    ['a formula guard for JSON', { spec: { format: 'arrays', formula_guard: true } }, 422, 'field_invalid', {}],
    ['one character for two things', { spec: { output_dialect: { delimiter: '"' } } }, 422, 'dialect_invalid', {}],
    ['an encoding that does not exist', { spec: { where: 'age > 1', dialect: { encoding: 'klingon' } } }, 422, 'encoding_unknown', {}],
    [
      'a comment that is the delimiter',
      { spec: { where: 'age > 1', dialect: { delimiter: '#', comment: '#' } } },
      422,
      'dialect_invalid',
      {},
    ],
    ['a dialect that cannot be', { spec: { where: 'age > 1', dialect: { delimiter: '"' } } }, 422, 'dialect_invalid', {}],
    ['an id of another kind', { input: `job_${MISSING}` }, 400, 'id_kind', {}],
    ['a file that there is not', { input: `file_${MISSING}` }, 404, 'file_not_found', {}],
    ['a time that is too long', { expires_in_s: 8 * 86_400 }, 422, 'field_invalid', {}],
  ]

  it.each(WRONG)('refuses %s', async (_, change, status, code, more) => {
    const client = await newClient()
    const file = await readyFile(client)
    const answer = await client.ask('POST', '/jobs', { json: { ...filter(file).json, ...change } })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.json).toMatchObject({ status, code, ...more })
    expect((await client.ask('GET', '/jobs')).json.data).toEqual([])
  })

  it("answers the same for another's file as for one that there is not", async () => {
    const [one, other] = [await newClient(), await newClient()]
    const theirs = await other.ask('POST', '/jobs', filter(await readyFile(one)))
    const missing = await other.ask('POST', '/jobs', filter(`file_${MISSING}`))
    const plain = ({ json }: typeof theirs) => ({ ...json, request_id: '', instance: '' })
    expect(plain(theirs)).toEqual(plain(missing))
  })

  it('needs a key, and one that may run jobs', async () => {
    const reader = await newClient(['files:read', 'files:write'])
    const file = await reader.upload(CSV)
    expect((await ask('POST', '/jobs', filter(file))).status).toBe(401)
    expect((await reader.ask('POST', '/jobs', filter(file))).json).toMatchObject({ status: 403, code: 'scope_missing' })
  })

  it('waits where it is asked to, and says so', async () => {
    const client = await newClient()
    const file = await readyFile(client)
    const answer = await client.ask('POST', '/jobs', { ...filter(file), headers: { Prefer: 'wait=1' } })
    expect([answer.status, answer.headers.get('preference-applied'), answer.json.state]).toEqual([202, 'wait=1', 'queued'])
    const unknown = await client.ask('POST', '/jobs', { ...filter(file), headers: { Prefer: 'handling=lenient' } })
    expect([unknown.status, unknown.headers.get('preference-applied')]).toEqual([202, null])
  })
})

describe('GET /jobs/{id}', () => {
  const submitted = async (client: Client): Promise<string> => (await client.ask('POST', '/jobs', filter(await readyFile(client)))).json.id

  it('shows the job with its revision, and 304 while nothing has changed', async () => {
    const client = await newClient()
    const id = await submitted(client)
    const first = await client.ask('GET', `/jobs/${id}`)
    expect([first.status, first.headers.get('etag'), first.headers.get('retry-after')]).toEqual([200, '"r1"', '1'])
    const again = await client.ask('GET', `/jobs/${id}`, { headers: { 'If-None-Match': '"r1"' } })
    expect([again.status, again.text]).toEqual([304, ''])
  })

  it('shows how far its chunks are, every row accounted for: those that are joined, and the next one; not what began at a guess', async () => {
    const client = await newClient()
    const id = await submitted(client)
    const columns = 'job_id, k, state, range_start, range_end, start_at, bytes_in, rows_in, rows_out, rows_rejected'
    const running = (k: number, startAt: number | null) =>
      stmt(`INSERT INTO chunks (${columns}) VALUES (?1, ?2, 'running', 0, 9, ?3, 1000, 50, 20, 3)`, id, String(k), startAt)
    await ports.db.batch([running(0, 0), running(1, 9), running(2, null), stmt(`UPDATE jobs SET joined = 1 WHERE id = ?1`, id)])
    expect((await client.ask('GET', `/jobs/${id}`)).json.progress).toMatchObject({
      bytes_in: 2000,
      rows_in: 100,
      rows_out: 40,
      rows_filtered: 54,
      rows_rejected: 6,
    })
  })

  it('waits for the end where it is asked to', async () => {
    const client = await newClient()
    const id = await submitted(client)
    const waiting = client.ask('GET', `/jobs/${id}`, { headers: { Prefer: 'wait=20' } })
    await new Promise((done) => setTimeout(done, 300))
    await end(id)
    const answer = await waiting
    expect([answer.json.state, answer.headers.get('retry-after'), answer.headers.get('preference-applied')]).toEqual([
      'canceled',
      null,
      'wait=20',
    ])
  })

  it('waits for any change where the revision is named', async () => {
    const client = await newClient()
    const id = await submitted(client)
    const headers = { Prefer: 'wait=20', 'If-None-Match': '"r1"' }
    const waiting = client.ask('GET', `/jobs/${id}`, { headers })
    await new Promise((done) => setTimeout(done, 300))
    await ports.db.run(stmt(`UPDATE jobs SET rev = rev + 1 WHERE id = ?1`, id))
    expect((await waiting).headers.get('etag')).toBe('"r2"')
    expect((await client.ask('GET', `/jobs/${id}`, { headers })).status).toBe(200)
  })

  it('waits 25 seconds at most, with few looks at the job', async () => {
    const client = await newClient()
    const id = await submitted(client)
    let [now, looks] = [Date.now(), 0]
    const from = now
    const app = makeApp((bindings) => {
      const real = portsOf(bindings)
      const first: typeof real.db.first = (statement) => {
        if (/FROM jobs/.test(statement.sql)) looks++
        return real.db.first(statement)
      }
      const sleep = async (ms: number) => {
        now += ms
      }
      return { ...real, db: { ...real.db, first }, clock: { now: () => now, sleep } }
    })
    const headers = { Authorization: `Bearer ${client.key}`, Prefer: 'wait=600', 'If-None-Match': '"r1"' }
    const answer = await app.request(`${ORIGIN}/api/v1/jobs/${id}`, { headers }, env)
    expect([answer.status, answer.headers.get('preference-applied'), now - from]).toEqual([304, 'wait=25', 25_000])
    expect(looks).toBeGreaterThan(25)
    expect(looks).toBeLessThan(35)
  })

  it("is the same for another's job as for none", async () => {
    const [one, other] = [await newClient(), await newClient()]
    const theirs = await other.ask('GET', `/jobs/${await submitted(one)}`)
    const missing = await other.ask('GET', `/jobs/job_${MISSING}`)
    expect(theirs.status).toBe(404)
    expect({ ...theirs.json, request_id: '', instance: '' }).toEqual({ ...missing.json, request_id: '', instance: '' })
    expect((await one.ask('GET', `/jobs/file_${MISSING}`)).json.code).toBe('id_kind')
  })
})

describe('GET /jobs', () => {
  it('lists newest first in pages, by state, operation and file', async () => {
    const client = await newClient()
    const [a, b] = [await readyFile(client), await readyFile(client)]
    const ids: string[] = []
    for (const file of [a, a, b]) ids.push((await client.ask('POST', '/jobs', filter(file))).json.id)
    await end(ids[0]!)
    const list = async (query: string) => (await client.ask('GET', `/jobs${query}`)).json
    const shown = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id)
    const first = await list('?page_size=2')
    expect(shown(first)).toEqual([ids[2], ids[1]])
    const second = await list(`?page_size=2&cursor=${first.next_cursor}`)
    expect([shown(second), second.next_cursor]).toEqual([[ids[0]], undefined])
    expect(shown(await list('?state=canceled'))).toEqual([ids[0]])
    expect(shown(await list(`?file=${b}`))).toEqual([ids[2]])
    expect(shown(await list('?operation=analyse'))).toEqual([])
    expect((await list(`?state=queued&cursor=${first.next_cursor}`)).code).toBe('cursor_invalid')
    expect((await list('?state=sleeping')).code).toBe('query_invalid')
  })

  it("never shows another's", async () => {
    const [one, other] = [await newClient(), await newClient()]
    await one.ask('POST', '/jobs', filter(await readyFile(one)))
    expect((await other.ask('GET', '/jobs')).json.data).toEqual([])
  })
})

describe('POST /jobs/{id}/cancel', () => {
  it('ends a queued job at once, and again changes nothing', async () => {
    const client = await newClient()
    const { id } = (await client.ask('POST', '/jobs', filter(await readyFile(client)))).json
    const answer = await client.ask('POST', `/jobs/${id}/cancel`)
    expect([answer.status, answer.json.state, answer.json.links.cancel]).toEqual([200, 'canceled', null])
    expect((await client.ask('POST', `/jobs/${id}/cancel`)).json.rev).toBe(answer.json.rev)
  })

  it('of a job that is worked on is accepted', async () => {
    const client = await newClient()
    const { id } = (await client.ask('POST', '/jobs', filter(await readyFile(client)))).json
    await ports.db.run(stmt(`UPDATE jobs SET state = 'running', lease_until = ?2 WHERE id = ?1`, id, Date.now() + 60_000))
    const answer = await client.ask('POST', `/jobs/${id}/cancel`)
    expect([answer.status, answer.json.state]).toEqual([202, 'canceling'])
  })

  it("of another's job is as of none", async () => {
    const [one, other] = [await newClient(), await newClient()]
    const { id } = (await one.ask('POST', '/jobs', filter(await readyFile(one)))).json
    expect((await other.ask('POST', `/jobs/${id}/cancel`)).status).toBe(404)
    expect((await one.ask('GET', `/jobs/${id}`)).json.state).toBe('queued')
  })
})

it('DELETE /files/{id} while a job uses the file is refused, naming the job', async () => {
  const client = await newClient()
  const file = await readyFile(client)
  const { id } = (await client.ask('POST', '/jobs', filter(file))).json
  const refused = await client.ask('DELETE', `/files/${file}`)
  expect(refused.json).toMatchObject({ status: 409, code: 'file_in_use' })
  expect(JSON.stringify(refused.json)).toContain(id)
  await client.ask('POST', `/jobs/${id}/cancel`)
  expect((await client.ask('DELETE', `/files/${file}`)).status).toBe(204)
})
