/** What holds for every request: its id, the headers of every answer, paths and methods that are not there, JSON bodies. */
import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { type Answer, ask, newClient, problemOf, streamed } from '../support/api-client.ts'

const me = await newClient()
const file = await me.upload('a,b\n1,2\n')

describe('the id of a request', () => {
  it('is the one that the client gave', async () => {
    expect((await ask('GET', '/health', { headers: { 'X-Request-Id': 'my-request.1:a' } })).headers.get('x-request-id')).toBe(
      'my-request.1:a',
    )
  })

  it.each(['', 'with space', '<script>', '-begins', 'x'.repeat(129)])('is a new one instead of %j', async (said) => {
    expect((await ask('GET', '/health', { headers: { 'X-Request-Id': said } })).headers.get('x-request-id')).toMatch(/^req_[0-9a-z]{26}$/)
  })

  it('is in the problem', async () => {
    const answer = await me.ask('GET', '/files/file_x', { headers: { 'X-Request-Id': 'abc' } })
    expect(answer.json).toMatchObject({ request_id: 'abc', instance: 'urn:list-cutter:request:abc' })
  })
})

describe('every answer tells browsers to keep out', () => {
  it.each<[string, () => Promise<Answer>]>([
    ['JSON', () => me.ask('GET', '/files')],
    ['bytes', () => me.ask('GET', `/files/${file}/content`)],
    ['nothing', () => me.ask('HEAD', '/files')],
    ['a problem of ours', () => me.ask('GET', '/files/file_x')],
    ['no key', () => ask('GET', '/files')],
    ['no such path', () => ask('GET', '/nothing')],
    ['no such method', () => ask('PUT', '/files')],
    ['outside of the API', () => ask('GET', '/api/')],
  ])('%s', async (_, get) => {
    const { headers } = await get()
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers.get('cache-control')).toMatch(/^no-store$|^private/)
    expect(headers.get('x-request-id')).not.toBeNull()
  })
})

describe('a path', () => {
  it.each(['/nothing', '/files/x/y/z', '/api/', '/api/v2/files'])('%s is not there', async (path) => {
    expect(problemOf(await me.ask('GET', path))).toBe('404 route_not_found')
  })

  it.each([
    ['PUT', '/files', 'GET, HEAD, POST'],
    ['POST', `/files/${file}`, 'DELETE, GET, HEAD, PATCH'],
    ['DELETE', `/files/${file}/content`, 'GET, HEAD'],
    ['GET', '/filters/check', 'POST'],
    ['OPTIONS', '/files', 'GET, HEAD, POST'],
  ])('does not answer to %s %s, and says to what it does', async (method, path, allow) => {
    const answer = await me.ask(method, path)
    expect(problemOf(answer)).toBe('405 method_not_allowed')
    expect(answer.headers.get('allow')!.split(', ').sort().join(', ')).toBe(allow)
  })

  it('that answers GET answers HEAD', async () => {
    for (const path of ['/health', '/files', `/files/${file}`]) expect(await me.ask('HEAD', path)).toMatchObject({ status: 200, text: '' })
  })

  it('may end with a slash', async () => expect((await me.ask('GET', '/files/')).status).toBe(200))

  it.each(['job_01jd1v7m8e7cqx3s5n2f9k4t6w', 'file_', 'file_01JD1V7M8E7CQX3S5N2F9K4T6W', 'x', '..%2f..', '%00'])(
    'with %s where a file belongs is of another kind',
    async (id) => {
      expect(problemOf(await me.ask('GET', `/files/${id}`))).toBe('400 id_kind')
    },
  )

  it('does not take a query it does not know', async () => {
    expect(problemOf(await me.ask('GET', `/files/${file}?verbose=1`))).toBe('400 query_invalid')
    expect(problemOf(await me.ask('GET', `/files/${file}?toString=1`))).toBe('400 query_invalid')
  })
})

describe('a JSON body', () => {
  const post = (body: BodyInit, type: string | null = 'application/json') =>
    me.ask('POST', '/filters/check', { body, headers: type === null ? {} : { 'Content-Type': type } })
  const right = '{"where":"a = 1","columns":["a"]}'

  it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/merge-patch+json'])('may come as %s', async (type) => {
    expect((await post(right, type)).json).toMatchObject({ ok: true })
  })

  it.each<[string, BodyInit, string | null, string]>([
    ['of another type', right, 'text/plain', '400 json_invalid'],
    ['of a form', right, 'application/x-www-form-urlencoded', '400 json_invalid'],
    ['that is empty', '', 'application/json', '400 json_invalid'],
    ['that is broken', right.slice(1), 'application/json', '400 json_invalid'],
    ['that is a list', '[]', 'application/json', '400 json_invalid'],
    ['that is null', 'null', 'application/json', '400 json_invalid'],
    ['that is a text', '"a"', 'application/json', '400 json_invalid'],
    ['that is not UTF-8', Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'application/json', '400 json_invalid'],
    ['that goes too deep', '['.repeat(30_000), 'application/json', '400 json_invalid'],
    ['that is too large', `{"where":"${'x'.repeat(LIMITS.jsonBytesMax)}"}`, 'application/json', '413 body_too_large'],
    ['with a prototype', '{"where":"a = 1","columns":["a"],"__proto__":{"x":1}}', 'application/json', '422 field_unknown'],
  ])('%s is refused', async (_, body, type, expected) => expect(problemOf(await post(body, type))).toBe(expected))

  it('that is too large is refused though its length is not known', async () => {
    const pieces = Array.from({ length: 70 }, () => ' '.repeat(1024))
    expect(problemOf(await post(streamed(...pieces, right)))).toBe('413 body_too_large')
  })

  it('names every field that is wrong', async () => {
    const answer = await post('{"where":1,"columns":["a",2],"colour":"red"}')
    expect(problemOf(answer)).toBe('422 field_unknown')
    expect(answer.json.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`).sort()).toEqual([
      '/colour field_unknown',
      '/columns/1 field_invalid',
      '/where field_invalid',
    ])
  })
})
