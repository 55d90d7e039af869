/** POST /filters/check and GET /filters/functions. */
import { expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { functionList } from '../../shared/filter/functions.ts'
import { ask, newClient, problemOf } from '../support/api-client.ts'
import { reject, settle } from '../support/api-make.ts'

const check = async (json: unknown) => (await newClient()).ask('POST', '/filters/check', { json })
const columns = ['name', 'age']

it('a right clause comes back in its normal writing', async () => {
  const answer = await check({ where: `AGE>60 and name='Ada'`, columns })
  expect(answer.status).toBe(200)
  expect(answer.json).toEqual({ ok: true, clause: `age > 60 AND name = 'Ada'` })
})

it.each<[string, string, object]>([
  ['a broken clause', 'age >', { code: 'clause_invalid', at: 5 }],
  ['an unknown column, with what was meant', 'agee > 60', { code: 'column_unknown', at: 0, length: 4, suggestion: 'age' }],
  ['nothing', '', { code: 'clause_invalid' }],
])('%s is an answer, not a failure', async (_, where, error) => {
  const answer = await check({ where, columns })
  expect(answer.status).toBe(200)
  expect(answer.json).toMatchObject({ ok: false, error })
})

it('takes the columns of a file', async () => {
  const me = await newClient()
  const file = await me.upload('Name,Age\nada,36\n')
  const ask = () => me.ask('POST', '/filters/check', { json: { where: 'age > 30', file } })
  expect(problemOf(await ask())).toBe('409 file_not_settled')
  await settle(me, file)
  expect((await ask()).json).toEqual({ ok: true, clause: 'Age > 30' })
})

it('says why the columns of a rejected file cannot be had', async () => {
  const me = await newClient()
  const file = await me.upload('Name,Age\nada,36\n')
  await reject(me, file)
  expect(problemOf(await me.ask('POST', '/filters/check', { json: { where: 'age > 30', file } }))).toBe('409 file_rejected')
})

it.each<[string, unknown, string]>([
  ['no clause', { columns }, '422 field_invalid'],
  ['a clause that is a number', { where: 1, columns }, '422 field_invalid'],
  ['neither columns nor file', { where: 'a = 1' }, '422 field_invalid'],
  ['both columns and file', { where: 'a = 1', columns, file: 'file_01jd1v7m8e7cqx3s5n2f9k4t6w' }, '422 field_invalid'],
  ['no column', { where: 'a = 1', columns: [] }, '422 field_invalid'],
  ['too many columns', { where: 'a = 1', columns: Array.from({ length: LIMITS.columnsMax + 1 }, (_, i) => `c${i}`) }, '422 field_invalid'],
  ['an unknown field', { where: 'a = 1', columns, clause: 'x' }, '422 field_unknown'],
  ['the id of a job', { where: 'a = 1', file: 'job_01jd1v7m8e7cqx3s5n2f9k4t6w' }, '400 id_kind'],
  ['a file that is not there', { where: 'a = 1', file: 'file_01jd1v7m8e7cqx3s5n2f9k4t6w' }, '404 file_not_found'],
])('refuses %s', async (_, json, expected) => expect(problemOf(await check(json))).toBe(expected))

it('does not see the columns of another user', async () => {
  const other = await newClient()
  const file = await other.upload('Name,Age\nada,36\n')
  expect(problemOf(await check({ where: 'age > 30', file }))).toBe('404 file_not_found')
})

it('tells the functions and words that a clause can be made of', async () => {
  const me = await newClient()
  const { status, json } = await me.ask('GET', '/filters/functions')
  expect(status).toBe(200)
  expect(json.data).toEqual(functionList())
  expect(json.data[0]).toEqual({
    name: 'lower',
    aliases: ['lcase'],
    about: 'Text',
    signature: 'lower(text): text',
    means: 'The text in lower case, letter by letter.',
    example: "lower('ÀB') = 'àb'",
  })
  expect(json.words).toEqual(expect.arrayContaining(['AND', 'CASE', 'REGEXP']))
  expect((await ask('GET', '/filters/functions')).json).toMatchObject({ status: 401, code: 'key_missing' })
})
