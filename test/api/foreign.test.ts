/** Nothing of one user is seen by another: whatever is asked about someone else's thing is answered as if it were not there, byte for byte. */
import { describe, expect, it } from 'vitest'
import { type Ask, MISSING, newClient, ports, withoutRequest } from '../support/api-client.ts'
import { count, objects, profile, settle } from '../support/api-make.ts'

const owner = await newClient()
const stranger = await newClient()
const file = await owner.upload('name,age\nada,36\n', '?name=secret.csv&tags=mine')
await settle(owner, file)
await profile(owner, file, { version: 1 })
const { json: upload } = await owner.ask('POST', '/uploads', { json: { name: 'secret.csv' } })
const before = JSON.stringify([
  await count(owner, 'files'),
  await count(owner, 'uploads'),
  await count(owner, 'events'),
  await objects(owner),
])

describe('a stranger learns nothing by', () => {
  it.each<[string, string, Ask?]>([
    ['GET', '/files/{file}'],
    ['HEAD', '/files/{file}'],
    ['PATCH', '/files/{file}', { json: { name: 'x' }, headers: { 'If-Match': '*' } }],
    ['DELETE', '/files/{file}'],
    ['GET', '/files/{file}/content'],
    ['HEAD', '/files/{file}/content'],
    ['GET', '/files/{file}/content', { headers: { Range: 'bytes=0-0' } }],
    ['GET', '/files/{file}/content', { headers: { 'If-None-Match': '*' } }],
    ['GET', '/files/{file}/rows'],
    ['GET', '/files/{file}/profile'],
    ['GET', '/files/{file}/lineage'],
    ['POST', '/filters/check', { json: { where: 'age > 1', file: '{file}' } }],
    ['GET', '/uploads/{upload}'],
    ['PUT', '/uploads/{upload}/parts/1', { body: 'a,b\n' }],
    ['POST', '/uploads/{upload}/complete'],
    ['DELETE', '/uploads/{upload}'],
  ])('%s %s', async (method, path, ask = {}) => {
    const to = (fileId: string, uploadId: string) => {
      const fill = (text: string) => text.replace('{file}', fileId).replace('{upload}', uploadId)
      return stranger.ask(method, fill(path), { ...ask, ...(ask.json ? { json: JSON.parse(fill(JSON.stringify(ask.json))) } : {}) })
    }
    const foreign = await to(file, upload.id)
    const missing = await to(`file_${MISSING}`, `up_${MISSING}`)
    expect(foreign.status).toBe(404)
    expect([foreign.status, withoutRequest(foreign)]).toEqual([missing.status, withoutRequest(missing)])
    const said = (headers: Headers) =>
      Object.fromEntries([...headers].filter(([name]) => name !== 'x-request-id' && name !== 'content-length'))
    expect(said(foreign.headers)).toEqual(said(missing.headers))
  })

  it('listing', async () => {
    expect((await stranger.ask('GET', '/files')).json.data).toEqual([])
    expect((await stranger.ask('GET', '/files?tag=mine&name=secret')).json.data).toEqual([])
  })
})

it('nothing of it has changed', async () => {
  expect(
    JSON.stringify([await count(owner, 'files'), await count(owner, 'uploads'), await count(owner, 'events'), await objects(owner)]),
  ).toBe(before)
  expect((await owner.ask('GET', `/files/${file}/content`)).text).toBe('name,age\nada,36\n')
})

it('what was deleted is as missing for its owner', async () => {
  const gone = await owner.upload('a,b\n')
  await owner.ask('DELETE', `/files/${gone}`)
  const answers = await Promise.all([owner, stranger].map((client) => client.ask('GET', `/files/${gone}`)))
  expect(withoutRequest(answers[0]!)).toEqual(withoutRequest(answers[1]!))
  expect((await stranger.ask('DELETE', `/files/${gone}`)).status).toBe(404)
  expect(await ports.store.head(`files/${owner.id}/${gone}/1`)).toBeNull()
})
