/** Bodies that are no CSV, or not what they say they are: each its own clear problem, and nothing is stored half. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { base64, fromHex } from '../../shared/base/bytes.ts'
import { sha256 } from '../../shared/base/crypto.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { type Ask, newClient, problemOf, streamed } from '../support/api-client.ts'
import { count, objects } from '../support/api-make.ts'

const CSV = 'name,age\nada,36\n'
const bytes = (...values: number[]) => Uint8Array.from(values)
const digest = (text: string) => `sha-256=:${base64(fromHex(sha256(text)))}:`

/** Posts, and says what came of it; throws if a refused body left anything. */
const refusal = async (ask: Ask, query = ''): Promise<string> => {
  const me = await newClient()
  const answer = await me.ask('POST', `/files${query}`, ask)
  if (answer.status === 201) return 'stored'
  if ((await count(me, 'files')) + (await objects(me)).length > 0) throw new Error('something was left')
  return problemOf(answer)
}

describe('by its first bytes', () => {
  it.each<[string, BodyInit | null, string]>([
    ['nothing', null, '422 file_empty'],
    ['an empty stream', streamed(), '422 file_empty'],
    ['line ends only', '\n\r\n\n', '422 file_empty'],
    ['a PNG', bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82), '415 not_csv'],
    ['a ZIP or XLSX', bytes(0x50, 0x4b, 3, 4, 20, 0, 6, 0, 8, 0, 0, 0, 33, 0), '415 not_csv'],
    ['a PDF', '%PDF-1.7\n%âãÏÓ\n1 0 obj\n', '415 not_csv'],
    ['JSON', '{"name": "ada", "age": 36}', '415 not_csv'],
    ['a JSON list', '[{"name": "ada"}]\n', '415 not_csv'],
    ['gzip that is damaged', bytes(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3), '422 gzip_invalid'],
    ['gzip that is cut off', new Uint8Array(gzipSync(CSV)).subarray(0, 20), '422 gzip_invalid'],
    ['a packed picture', new Uint8Array(gzipSync(bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10))), '415 not_csv'],
    ['a list that is packed twice', new Uint8Array(gzipSync(gzipSync(CSV))), '415 encoding_unsupported'],
    ['UTF-32', bytes(0xff, 0xfe, 0, 0, 0x61, 0, 0, 0), '415 encoding_unsupported'],
    ['gzip', new Uint8Array(gzipSync(CSV)), 'stored'],
    ['UTF-16', bytes(0xff, 0xfe, 0x61, 0, 0x2c, 0, 0x62, 0, 0x0a, 0), 'stored'],
    ['a header only', 'name,age\n', 'stored'],
    ['one column', 'name\nada\n', 'stored'],
    ['bytes that are no UTF-8', bytes(0x61, 0x2c, 0xe4, 0x0a, 0x31, 0x2c, 0x32, 0x0a), 'stored'],
  ])('%s', async (_, body, expected) => expect(await refusal({ body })).toBe(expected))

  it.each([
    ['an encoding that does not exist', '?encoding=klingon', '422 encoding_unknown'],
    ['a delimiter of nine characters', '?delimiter=abcdefghi', '422 dialect_invalid'],
    ['a comment that is the quote', '?comment="', '422 dialect_invalid'],
    ['a header flag that is no flag', '?header=maybe', '400 query_invalid'],
    ['an unknown parameter', '?delimeter=;', '400 query_invalid'],
    ['too many tags', `?tags=${Array.from({ length: 33 }, (_, i) => i).join(',')}`, '400 query_invalid'],
    ['a name of which nothing is left', '?name=..', '422 field_invalid'],
    ['a name of 256 bytes', `?name=${'x'.repeat(256)}`, '422 field_invalid'],
  ])('%s', async (_, query, expected) => expect(await refusal({ body: CSV }, query)).toBe(expected))
})

describe('by its length', () => {
  it.each([
    ['one byte more than came', 17, '400 length_mismatch'],
    ['one byte less than came', 15, '400 length_mismatch'],
    ['as many as came', 16, 'stored'],
    ['more than a request may carry', LIMITS.requestBytesMax + 1, '413 body_too_large'],
  ])('declares %s', async (_, declared, expected) => {
    expect(await refusal({ body: streamed(CSV), headers: { 'Content-Length': String(declared) } })).toBe(expected)
  })

  it('declares nonsense', async () => {
    expect(await refusal({ body: streamed(CSV), headers: { 'Content-Length': 'many' } })).toBe('400 header_invalid')
  })

  it('runs over what a request may carry without having said so, and learns where to go', async () => {
    const me = await newClient()
    const megabyte = new TextEncoder().encode('0123456789,0123456789,abcdefghijk\n'.repeat(29_412).slice(0, 1_000_000))
    const pieces = Array.from({ length: 100 }, () => megabyte)
    const allowed = await me.ask('POST', '/files', { body: streamed(...pieces) })
    expect(allowed.json).toMatchObject({ bytes: LIMITS.requestBytesMax, state: 'stored' })
    const answer = await me.ask('POST', '/files', { body: streamed(...pieces, 'x') })
    expect(problemOf(answer)).toBe('413 body_too_large')
    expect(answer.json).toMatchObject({ uploads: '/api/v1/uploads', bytes_max: 100_000_000 })
    expect(await count(me, 'files')).toBe(1)
    expect(await objects(me)).toHaveLength(1)
  }, 60_000)
})

describe('by its digest', () => {
  it.each<[string, Record<string, string>, string]>([
    ['right Content-Digest', { 'Content-Digest': digest(CSV) }, 'stored'],
    ['right Repr-Digest among others', { 'Repr-Digest': `md5=:AAAA:, ${digest(CSV)}` }, 'stored'],
    ['only an algorithm that we do not know', { 'Content-Digest': 'sha-1024=:AAAA:' }, 'stored'],
    ['wrong Content-Digest', { 'Content-Digest': digest('another') }, '400 digest_mismatch'],
    ['wrong Repr-Digest', { 'Repr-Digest': digest('another') }, '400 digest_mismatch'],
    ['two that differ', { 'Repr-Digest': digest('another'), 'Content-Digest': digest(CSV) }, '400 header_invalid'],
    ['a digest that is too short', { 'Content-Digest': 'sha-256=:AAAA:' }, '400 header_invalid'],
    ['a digest in hex', { 'Content-Digest': `sha-256=${sha256(CSV)}` }, '400 header_invalid'],
  ])('%s', async (_, headers, expected) => {
    expect(await refusal({ body: CSV, headers })).toBe(expected)
    expect(await refusal({ body: streamed(CSV), headers })).toBe(expected)
  })
})

it('a multipart body that is no form is refused', async () => {
  expect(await refusal({ body: '--x\r\n\r\na,b\r\n--x--', headers: { 'Content-Type': 'multipart/mixed; boundary=x' } })).toBe('415 not_csv')
})

it('a body that is compressed on its way is refused', async () => {
  expect(await refusal({ body: CSV, headers: { 'Content-Encoding': 'br' } })).toBe('415 encoding_unsupported')
})
