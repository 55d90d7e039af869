import { mkdtempSync, openAsBlob, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../shared/base/clock.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { type Ask, ClientError, makeHttp } from '../../shared/client/http.ts'
import { type Answer, json, stubApi } from '../support/stub-api.ts'

let stub: Awaited<ReturnType<typeof stubApi>>
const pauses: number[] = []
const clock: Clock = { now: () => 0, sleep: (ms) => Promise.resolve(void pauses.push(ms)) }

const client = async (answer: Answer, signal?: AbortSignal) => {
  stub = await stubApi(answer)
  pauses.length = 0
  return makeHttp({ url: stub.url, key: 'lc_live_x', clock, ...(signal ? { signal } : {}) })
}

afterEach(() => stub.close())

const failure = (work: Promise<unknown>): Promise<ClientError> =>
  work.then(
    () => Promise.reject(new Error('it succeeded')),
    (error: ClientError) => error,
  )

describe('a request', () => {
  it('carries the key, the query without what was not given, and JSON', async () => {
    const http = await client((_, response) => json(response, 200, { ok: true }))
    await http.json('/api/v1/jobs', { method: 'POST', json: { a: 1 }, query: { name: 'ä b', none: undefined } })
    expect(stub.seen[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/jobs?name=%C3%A4+b',
      headers: { authorization: 'Bearer lc_live_x', 'content-type': 'application/json' },
    })
    expect(Buffer.from(stub.seen[0]?.body ?? []).toString()).toBe('{"a":1}')
  })

  it('that is refused throws the problem with its code, sentence and members', async () => {
    const problem = { type: 'x', title: 'T', status: 422, code: 'clause_invalid', detail: 'Not so.', at: 3, length: 2 }
    const http = await client((_, response) => json(response, 422, problem))
    const error = await failure(http.json('/x', { method: 'POST', json: {} }))
    expect(error).toBeInstanceOf(ClientError)
    expect(error).toMatchObject({ code: 'clause_invalid', status: 422, detail: 'Not so.', members: { at: 3, length: 2 } })
    expect(stub.seen).toHaveLength(1)
  })

  it('that is answered by something else throws with the status', async () => {
    const http = await client((_, response) => response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>oops'))
    expect(await failure(http.json('/x'))).toMatchObject({ code: 'http_500', status: 500 })
  })
})

const UNWELL = { code: 'overloaded', detail: 'Busy.' }
const TIMES = LIMITS.clientTriesMax

describe('a service that is unwell', () => {
  it.each<[string, Ask, number]>([
    ['a GET', {}, TIMES],
    ['a PUT', { method: 'PUT' }, TIMES],
    ['a DELETE', { method: 'DELETE' }, TIMES],
    ['a POST', { method: 'POST' }, 1],
    ['a POST with an Idempotency-Key', { method: 'POST', headers: { 'idempotency-key': 'k' } }, TIMES],
    ['a POST that may be repeated when refused', { method: 'POST', isRepeatable: 'when_refused' }, TIMES],
  ])('is asked again by %s only where twice is once', async (_, ask, times) => {
    const http = await client((_, response) => json(response, 503, UNWELL))
    expect(await failure(http.json('/x', ask))).toMatchObject({ code: 'overloaded' })
    expect(stub.seen).toHaveLength(times)
  })

  it.each<[string, Ask, number]>([
    ['a GET', {}, TIMES],
    ['a POST', { method: 'POST' }, 1],
    ['a POST that may be repeated when refused', { method: 'POST', isRepeatable: 'when_refused' }, 1],
  ])('or breaks the connection is asked again by %s only where twice is once', async (_, ask, times) => {
    const http = await client((_, response) => response.destroy())
    expect(await failure(http.json('/x', ask))).toMatchObject({ code: 'unreachable', status: 0 })
    expect(stub.seen).toHaveLength(times)
  })

  it('gets longer pauses, at least as long as it asks for and never longer than the limit', async () => {
    const after = ['0', '0', '3', '3600']
    const http = await client((_, response, nth) =>
      nth > after.length ? json(response, 200, { nth }) : json(response, 503, UNWELL, { 'retry-after': after[nth - 1] ?? '' }),
    )
    expect(await http.json('/x')).toEqual({ nth: 5 })
    expect(pauses).toEqual([LIMITS.clientPauseMs, 2 * LIMITS.clientPauseMs, 3_000, LIMITS.clientPauseMsMax])
  })
})

describe('a list on disk', () => {
  it('that changes while it is sent is named as the reason, and is not sent again', async () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'http-')), 'list.csv')
    writeFileSync(file, 'a\n1\n')
    const body = await openAsBlob(file)
    writeFileSync(file, 'a\n1\n2\n')
    const http = await client((_, response) => json(response, 200, {}))
    expect(await failure(http.json('/x', { method: 'PUT', body }))).toMatchObject({ code: 'source_unreadable' })
    expect(pauses).toEqual([])
  })
})

describe('a client that was aborted', () => {
  it('asks nothing more, but still clears up', async () => {
    const stop = new AbortController()
    const http = await client((_, response) => json(response, 200, {}), stop.signal)
    stop.abort(new Error('enough'))
    await expect(http.json('/x')).rejects.toThrow('enough')
    await http.json('/y', { method: 'DELETE', isCleanup: true })
    expect(stub.seen.map(({ path }) => path)).toEqual(['/y'])
  })
})
