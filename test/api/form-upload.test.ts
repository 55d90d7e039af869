/** POST /files with a form, as browsers and curl -F send it. */
import { expect, it } from 'vitest'
import { newClient, problemOf } from '../support/api-client.ts'
import { count, objects } from '../support/api-make.ts'

const CSV = 'name,age\nada,36\n'

const form = (entries: readonly (readonly [string, string | File])[]): FormData => {
  const data = new FormData()
  for (const [name, value] of entries) data.append(name, value)
  return data
}
const file = (name = 'people.csv', text = CSV, type = 'text/csv') => ['file', new File([text], name, { type })] as const

it("the file of a form becomes a file, with its name and the form's fields", async () => {
  const me = await newClient()
  const answer = await me.ask('POST', '/files', { body: form([['tags', 'a,b'], ['delimiter', 'comma'], file(), ['analyse', 'false']]) })
  expect(answer.json).toMatchObject({ name: 'people.csv', tags: ['a', 'b'], content_type: 'text/csv; charset=utf-8', bytes: CSV.length })
  expect((await me.ask('GET', answer.json.links.content)).text).toBe(CSV)
})

it('a name given as a field wins over the name of the file, even after it', async () => {
  const me = await newClient()
  expect((await me.ask('POST', '/files', { body: form([file('a.csv'), ['name', 'b.csv']]) })).json.name).toBe('b.csv')
  expect((await me.ask('POST', '/files?name=c.csv', { body: form([file('a.csv')]) })).json.name).toBe('c.csv')
})

it('a file name of another script survives', async () => {
  const me = await newClient()
  expect((await me.ask('POST', '/files', { body: form([file('名簿 €.csv')]) })).json.name).toBe('名簿 €.csv')
})

it('a file of several blocks comes through whole', async () => {
  const me = await newClient()
  const big = '0123456789,abcdefghij\r\n'.repeat(150_000)
  const answer = await me.ask('POST', '/files', { body: form([file('big.csv', big)]) })
  expect(answer.json.bytes).toBe(big.length)
  expect((await me.ask('GET', answer.json.links.content)).text).toBe(big)
})

it.each<[string, readonly (readonly [string, string | File])[], string]>([
  ['without a file', [['name', 'x']], '400 multipart_invalid'],
  ['with an unknown field', [['nmae', 'x'], file()], '400 multipart_invalid'],
  ['with an unknown field behind the file', [file(), ['nmae', 'x']], '400 multipart_invalid'],
  ['with the delimiter behind the file', [file(), ['delimiter', ';']], '400 multipart_invalid'],
  ['with a wrong flag', [['analyse', 'perhaps'], file()], '400 multipart_invalid'],
  ['with an empty file', [file('a.csv', '')], '422 file_empty'],
  ['with a PDF', [file('a.csv', '%PDF-1.7\nx')], '415 not_csv'],
  ['with a name of which nothing is left', [['name', '..'], file()], '422 field_invalid'],
])('a form %s is refused and leaves nothing', async (_, entries, expected) => {
  const me = await newClient()
  expect(problemOf(await me.ask('POST', '/files', { body: form(entries) }))).toBe(expected)
  expect(await count(me, 'files')).toBe(0)
  expect(await objects(me)).toEqual([])
})
