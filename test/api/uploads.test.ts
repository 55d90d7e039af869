/** Uploads in parts, from the first request to the file. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { base64, fromHex } from '../../shared/base/bytes.ts'
import { sha256 } from '../../shared/base/crypto.ts'
import type { UploadId } from '../../shared/base/ids.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { expireUploads } from '../../shared/files/expire-uploads.ts'
import { beginUpload, completeUpload, sendPart } from '../../shared/files/send-parts.ts'
import { r2Store, type Store } from '../../shared/files/store.ts'
import type { Ports } from '../../shared/ports.ts'
import { findIdempotency, insertIdempotencyIfChanged } from '../../workers/api/idempotency.sql.ts'
import { uploadSchema } from '../../workers/api/schemas/upload.ts'
import { type Client, newClient, ports, problemOf, streamed } from '../support/api-client.ts'
import { count, objects } from '../support/api-make.ts'

const PART = LIMITS.partBytesMin
/** `bytes` of CSV. */
const csv = (bytes: number): string => 'name,age\n'.concat('ada,36\n'.repeat(Math.ceil(bytes / 7))).slice(0, bytes)
const WHOLE = csv(2 * PART + 1000)
const slice = (number: number): string => WHOLE.slice((number - 1) * PART, number * PART)

const begin = async (more: object = { bytes: WHOLE.length, part_bytes: PART }) => {
  const me = await newClient()
  const begun = await me.ask('POST', '/uploads', { json: { name: 'big.csv', ...more } })
  const id: string = begun.json.id
  return {
    me,
    id: id as UploadId,
    begun,
    file: begun.json.file as string,
    put: (number: number | string, body: BodyInit, headers: Record<string, string> = {}) =>
      me.ask('PUT', `/uploads/${id}/parts/${number}`, { body, headers }),
    complete: () => me.ask('POST', `/uploads/${id}/complete`),
    abort: () => me.ask('DELETE', `/uploads/${id}`),
    look: async () => (await me.ask('GET', `/uploads/${id}`)).json,
  }
}

describe('POST /uploads', () => {
  it('says how to cut the file', async () => {
    const { begun, file, me } = await begin()
    expect(begun.status).toBe(201)
    expect(begun.headers.get('location')).toBe(begun.json.links.self)
    expect(begun.json).toMatchObject({ state: 'open', part_bytes: PART, parts: 3, bytes: WHOLE.length, received: [] })
    expect(() => uploadSchema.strict().parse(begun.json)).not.toThrow()
    expect((await me.ask('GET', `/files/${file}`)).json).toMatchObject({ state: 'uploading', name: 'big.csv' })
  })

  it.each<[string, object, string]>([
    ['no name', { name: undefined }, '422 field_invalid'],
    ['a name of which nothing is left', { name: '..' }, '422 field_invalid'],
    ['no bytes', { bytes: 0 }, '422 field_invalid'],
    ['half a byte', { bytes: 1.5 }, '422 field_invalid'],
    ['a text as a number', { bytes: '100' }, '422 field_invalid'],
    ['parts too small for the storage', { part_bytes: PART - 1 }, '422 part_size'],
    ['parts too large for a request', { part_bytes: LIMITS.requestBytesMax + 1 }, '422 part_size'],
    ['more than 10,000 parts', { bytes: 10_000 * PART + 1, part_bytes: PART }, '422 part_size'],
    ['a digest that nobody would verify', { sha256: 'a'.repeat(64) }, '422 field_unknown'],
    ['an unknown field', { size: 1 }, '422 field_unknown'],
    ['an encoding that does not exist', { encoding: 'klingon' }, '422 encoding_unknown'],
    ['a quote of two characters', { quote: "''" }, '422 dialect_invalid'],
    ['a delimiter that holds the comment', { delimiter: '-#', comment: '#' }, '422 dialect_invalid'],
    ['a delimiter of nine characters', { delimiter: ':::::::::' }, '422 field_invalid'],
  ])('refuses %s', async (_, more, expected) => {
    const me = await newClient()
    expect(problemOf(await me.ask('POST', '/uploads', { json: { name: 'a.csv', ...more } }))).toBe(expected)
    expect(await count(me, 'files')).toBe(0)
  })
})

describe('the way to a file', () => {
  it('leads through parts in any order, some sent twice', async () => {
    const { me, file, put, complete, look } = await begin({
      bytes: WHOLE.length,
      part_bytes: PART,
      tags: ['x'],
      analyse: false,
      delimiter: ',',
    })
    expect((await put(3, slice(3))).json).toMatchObject({ object: 'part', number: 3, bytes: 1000 })
    await put(1, slice(2))
    await put(2, slice(2))
    await put(1, slice(1))
    expect(await look()).toMatchObject({
      state: 'open',
      received_bytes: WHOLE.length,
      received: [{ number: 1 }, { number: 2 }, { number: 3 }],
    })
    expect((await complete()).json).toMatchObject({ state: 'completed', file })
    expect((await me.ask('GET', `/files/${file}`)).json).toMatchObject({ state: 'stored', bytes: WHOLE.length, sha256: null, tags: ['x'] })
    expect(sha256((await me.ask('GET', `/files/${file}/content`)).text)).toBe(sha256(WHOLE))
  })

  it('is the same walked without knowing the size', async () => {
    const { me, file, put, complete } = await begin({ part_bytes: PART })
    for (const number of [1, 2, 3]) await put(number, slice(number))
    expect((await complete()).status).toBe(200)
    expect((await me.ask('GET', `/files/${file}`)).json.bytes).toBe(WHOLE.length)
  })

  it('may be one part, however small', async () => {
    const { put, complete } = await begin({})
    await put(1, 'a,b\n')
    expect((await complete()).json.state).toBe('completed')
  })

  it('ends the same when it is completed twice, one after the other and at once', async () => {
    const { put, complete } = await begin()
    for (const number of [1, 2, 3]) await put(number, slice(number))
    const [first, second] = await Promise.all([complete(), complete()])
    const third = await complete()
    expect([first, second, third].map((answer) => [answer.status, answer.json.state])).toEqual([
      [200, 'completed'],
      [200, 'completed'],
      [200, 'completed'],
    ])
    expect(third.text).toBe(first.text)
  })
})

describe('PUT /uploads/{id}/parts/{number}', () => {
  it.each<[string, number | string, string, Record<string, string>, string]>([
    ['a part one byte short', 1, slice(1).slice(1), {}, '422 part_size'],
    ['a part one byte long', 1, `${slice(1)}x`, {}, '422 part_size'],
    ['a last part one byte short', 3, slice(3).slice(1), {}, '422 part_size'],
    ['a part behind the last', 4, 'x', {}, '422 part_size'],
    ['part 0', 0, 'x', {}, '422 field_invalid'],
    ['part 10001', 10_001, 'x', {}, '422 field_invalid'],
    ['part one', 'one', 'x', {}, '422 field_invalid'],
    [
      'a part whose digest is another',
      3,
      slice(3),
      { 'Content-Digest': `sha-256=:${base64(fromHex(sha256('x')))}:` },
      '400 digest_mismatch',
    ],
    ['a part that is compressed on its way', 3, slice(3), { 'Content-Encoding': 'gzip' }, '415 encoding_unsupported'],
  ])('refuses %s', async (_, number, body, headers, expected) => {
    const { put, look } = await begin()
    expect(problemOf(await put(number, body, headers))).toBe(expected)
    expect((await look()).received).toEqual([])
  })

  it('refuses a part without its length, or with another', async () => {
    const { put, look } = await begin()
    expect(problemOf(await put(3, streamed(slice(3))))).toBe('400 length_mismatch')
    expect(problemOf(await put(3, streamed(slice(3).slice(1)), { 'Content-Length': '1000' }))).toBe('400 length_mismatch')
    expect(problemOf(await put(3, streamed(`${slice(3)}x`), { 'Content-Length': '1000' }))).toBe('400 length_mismatch')
    expect((await look()).received).toEqual([])
  })

  it('takes a part of several blocks with its right digest', async () => {
    const { put } = await begin()
    expect((await put(1, slice(1), { 'Content-Digest': `sha-256=:${base64(fromHex(sha256(slice(1))))}:` })).status).toBe(200)
  })

  it('leaves the storage as it was when the digest is wrong', async () => {
    const { me, file, put, complete } = await begin({})
    await put(1, 'a,b\n1,2\n')
    expect(problemOf(await put(1, 'x,y\n1,2\n', { 'Content-Digest': `sha-256=:${base64(fromHex(sha256('x')))}:` }))).toBe(
      '400 digest_mismatch',
    )
    expect(problemOf(await complete())).toBe('422 part_missing')
    await put(1, 'a,b\n3,4\n')
    await complete()
    expect((await me.ask('GET', `/files/${file}/content`)).text).toBe('a,b\n3,4\n')
  })
})

describe('POST /uploads/{id}/complete', () => {
  it('names the parts that are missing, and goes on when they have come', async () => {
    const { put, complete } = await begin()
    await put(2, slice(2))
    const early = await complete()
    expect(problemOf(early)).toBe('422 part_missing')
    expect(early.json.missing).toEqual([1, 3])
    await put(1, slice(1))
    await put(3, slice(3))
    expect((await complete()).status).toBe(200)
  })

  it('refuses a short part in the middle, and takes it when it is whole', async () => {
    const { put, complete } = await begin({ part_bytes: PART })
    await put(1, 'a,b\n')
    await put(2, slice(2))
    expect(problemOf(await complete())).toBe('422 part_size')
    await put(1, slice(1))
    expect((await complete()).status).toBe(200)
  })

  it('refuses an upload without any part', async () => expect(problemOf(await (await begin({})).complete())).toBe('422 part_missing'))
})

describe('DELETE /uploads/{id}', () => {
  it('leaves nothing, and is fine the second time', async () => {
    const { me, file, put, abort, complete, look } = await begin()
    await put(3, slice(3))
    expect((await abort()).status).toBe(204)
    expect((await abort()).status).toBe(204)
    expect((await look()).state).toBe('aborted')
    expect(problemOf(await put(3, slice(3)))).toBe('409 upload_not_open')
    expect(problemOf(await complete())).toBe('409 upload_not_open')
    expect(problemOf(await me.ask('GET', `/files/${file}`))).toBe('404 file_not_found')
    expect((await me.ask('GET', '/files')).json.data).toEqual([])
  })

  it('does not take a finished file away', async () => {
    const { me, file, put, complete, abort } = await begin({})
    await put(1, 'a,b\n')
    await complete()
    expect(problemOf(await abort())).toBe('409 upload_not_open')
    expect(problemOf(await put(1, 'x,y\n'))).toBe('409 upload_not_open')
    expect((await me.ask('GET', `/files/${file}/content`)).text).toBe('a,b\n')
  })
})

/** The ports with another clock or store. */
const later = (ms: number): Ports => ({ ...ports, clock: { ...ports.clock, now: () => Date.now() + ms } })
const withStore = (part: Partial<Store>): Ports => ({ ...ports, store: { ...r2Store(env.BUCKET), ...part } })
const partOf = (text: string) => ({ bytes: text.length, stream: new Response(text).body! })

describe('when things go wrong', () => {
  it('a worker that dies after the storage has joined the parts is made good by the next complete', async () => {
    const { me, id, file, put, complete, look } = await begin({})
    await put(1, 'a,b\n')
    const dying = withStore({
      completeMultipart: async (key, upload, parts) => {
        await r2Store(env.BUCKET).completeMultipart(key, upload, parts)
        throw new Error('died')
      },
    })
    await expect(completeUpload(dying, me.id, id)).rejects.toThrow('died')
    expect((await look()).state).toBe('completing')
    expect((await complete()).json.state).toBe('completed')
    expect((await me.ask('GET', `/files/${file}`)).json).toMatchObject({ state: 'stored', bytes: 4 })
  })

  it('a part that is sent again while its first bytes are on their way counts, and the first does not', async () => {
    const { me, id, file, put, complete } = await begin({})
    const overtaken = withStore({
      uploadPart: async (key, upload, number, bytes) => {
        const part = await r2Store(env.BUCKET).uploadPart(key, upload, number, bytes)
        await put(1, 'a,b\n3,4\n')
        return part
      },
    })
    await expect(sendPart(overtaken, me.id, id, 1, partOf('a,b\n1,2\n'))).rejects.toThrow('part_in_flight')
    expect((await complete()).status).toBe(200)
    expect((await me.ask('GET', `/files/${file}/content`)).text).toBe('a,b\n3,4\n')
  })

  it('an upload is not completed with a part whose bytes are on their way', async () => {
    const { me, id, put, complete } = await begin({})
    await put(1, 'a,b\n')
    const answers: string[] = []
    const slow = withStore({
      uploadPart: async (...args) => {
        answers.push(problemOf(await complete()))
        return r2Store(env.BUCKET).uploadPart(...args)
      },
    })
    await sendPart(slow, me.id, id, 1, partOf('c,d\n'))
    expect(answers).toEqual(['422 part_missing'])
    expect((await complete()).status).toBe(200)
  })

  it('a part that the storage has replaced behind our back opens the upload again', async () => {
    const { me, id, file, put, complete, look } = await begin({})
    await put(1, 'a,b\n')
    const [row] = await ports.db.all<{ r2_upload_id: string }>({ sql: 'SELECT r2_upload_id FROM uploads WHERE id = ?1', params: [id] })
    await ports.store.uploadPart(`files/${me.id}/${file}/1`, row!.r2_upload_id, 1, new TextEncoder().encode('z,z\n'))
    expect(problemOf(await complete())).toBe('422 part_missing')
    expect((await look()).state).toBe('open')
    await put(1, 'a,b\n')
    expect((await complete()).status).toBe(200)
  })

  it('an upload whose row cannot be written is given up in the storage as well', async () => {
    const me = await newClient()
    const store = r2Store(env.BUCKET)
    const begun: [string, string][] = []
    const noting = withStore({
      createMultipart: async (key, type) => {
        const upload = await store.createMultipart(key, type)
        begun.push([key, upload])
        return upload
      },
    })
    const refuse = async (): Promise<never> => {
      throw new Error('no database')
    }
    const plan = {
      about: { name: 'a.csv', contentType: 'text/csv', tags: [], analyse: true, hints: {} },
      bytes: null,
      partBytes: null,
      sha256: null,
    }
    await expect(beginUpload({ ...noting, db: { ...ports.db, batch: refuse } }, me.id, plan)).rejects.toThrow('no database')
    await expect(store.uploadPart(...begun[0]!, 1, new Uint8Array(1))).rejects.toThrow('10024')
  })

  it('an upload past its time takes nothing more, and the tick ends it', async () => {
    const { me, id, file, put, look } = await begin({})
    await put(1, 'a,b\n')
    const past = later(LIMITS.uploadExpiresMs + 1_000)
    await expect(sendPart(past, me.id, id, 1, partOf('c,d\n'))).rejects.toThrow('upload_not_open')
    await expect(completeUpload(past, me.id, id)).rejects.toThrow('upload_not_open')
    expect(await expireUploads(ports, 100)).toBe(0)
    await expireUploads(past, 1_000)
    expect((await look()).state).toBe('expired')
    expect(problemOf(await me.ask('GET', `/files/${file}`))).toBe('404 file_not_found')
    expect(await objects(me)).toEqual([])
  })

  it('the tick completes an upload whose parts were joined and whose worker never came back', async () => {
    const { me, id, file, put, look } = await begin({})
    await put(1, 'a,b\n')
    const dying = withStore({
      completeMultipart: async (key, upload, parts) => {
        await r2Store(env.BUCKET).completeMultipart(key, upload, parts)
        throw new Error('died')
      },
    })
    await expect(completeUpload(dying, me.id, id)).rejects.toThrow('died')
    await expireUploads(later(LIMITS.uploadExpiresMs + 1_000), 1_000)
    expect((await look()).state).toBe('completed')
    expect((await me.ask('GET', `/files/${file}`)).json.state).toBe('stored')
  })
})

describe('with an Idempotency-Key', () => {
  const post = (me: Client, key: string, json: object = { name: 'a.csv' }) =>
    me.ask('POST', '/uploads', { json, headers: { 'Idempotency-Key': key } })

  it('the same request begins one upload and is answered the same', async () => {
    const me = await newClient()
    const first = await post(me, '"k 1"')
    const second = await post(me, '"k 1"')
    expect(first.headers.has('idempotent-replayed')).toBe(false)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect([second.status, second.text, second.headers.get('location')]).toEqual([first.status, first.text, first.headers.get('location')])
    expect(await count(me, 'uploads')).toBe(1)
  })

  it('a bare token is the same key as the string', async () => {
    const me = await newClient()
    await post(me, '"abc"')
    expect((await post(me, 'abc')).headers.get('idempotent-replayed')).toBe('true')
  })

  it('ten at once begin one upload', async () => {
    const me = await newClient()
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(me, '"k"')))
    expect(new Set(answers.map((answer) => `${answer.status} ${answer.json.id}`)).size).toBe(1)
    expect([await count(me, 'uploads'), await count(me, 'files')]).toEqual([1, 1])
  })

  it('the order of fields does not matter, another value does', async () => {
    const me = await newClient()
    await post(me, '"k"', { name: 'a.csv', bytes: 5 })
    expect((await post(me, '"k"', { bytes: 5, name: 'a.csv' })).status).toBe(201)
    expect(problemOf(await post(me, '"k"', { name: 'a.csv', bytes: 6 }))).toBe('422 idempotency_mismatch')
  })

  it('a request that fails leaves the key free', async () => {
    const me = await newClient()
    expect(problemOf(await post(me, '"k"', { name: '..' }))).toBe('422 field_invalid')
    expect((await post(me, '"k"')).status).toBe(201)
  })

  it('another user may have the same key', async () => {
    const [me, other] = [await newClient(), await newClient()]
    expect((await post(me, '"k"')).json.id).not.toBe((await post(other, '"k"')).json.id)
  })

  it('a key is not taken where the change that it belongs to did nothing', async () => {
    const me = await newClient()
    const entry = { owner: me.id, route: 'POST /x', key: 'k' }
    const take = insertIdempotencyIfChanged({ ...entry, fingerprint: 'f', status: 201, subject: 's', expiresAt: 1 })
    const rename = (id: string) => ({ sql: 'UPDATE users SET name = name WHERE id = ?1', params: [id] })
    await ports.db.batch([rename('nobody'), take])
    expect(await findIdempotency(ports.db, entry)).toBeNull()
    await ports.db.batch([rename(me.id), take])
    expect(await findIdempotency(ports.db, entry)).toMatchObject({ subject: 's' })
  })

  it('a key is free again when its time is over', async () => {
    const me = await newClient()
    const first = await post(me, '"k"')
    await ports.db.run({ sql: 'UPDATE idempotency SET expires_at = 1 WHERE owner_id = ?1', params: [me.id] })
    const second = await post(me, '"k"', { name: 'b.csv' })
    expect(second.status).toBe(201)
    expect(second.json.id).not.toBe(first.json.id)
  })

  it('an answer that was lost is shown as the upload is now', async () => {
    const me = await newClient()
    const first = await post(me, '"k"')
    await ports.db.run({ sql: `UPDATE idempotency SET body = '' WHERE owner_id = ?1`, params: [me.id] })
    expect((await post(me, '"k"')).json).toEqual(first.json)
  })

  it.each(['""', '"open', 'two words', '"a\tb"', `"${'x'.repeat(256)}"`])('refuses %s as a key', async (key) => {
    expect(problemOf(await post(await newClient(), key))).toBe('400 header_invalid')
  })
})
