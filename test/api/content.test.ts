/** The bytes of a file, its first rows and its profile. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { base64, concatBytes, fromHex } from '../../shared/base/bytes.ts'
import { sha256 } from '../../shared/base/crypto.ts'
import { stmt } from '../../shared/db/db.ts'
import { profileSchema } from '../../workers/api/schemas/profile.ts'
import { type Answer, newClient, ports, problemOf } from '../support/api-client.ts'
import { profile, reject, settle } from '../support/api-make.ts'

const WIDE = 'n\xe4me,age\n\xc4d\xe4,36\n'
const PACKED = new Uint8Array(gzipSync('näme,age\nÄdä,36\n'))

const CSV = 'name,age\nada,36\nbob,41\n'

const stored = async (csv = CSV, query = '?name=people.csv') => {
  const me = await newClient()
  const id = await me.upload(csv, query)
  const get = (headers: Record<string, string> = {}, method = 'GET') => me.ask(method, `/files/${id}/content`, { headers })
  return { me, id, get, etag: (await get()).headers.get('etag')!, modified: (await get()).headers.get('last-modified')! }
}

describe('GET /files/{id}/content', () => {
  it('gives the bytes as they came, offered under the name of the file', async () => {
    const { get } = await stored(CSV, '?name=Z%C3%BCrich%20%22x%22.csv')
    const { status, text, headers } = await get()
    expect({ status, text }).toEqual({ status: 200, text: CSV })
    expect(Object.fromEntries(headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-transform',
      'content-disposition': `attachment; filename="Z_rich _x_.csv"; filename*=UTF-8''Z%C3%BCrich%20%22x%22.csv`,
      'content-length': String(CSV.length),
      'content-type': 'text/csv; charset=utf-8',
      'repr-digest': `sha-256=:${base64(fromHex(sha256(CSV)))}:`,
      'x-content-type-options': 'nosniff',
    })
  })

  it('answers HEAD with the headers of GET and no byte', async () => {
    const { get } = await stored()
    const [got, head] = [await get(), await get({}, 'HEAD')]
    const said = ({ headers }: Answer) => Object.fromEntries([...headers].filter(([name]) => name !== 'x-request-id'))
    expect(head).toMatchObject({ status: 200, text: '' })
    expect(said(head)).toEqual(said(got))
  })

  it.each<[string, number, string, string | null]>([
    ['bytes=0-3', 206, 'name', 'bytes 0-3/23'],
    ['bytes=5-', 206, CSV.slice(5), 'bytes 5-22/23'],
    ['bytes=-4', 206, CSV.slice(-4), 'bytes 19-22/23'],
    ['bytes=22-22', 206, '\n', 'bytes 22-22/23'],
    ['bytes=0-999', 206, CSV, 'bytes 0-22/23'],
    ['bytes=-999', 206, CSV, 'bytes 0-22/23'],
    ['Bytes=0-3', 206, 'name', 'bytes 0-3/23'],
    ['bytes=0-1,3-4', 200, CSV, null],
    ['bytes=3-1', 200, CSV, null],
    ['bytes=-', 200, CSV, null],
    ['bytes=a-b', 200, CSV, null],
    ['rows=0-1', 200, CSV, null],
  ])('answers Range: %s', async (range, status, text, contentRange) => {
    const { get } = await stored()
    const answer = await get({ Range: range })
    expect({ status: answer.status, text: answer.text, contentRange: answer.headers.get('content-range') }).toEqual({
      status,
      text,
      contentRange,
    })
  })

  it.each(['bytes=0-3', 'bytes=99-'])('does not know ranges for HEAD: %s', async (range) => {
    const { headers, status } = await (await stored()).get({ Range: range }, 'HEAD')
    expect([status, headers.get('content-length'), headers.get('content-range')]).toEqual([200, '23', null])
  })

  it.each(['bytes=23-', 'bytes=100-200', 'bytes=-0'])('refuses Range: %s, and says how long the file is', async (range) => {
    const { get } = await stored()
    const answer = await get({ Range: range })
    expect(problemOf(answer)).toBe('416 range_unsatisfiable')
    expect(answer.headers.get('content-range')).toBe('bytes */23')
  })

  const PAST = 'Sat, 01 Jan 2000 00:00:00 GMT'
  const FUTURE = 'Fri, 01 Jan 2100 00:00:00 GMT'
  it.each<[string, (file: { etag: string; modified: string }) => Record<string, string>, number]>([
    ['If-None-Match with its tag', ({ etag }) => ({ 'If-None-Match': etag }), 304],
    ['If-None-Match with its tag, weak', ({ etag }) => ({ 'If-None-Match': `"x", W/${etag}` }), 304],
    ['If-None-Match with a star', () => ({ 'If-None-Match': '*' }), 304],
    ['If-None-Match with another tag', () => ({ 'If-None-Match': '"x"' }), 200],
    ['If-None-Match with another tag and an older date', () => ({ 'If-None-Match': '"x"', 'If-Modified-Since': FUTURE }), 200],
    ['If-Modified-Since its date', ({ modified }) => ({ 'If-Modified-Since': modified }), 304],
    ['If-Modified-Since before', () => ({ 'If-Modified-Since': PAST }), 200],
    ['If-Modified-Since no date', () => ({ 'If-Modified-Since': 'yesterday' }), 200],
    ['If-Match with its tag', ({ etag }) => ({ 'If-Match': etag }), 200],
    ['If-Match with a star', () => ({ 'If-Match': '*' }), 200],
    ['If-Match with another tag', () => ({ 'If-Match': '"x"' }), 412],
    ['If-Match with its tag, weak', ({ etag }) => ({ 'If-Match': `W/${etag}` }), 412],
    ['If-Match before If-None-Match', ({ etag }) => ({ 'If-Match': '"x"', 'If-None-Match': etag }), 412],
    ['If-Unmodified-Since before', () => ({ 'If-Unmodified-Since': PAST }), 412],
    ['If-Unmodified-Since its date', ({ modified }) => ({ 'If-Unmodified-Since': modified }), 200],
    ['If-Match instead of If-Unmodified-Since', ({ etag }) => ({ 'If-Match': etag, 'If-Unmodified-Since': PAST }), 200],
    ['a range if its tag holds', ({ etag }) => ({ Range: 'bytes=0-0', 'If-Range': etag }), 206],
    ['a range if another tag holds', () => ({ Range: 'bytes=0-0', 'If-Range': '"x"' }), 200],
    ['a range if a weak tag holds', ({ etag }) => ({ Range: 'bytes=0-0', 'If-Range': `W/${etag}` }), 200],
    ['a range if its date holds', ({ modified }) => ({ Range: 'bytes=0-0', 'If-Range': modified }), 206],
    ['a range if another date holds', () => ({ Range: 'bytes=0-0', 'If-Range': FUTURE }), 200],
    ['a range outside, if another tag holds', () => ({ Range: 'bytes=99-', 'If-Range': '"x"' }), 200],
    ['a range outside that is known anyway', ({ etag }) => ({ Range: 'bytes=99-', 'If-None-Match': etag }), 304],
  ])('answers to %s', async (_, headers, status) => {
    const file = await stored()
    const answer = await file.get(headers(file))
    expect(answer.status).toBe(status)
    if (status === 304) expect(answer.headers.get('etag')).toBe(file.etag)
    expect((await file.get(headers(file), 'HEAD')).status).toBe(status === 206 ? 200 : status)
  })

  it.each([
    ['sha-256=5', true],
    ['sha-512=3', true],
    ['sha-256=0', false],
    ['sha-512=1, sha-256=0', false],
  ])('with Want-Repr-Digest: %s says its digest: %s', async (want, isSaid) => {
    const { get } = await stored()
    expect((await get({ 'Want-Repr-Digest': want })).headers.has('repr-digest')).toBe(isSaid)
  })

  it('says no digest where nobody knows it', async () => {
    const { id, get } = await stored()
    await ports.db.run({ sql: 'UPDATE files SET sha256 = NULL WHERE id = ?1', params: [id] })
    expect((await get({ 'Want-Repr-Digest': 'sha-256=9' })).headers.has('repr-digest')).toBe(false)
  })

  it('gives the bytes of a rejected file back', async () => {
    const { me, id, get } = await stored()
    await reject(me, id)
    expect((await get()).text).toBe(CSV)
  })

  it('says that the bytes are gone where the object vanished or was replaced', async () => {
    const { id, get, me } = await stored()
    await ports.store.put(`files/${me.id}/${id}/1`, new TextEncoder().encode('others'))
    expect(problemOf(await get())).toBe('409 file_missing')
    expect(problemOf(await get({ Range: 'bytes=0-1' }))).toBe('409 file_missing')
    await ports.store.remove(`files/${me.id}/${id}/1`)
    expect(problemOf(await get())).toBe('409 file_missing')
  })

  it('is not there while the file is uploaded', async () => {
    const me = await newClient()
    const { json } = await me.ask('POST', '/uploads', { json: { name: 'a.csv' } })
    const answer = await me.ask('GET', `/files/${json.file}/content`)
    expect(problemOf(answer)).toBe('409 file_not_stored')
    expect(answer.headers.get('retry-after')).toBe('1')
  })
})

describe('GET /files/{id}/rows', () => {
  it('shows the first rows as texts', async () => {
    const { me, id } = await stored('name,note\nada,"a ""b"", c"\nbob,\n')
    await settle(me, id)
    expect((await me.ask('GET', `/files/${id}/rows`)).json).toEqual({
      object: 'rows',
      file: id,
      columns: ['name', 'note'],
      rows: [
        ['ada', 'a "b", c'],
        ['bob', ''],
      ],
      is_all: true,
    })
  })

  it.each<[string, Uint8Array, string]>([
    ['packed', PACKED, ''],
    ['packed in two members', concatBytes([PACKED, new Uint8Array(gzipSync('Bob,41\n'))]), ''],
    ['in UTF-16', Uint8Array.from(`\xff\xfe${WIDE.replace(/./gs, '$&\0')}`, (c) => c.charCodeAt(0)), ''],
    ['in latin1 that its owner names', Uint8Array.from(WIDE, (c) => c.charCodeAt(0)), '?encoding=latin1'],
  ])('reads a file that is %s, takes clauses for it, and gives back the bytes that came', async (_, bytes, query) => {
    const me = await newClient()
    const id = await me.upload(bytes, query)
    await settle(me, id)
    const { json } = await me.ask('GET', `/files/${id}/rows?limit=1`)
    expect(json).toMatchObject({ columns: ['näme', 'age'], rows: [['Ädä', '36']] })
    const checked = await me.ask('POST', '/filters/check', { json: { where: `"näme" = 'Ädä'`, file: id } })
    expect(checked.json).toMatchObject({ ok: true })
    const { headers } = await me.ask('GET', `/files/${id}/content`)
    expect([headers.get('content-length'), headers.get('content-encoding')]).toEqual([String(bytes.length), null])
    expect(headers.get('repr-digest')).toBe(`sha-256=:${base64(fromHex(sha256(bytes)))}:`)
  })

  it('says that there is more of a packed file than its preview', async () => {
    const me = await newClient()
    const text = `id,text\n${Array.from({ length: 3_000 }, (_, i) => `${i},${'x'.repeat(995)}\n`).join('')}`
    const id = await me.upload(new Uint8Array(gzipSync(text)))
    await settle(me, id)
    const { json } = await me.ask('GET', `/files/${id}/rows?limit=1000`)
    expect([json.is_all, json.rows.length]).toEqual([false, 262])
  })

  it('shows as many as asked for, and says that there are more', async () => {
    const { me, id } = await stored()
    await settle(me, id)
    expect((await me.ask('GET', `/files/${id}/rows?limit=1`)).json).toMatchObject({ rows: [['ada', '36']], is_all: false })
    expect((await me.ask('GET', `/files/${id}/rows?limit=2`)).json).toMatchObject({ is_all: true })
  })

  it('reads no more than the preview of a large file, and shows no row that is cut', async () => {
    const { me, id } = await stored(`id,text\n${Array.from({ length: 3_000 }, (_, i) => `${i},${'x'.repeat(995)}\n`).join('')}`)
    await settle(me, id)
    const { json } = await me.ask('GET', `/files/${id}/rows?limit=1000`)
    expect(json.is_all).toBe(false)
    expect(json.rows.length).toBe(262)
    expect(json.rows.at(-1)[1]).toHaveLength(995)
  })

  it.each(['0', '1001', 'x', '-1', '1.5'])('refuses limit=%s', async (limit) => {
    const { me, id } = await stored()
    expect(problemOf(await me.ask('GET', `/files/${id}/rows?limit=${limit}`))).toBe('400 query_invalid')
  })

  it('waits for someone to look at the file, and says when it was rejected', async () => {
    const { me, id } = await stored()
    const early = await me.ask('GET', `/files/${id}/rows`)
    expect(problemOf(early)).toBe('409 file_not_settled')
    expect(early.headers.get('retry-after')).toBe('1')
    await reject(me, id)
    const late = await me.ask('GET', `/files/${id}/rows`)
    expect(problemOf(late)).toBe('409 file_rejected')
    expect(late.json.problem).toEqual({ code: 'not_csv', detail: 'This is a picture.' })
  })
})

describe('GET /files/{id}/profile', () => {
  it('gives what analyse found, also when the object is gone and only the cache has it', async () => {
    const { me, id } = await stored()
    await settle(me, id)
    const found = { version: 1, file: id, rows: 2 }
    await profile(me, id, found)
    expect((await me.ask('GET', `/files/${id}/profile`)).json).toEqual(found)
    const { profile_key } = (await ports.db.first<{ profile_key: string }>({
      sql: 'SELECT profile_key FROM files WHERE id = ?1',
      params: [id],
    }))!
    await ports.store.remove(profile_key)
    expect((await me.ask('GET', `/files/${id}/profile`)).json).toEqual(found)
  })

  it('is not ready before', async () => {
    const { me, id } = await stored()
    await settle(me, id)
    const answer = await me.ask('GET', `/files/${id}/profile`)
    expect(problemOf(answer)).toBe('409 profile_not_ready')
    expect(answer.headers.get('retry-after')).toBe('1')
  })

  it('never comes for a file that was rejected, and the answer says why', async () => {
    const { me, id } = await stored()
    await reject(me, id)
    const answer = await me.ask('GET', `/files/${id}/profile`)
    expect(problemOf(answer)).toBe('409 file_rejected')
    expect(answer.json.problem).toEqual({ code: 'not_csv', detail: 'This is a picture.' })
  })

  it('has a schema that does not take anything', () => expect(profileSchema.safeParse({ version: 1 }).success).toBe(false))
})

describe('a file that is no CSV', () => {
  it('has bytes, but no rows and no profile, and takes no job; each answer says so', async () => {
    const { me, id, get } = await stored()
    await ports.db.run(stmt(`UPDATE files SET state = 'ready', format = 'ndjson', dialect = 'null', columns = '["a"]' WHERE id = ?1`, id))
    expect((await me.ask('GET', `/files/${id}`)).json).toMatchObject({ state: 'ready', format: 'ndjson', dialect: null, columns: ['a'] })
    expect((await get()).status).toBe(200)
    expect(problemOf(await me.ask('GET', `/files/${id}/rows`))).toBe('409 file_not_csv')
    expect(problemOf(await me.ask('GET', `/files/${id}/profile`))).toBe('409 file_not_csv')
    expect(problemOf(await me.ask('POST', '/jobs', { json: { operation: 'analyse', input: id } }))).toBe('409 file_not_csv')
    expect(problemOf(await me.ask('POST', '/filters/check', { json: { where: 'a = 1', file: id } }))).toBe('409 file_not_csv')
  })
})
