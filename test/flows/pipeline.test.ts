/** The main job, end to end, through both workers and their queues. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { stmt } from '../../shared/db/db.ts'
import { appeared, vanished } from '../../shared/files/storage-events.ts'
import { bootService, type Json, type Service, until } from '../support/service.ts'

let service: Service
beforeAll(async () => {
  service = await bootService()
})
afterAll(() => service.close())

type User = Awaited<ReturnType<Service['user']>>
const PEOPLE = 'name,age,state\nAda,36,NY\nBob,70,NY\n"Cyd, Jr.",81,NY\nDot,90,VT\n'

const upload = async (user: User, csv: string, query = ''): Promise<string> =>
  (await user.ask('POST', `/files?name=people.csv${query}`, { body: csv })).json.id
const settled = async (user: User, file: string): Promise<Json> => {
  await until(async () => !['uploading', 'stored'].includes((await user.ask('GET', `/files/${file}`)).json.state))
  return (await user.ask('GET', `/files/${file}`)).json
}
const submit = async (user: User, input: string, where: string): Promise<string> =>
  (await user.ask('POST', '/jobs', { json: { operation: 'filter', input, spec: { where } } })).json.id
const ended = async (user: User, job: string): Promise<Json> =>
  (await user.ask('GET', `/jobs/${job}`, { headers: { Prefer: 'wait=20' } })).json

describe('a list that is handed over', () => {
  it('is looked at and analysed by itself', async () => {
    const user = await service.user()
    const id = await upload(user, PEOPLE)
    expect((await settled(user, id)).columns).toEqual(['name', 'age', 'state'])
    await until(async () => (await user.ask('GET', `/files/${id}/profile`)).status === 200)
    const { json: profile } = await user.ask('GET', `/files/${id}/profile`)
    expect(profile).toMatchObject({
      version: 2,
      file: id,
      rows: 4,
      blank_lines: 0,
      columns: [{ name: 'name', type: 'text' }, { name: 'age', type: 'integer', min: 36, max: 90 }, {}],
    })
    expect((await user.ask('GET', `/files/${id}`)).json).toMatchObject({ rows: 4, system_tags: ['uploaded'] })
  })

  it('is cut, downloaded, and knows where it came from', async () => {
    const user = await service.user()
    const id = await upload(user, PEOPLE)
    const job = await ended(user, await submit(user, id, "age > 60 AND state = 'NY'"))
    expect(job).toMatchObject({
      state: 'succeeded',
      progress: { rows_in: 4, rows_out: 2, rows_filtered: 2, rows_rejected: 0, chunks_done: 1 },
    })
    const content = await user.ask('GET', `/files/${job.result.file}/content`)
    expect(content.text).toBe('name,age,state\nBob,70,NY\n"Cyd, Jr.",81,NY\n')
    expect(content.headers.get('repr-digest')).toBe(job.result.repr_digest)
    const { json: lineage } = await user.ask('GET', `/files/${job.result.file}/lineage?direction=ancestors&depth=3`)
    expect(lineage.nodes.map((node: Json) => node.id).sort()).toEqual([id, job.result.file].sort())
    expect(lineage.edges).toMatchObject([
      { kind: 'CUT_FROM', parent: id, child: job.result.file, job: job.id, operation: 'filter', spec_sha256: job.spec_sha256 },
    ])
    await until(async () => (await user.ask('GET', `/files/${job.result.file}/profile`)).status === 200)
    expect((await user.ask('GET', `/files/${job.result.file}`)).json).toMatchObject({ rows: 2, system_tags: ['filter'] })
  })

  it('is cut again: the cut of a cut has two ancestors', async () => {
    const user = await service.user()
    const first = await upload(user, PEOPLE)
    const second = (await ended(user, await submit(user, first, 'age > 60'))).result.file
    const third = (await ended(user, await submit(user, second, 'age > 80'))).result.file
    const ancestors = (await user.ask('GET', `/files/${third}/lineage?direction=ancestors&depth=5`)).json
    expect(ancestors.nodes.map((node: Json) => node.id).sort()).toEqual([first, second, third].sort())
    const near = (await user.ask('GET', `/files/${first}/lineage?direction=descendants&depth=1`)).json
    expect(near.nodes.map((node: Json) => node.id).sort()).toEqual([first, second].sort())
  })

  it('that is no CSV is rejected where nobody could look before, and jobs on it are refused', async () => {
    const user = await service.user()
    const bytes = 'PK\u0003\u0004 pretending to be a workbook'
    const { json: begun } = await user.ask('POST', '/uploads', { json: { name: 'book.csv' } })
    await user.ask('PUT', `/uploads/${begun.id}/parts/1`, { body: bytes })
    const { json: done } = await user.ask('POST', `/uploads/${begun.id}/complete`)
    expect(await settled(user, done.file)).toMatchObject({ state: 'rejected', problem: { code: 'not_csv' } })
    expect(
      (await user.ask('POST', '/jobs', { json: { operation: 'filter', input: done.file, spec: { where: 'a = 1' } } })).json,
    ).toMatchObject({ status: 409, code: 'file_rejected' })
  })
})

describe('the inbox', () => {
  it('takes an object that is dropped, without any event, at a later tick', async () => {
    const user = await service.user()
    await (await service.bucket()).put(`inbox/${user.id}/june/people.csv`, PEOPLE)
    await until(async () => {
      await service.tick()
      return (await user.ask('GET', '/files')).json.data.length === 1
    })
    const [file] = (await user.ask('GET', '/files')).json.data
    expect(file).toMatchObject({ name: 'people.csv', source: 'inbox' })
    expect(await settled(user, file.id)).toMatchObject({ state: 'ready' })
    expect((await ended(user, await submit(user, file.id, 'age > 60'))).result.rows).toBe(3)
  })
})

describe('storage events', () => {
  it('that come twice and out of order change nothing', async () => {
    const user = await service.user()
    const id = await upload(user, PEOPLE)
    const before = await settled(user, id)
    const object = (await (await service.bucket()).list({ prefix: `files/${user.id}/` })).objects[0]!
    const told = appeared('PutObject', { key: object.key, etag: object.etag, bytes: object.size, uploadedAt: 0 }, Date.now())
    for (const event of [vanished(object.key, Date.now()), told, told, { ...told, object: { ...told.object, eTag: 'another' } }])
      await service.send('FILE_EVENTS', event)
    await until(async () => (await user.ask('GET', '/jobs?operation=analyse&state=succeeded')).json.data.length === 1)
    await new Promise((done) => setTimeout(done, 500))
    const after = (await user.ask('GET', `/files/${id}`)).json
    expect([after.state, after.settled_at]).toEqual([before.state, before.settled_at])
    expect((await user.ask('GET', '/jobs')).json.data).toHaveLength(1)
    expect(await service.all(stmt(`SELECT kind FROM events WHERE subject = ?1`, id))).toEqual([{ kind: 'file.ready' }])
  })
})

describe('a crash', () => {
  it('that loses every message loses no job: the tick finds them', async () => {
    const user = await service.user()
    const id = await upload(user, PEOPLE, '&analyse=false')
    await settled(user, id)
    const jobs = await Promise.all(Array.from({ length: 5 }, () => submit(user, id, 'age > 60')))
    await service.crash()
    await service.tick(Date.now() + LIMITS.leaseMs + 1)
    await until(async () => {
      await service.tick()
      const states = await Promise.all(jobs.map(async (job) => (await user.ask('GET', `/jobs/${job}`)).json.state))
      return states.every((state) => state === 'succeeded')
    })
    for (const job of jobs) {
      const { result } = (await user.ask('GET', `/jobs/${job}`)).json
      expect((await user.ask('GET', `/files/${result.file}/content`)).text).toBe('name,age,state\nBob,70,NY\n"Cyd, Jr.",81,NY\nDot,90,VT\n')
      expect(await service.all(stmt(`SELECT id FROM events WHERE subject = ?1 AND kind = 'job.succeeded'`, job))).toHaveLength(1)
    }
  })
})
