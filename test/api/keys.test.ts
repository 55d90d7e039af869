/** Who gets in: keys in both headers, and every way they can be wrong. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { makeApiKey } from '../../shared/auth/api-key.ts'
import { systemRandom } from '../../shared/base/random.ts'
import { portsOf } from '../../shared/bindings.ts'
import { stmt } from '../../shared/db/db.ts'
import { makeApp } from '../../workers/api/app.ts'
import { ask, newClient, ORIGIN, ports, problemOf } from '../support/api-client.ts'

const me = await newClient()
const get = (headers: Record<string, string>) => ask('GET', '/files', { headers })

describe('a key gets in', () => {
  it.each([
    ['as a bearer', { Authorization: `Bearer ${me.key}` }],
    ['as a bearer in any case', { authorization: `bEARER   ${me.key}` }],
    ['in its own header', { 'X-API-Key': me.key }],
  ])('%s', async (_, headers) => expect((await get(headers)).status).toBe(200))
})

const changed = (key: string) => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')

describe('nobody gets in', () => {
  it.each<[string, Record<string, string>, string]>([
    ['without a key', {}, '401 key_missing'],
    ['with an empty header', { Authorization: '' }, '401 key_missing'],
    ['with another scheme', { Authorization: `Basic ${btoa(`x:${me.key}`)}` }, '401 key_invalid'],
    ['with a scheme only', { Authorization: 'Bearer' }, '401 key_invalid'],
    ['with a key without its scheme', { Authorization: me.key }, '401 key_invalid'],
    ['with something that is no key', { Authorization: 'Bearer hello' }, '401 key_invalid'],
    ['with a typo', { Authorization: `Bearer ${changed(me.key)}` }, '401 key_invalid'],
    ['with a well-formed key of nobody', { Authorization: `Bearer ${makeApiKey(systemRandom).text}` }, '401 key_invalid'],
    ['with two headers, even of one key', { Authorization: `Bearer ${me.key}`, 'X-API-Key': me.key }, '400 credentials_twice'],
    ['with two keys in one header', { Authorization: `Bearer ${me.key}, Bearer ${me.key}` }, '400 credentials_twice'],
  ])('%s', async (_, headers, expected) => {
    const answer = await get(headers)
    expect(problemOf(answer)).toBe(expected)
    if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /)
  })

  it('with a key in the address', async () => {
    expect(problemOf(await ask('GET', `/files?key=${me.key}`))).toBe('401 key_missing')
    expect(problemOf(await me.ask('GET', `/files?api_key=${me.key}`))).toBe('400 query_invalid')
  })

  it.each([
    ['revoked', `UPDATE api_keys SET revoked_at = 1 WHERE owner_id = ?1`],
    ['expired', `UPDATE api_keys SET expires_at = 1 WHERE owner_id = ?1`],
    ['of a disabled user', `UPDATE users SET state = 'disabled' WHERE id = ?1`],
    ['whose secret is another', `UPDATE api_keys SET secret_hmac = 'x' || substr(secret_hmac, 2) WHERE owner_id = ?1`],
  ])('with a key that is %s, and all are told the same', async (_, sql) => {
    const client = await newClient()
    await ports.db.run(stmt(sql, client.id))
    const answer = await client.ask('GET', '/files')
    expect(problemOf(answer)).toBe('401 key_invalid')
    expect(answer.json.detail).toBe((await get({ Authorization: 'Bearer hello' })).json.detail)
  })

  it('with a key whose checksum is wrong, and the database is not asked', async () => {
    const asked: string[] = []
    const app = makeApp((bindings) => {
      const real = portsOf(bindings)
      const first: typeof real.db.first = (statement) => {
        asked.push(statement.sql)
        return real.db.first(statement)
      }
      return { ...real, db: { ...real.db, first } }
    })
    const request = (key: string) => app.request(`${ORIGIN}/api/v1/files`, { headers: { 'X-API-Key': key } }, env)
    expect((await request(changed(me.key))).status).toBe(401)
    expect(asked).toEqual([])
    expect((await request(me.key)).status).toBe(200)
    expect(asked).toHaveLength(1)
  })
})

describe('the use of a key', () => {
  const usedAt = async (id: string) =>
    (await ports.db.first<{ last_used_at: number | null }>(stmt('SELECT last_used_at FROM api_keys WHERE owner_id = ?1', id)))!.last_used_at

  it('is noted, at most once a minute', async () => {
    const client = await newClient()
    expect(await usedAt(client.id)).toBeNull()
    await client.ask('GET', '/files')
    const first = await usedAt(client.id)
    expect(first).toBeTypeOf('number')
    await client.ask('GET', '/files')
    expect(await usedAt(client.id)).toBe(first)
    await ports.db.run(stmt('UPDATE api_keys SET last_used_at = ?2 WHERE owner_id = ?1', client.id, first! - 60_001))
    await client.ask('GET', '/files')
    expect(await usedAt(client.id)).toBeGreaterThanOrEqual(first!)
  })
})

it('a key is stored nowhere in clear', async () => {
  const secret = /_([0-9A-Za-z]{43})[0-9A-Za-z]{6}$/.exec(me.key)![1]!
  const rows = JSON.stringify(await ports.db.all(stmt('SELECT * FROM api_keys')))
  expect(rows).not.toContain(secret)
  expect(rows).toContain(me.key.slice(8, 16))
})
