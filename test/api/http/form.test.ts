/** Forms cut at every byte, and forms that are broken. */
import { describe, expect, it } from 'vitest'
import { concatBytes, textOf, utf8 } from '../../../shared/base/bytes.ts'
import { AppError } from '../../../shared/base/errors.ts'
import { readForm } from '../../../workers/api/http/form.ts'

const TYPE = 'multipart/form-data; boundary=----edge-42'

/** A form of parts, each its headers and its body. */
const form = (...parts: (readonly [headers: string, body: string])[]): string =>
  `${parts.map(([headers, body]) => `------edge-42\r\n${headers}\r\n\r\n${body}\r\n`).join('')}------edge-42--\r\n`

const field = (name: string, value: string) => [`Content-Disposition: form-data; name="${name}"`, value] as const
const file = (body: string, more = 'filename="a.csv"') =>
  [`Content-Disposition: form-data; name="file"; ${more}\r\nContent-Type: text/csv`, body] as const

/** The body in pieces that end at these places; every piece reuses the memory of the one before, as blocks of a request do. */
async function* cut(body: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array, void, undefined> {
  const memory = new Uint8Array(body.length)
  let from = 0
  for (const to of [...places, body.length]) {
    memory.fill(0x2d)
    memory.set(body.subarray(from, to))
    if (to > from) yield memory.subarray(0, to - from)
    from = to
  }
}

const read = async (body: string, places: readonly number[] = [], type = TYPE) => {
  const found = readForm(type, cut(utf8(body), places))
  const pieces: Uint8Array[] = []
  for await (const piece of found.pieces) pieces.push(piece.slice())
  return { text: textOf(concatBytes(pieces)), fields: Object.fromEntries(found.fields), file: found.file, early: [...found.early] }
}

const failure = async (body: string, type = TYPE): Promise<string> => {
  try {
    await read(body, [], type)
    return 'read'
  } catch (error) {
    return error instanceof AppError ? error.code : `threw ${error}`
  }
}

const CSV = 'a,b\r\n-,--\r\n--x,"\r\n--"\r\n\r\n------edge-4\r\n'
const FORM = form(field('name', 'x.csv'), file(CSV), field('tags', 'a,b'))
const EXPECTED = {
  text: CSV,
  fields: { name: 'x.csv', tags: 'a,b' },
  file: { filename: 'a.csv', contentType: 'text/csv' },
  early: ['name'],
}

describe('a form', () => {
  it('gives its file, byte by byte, and its fields before and after it', async () => expect(await read(FORM)).toEqual(EXPECTED))

  it('is the same wherever it is cut in two', async () => {
    for (let at = 0; at <= utf8(FORM).length; at++) expect(await read(FORM, [at]), `cut at ${at}`).toEqual(EXPECTED)
  })

  it.each([1, 2, 3, 5, 7, 17, 45])('is the same in pieces of %i bytes', async (size) => {
    const places = Array.from({ length: Math.floor(FORM.length / size) }, (_, i) => (i + 1) * size)
    expect(await read(FORM, places)).toEqual(EXPECTED)
  })

  it.each<[string, string, string]>([
    ['an empty file', form(file('')), ''],
    ['a file of dashes', form(file('-'.repeat(100))), '-'.repeat(100)],
    ['a file that ends with half a boundary', form(file('a\r\n------edge')), 'a\r\n------edge'],
    ['text before the first boundary and behind the last', `hello\r\n${form(file('a,b\n'))}good bye\r\n------nobody`, 'a,b\n'],
    ['a file part without a file name', form(['Content-Disposition: form-data; name=file', 'a,b\n']), 'a,b\n'],
  ])('may have %s', async (_, body, text) => {
    expect((await read(body)).text).toBe(text)
    for (let at = 0; at <= body.length; at++) expect((await read(body, [at])).text, `cut at ${at}`).toBe(text)
  })

  it.each([
    ['as a browser writes it', 'filename="Zürich €.csv"', 'Zürich €.csv'],
    ['with a quote as curl writes it', 'filename="a\\"b.csv"', 'a"b.csv'],
    ['in its extended form', "filename=x; filename*=UTF-8''%E5%90%8D.csv", '名.csv'],
    ['in an extended form that cannot be read', "filename=x.csv; filename*=utf-8''%zz", 'threw'],
  ])('says a file name %s', async (_, more, expected) => {
    const found = await read(form(file('a,b\n', more))).catch((error: AppError) => error)
    expect(found instanceof AppError ? 'threw' : found.file?.filename).toBe(expected)
  })

  it('may have a boundary in quotes, with odd characters', async () => {
    const body = FORM.replaceAll('----edge-42', "=_(a b')?:")
    expect((await read(body, [], 'Multipart/Form-Data; charset=utf-8; boundary="=_(a b\')?:"')).fields).toEqual(EXPECTED.fields)
  })
})

describe('is refused', () => {
  it.each<[string, string, string?]>([
    ['a form without a boundary in its type', FORM, 'multipart/form-data'],
    ['a form of another boundary', FORM.replaceAll('edge', 'egde')],
    ['nothing', ''],
    ['a form that breaks off within the file', FORM.slice(0, FORM.indexOf('--x'))],
    ['a form without its last boundary', FORM.slice(0, FORM.lastIndexOf('\r\n------edge-42'))],
    ['a form whose last boundary is not ended', FORM.slice(0, -4)],
    ['a form without a file', form(field('name', 'x'))],
    ['two files', form(file('a'), file('b'))],
    ['a field twice', form(field('name', 'x'), field('name', 'y'), file('a'))],
    ['a field too long', form(field('name', 'x'.repeat(8_193)), file('a'))],
    ['too many parts', form(...Array.from({ length: 40 }, (_, i) => field(`f${i}`, 'x')), file('a'))],
    ['a part without a name', form(['Content-Disposition: form-data', 'x'], file('a'))],
    ['a part without a disposition', form(['Content-Type: text/plain', 'x'], file('a'))],
    ['headers that are none', form(['what is this', 'x'], file('a'))],
  ])('%s', async (_, body, type) => expect(await failure(body, type)).toBe('multipart_invalid'))
})
