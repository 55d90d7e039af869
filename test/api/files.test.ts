/** Handing over, listing, reading, changing and deleting files. Bad bodies have a file of their own. */
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../shared/base/crypto.ts'
import type { FileId, UserId } from '../../shared/base/ids.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { type Db, stmt } from '../../shared/db/db.ts'
import { deleteOwnFile } from '../../shared/files/delete.ts'
import { deleteFile, editFile } from '../../shared/files/edit.sql.ts'
import { cancelJobsOn } from '../../shared/jobs/free-file.ts'
import { fileSchema } from '../../workers/api/schemas/file.ts'
import { ask, type Client, newClient, ports, problemOf, streamed } from '../support/api-client.ts'
import { count, edge, job, objects, reject } from '../support/api-make.ts'

const deleteOnly = (db: Db, owner: UserId, id: string, rev: number) => db.run(deleteFile(owner, id as FileId, rev, 1))

const CSV = 'name,age\nada,36\nbob,41\n'

describe('POST /files', () => {
  it('stores the body as it is and says where', async () => {
    const me = await newClient()
    const answer = await me.ask('POST', '/files?name=people.csv&tags=a,%20b,a&delimiter=tab&header=false&analyse=false', {
      body: CSV,
      headers: { 'Content-Type': 'text/csv' },
    })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe(answer.json.links.self)
    expect(answer.headers.get('etag')).toBe(`"r${answer.json.rev}"`)
    expect(answer.json).toMatchObject({
      state: 'stored',
      source: 'upload',
      name: 'people.csv',
      bytes: 23,
      sha256: sha256(CSV),
      tags: ['a', 'b'],
      system_tags: ['uploaded'],
    })
    expect(() => fileSchema.strict().parse(answer.json)).not.toThrow()
    expect((await me.ask('GET', answer.json.links.content)).text).toBe(CSV)
  })

  it('keeps what was said about the dialect for those who look at the file', async () => {
    const me = await newClient()
    const id = await me.upload('a;b\n1;2\n', '?delimiter=semicolon&quote=none&header=true')
    const row = await ports.db.first<{ hints: string; auto_analyse: number }>({
      sql: 'SELECT hints, auto_analyse FROM files WHERE id = ?1',
      params: [id],
    })
    expect(JSON.parse(row!.hints)).toEqual({ delimiter: ';', quote: null, header: true })
    expect(row!.auto_analyse).toBe(1)
  })

  it('takes a body whose length nobody knows', async () => {
    const me = await newClient()
    const answer = await me.ask('POST', '/files', { body: streamed('na', 'me,a', 'ge\nada,36\n', 'bob,41\n') })
    expect(answer.json).toMatchObject({ bytes: 23, sha256: sha256(CSV) })
  })

  it('stores more than one part of the storage byte by byte', async () => {
    const me = await newClient()
    const line = new TextEncoder().encode('0123456789,abcdefghijklmnopqrstuvwxyz,äöü\n'.repeat(25_000))
    const pieces = Array.from({ length: 18 }, () => line)
    const whole = new Uint8Array(await new Response(streamed(...pieces)).arrayBuffer())
    const answer = await me.ask('POST', '/files', { body: streamed(...pieces) })
    expect(answer.json).toMatchObject({ bytes: whole.length, sha256: sha256(whole) })
    expect(answer.json.etag).toMatch(/-\d+$/)
    const back = await me.ask('GET', `/files/${answer.json.id}/content`)
    expect(sha256(back.text)).toBe(sha256(whole))
  })

  it.each([
    ['the query', '?name=query.csv', { 'Content-Disposition': 'attachment; filename="header.csv"' }, 'query.csv'],
    ['the header', '', { 'Content-Disposition': 'attachment; filename="header.csv"' }, 'header.csv'],
    [
      'the header in its extended form',
      '',
      { 'Content-Disposition': "attachment; filename=a.csv; filename*=UTF-8''%e5%90%8d.csv" },
      '名.csv',
    ],
    ['the default', '', {}, 'upload.csv'],
    ['a path, of which the last segment is kept', '?name=..%2F..%2Fx', {}, 'x'],
    [
      'a path in the header, of which the last segment is kept',
      '',
      { 'Content-Disposition': 'attachment; filename="..\\\\..\\\\win.csv"' },
      'win.csv',
    ],
  ])('takes the name from %s', async (_, query, headers, name) => {
    const me = await newClient()
    const answer = await me.ask('POST', `/files${query}`, { body: CSV, headers })
    expect(answer.json.name).toBe(name)
    expect((await objects(me))[0]).toBe(`files/${me.id}/${answer.json.id}/1`)
  })
})

describe('GET /files', () => {
  const three = async (): Promise<Client & { readonly made: string[] }> => {
    const me = await newClient()
    const made = [
      await me.upload(CSV, '?name=Alpha.csv&tags=x'),
      await me.upload(CSV, '?name=beta.csv&tags=x,y'),
      await me.upload(CSV, '?name=gamma.csv'),
    ]
    return { ...me, made }
  }
  const idsOf = (answer: { json: { data: { id: string }[] } }) => answer.json.data.map((file) => file.id)

  it('lists newest first, page by page, each file once', async () => {
    const me = await three()
    const first = await me.ask('GET', '/files?page_size=2')
    expect(idsOf(first)).toEqual([me.made[2], me.made[1]])
    const second = await me.ask('GET', `/files?page_size=2&cursor=${first.json.next_cursor}`)
    expect(idsOf(second)).toEqual([me.made[0]])
    expect(second.json).not.toHaveProperty('next_cursor')
  })

  it.each([
    ['a part of the name without case', 'name=ALP', [0]],
    ['a name with a percent sign, which is no wildcard', 'name=%25', []],
    ['a tag', 'tag=x', [1, 0]],
    ['a tag and a name', 'tag=x&name=beta', [1]],
    ['a state', 'state=stored', [2, 1, 0]],
    ['a state that none has', 'state=ready', []],
  ])('finds by %s', async (_, query, expected) => {
    const me = await three()
    expect(idsOf(await me.ask('GET', `/files?${query}`))).toEqual(expected.map((i) => me.made[i]))
  })

  it('finds by a tag of ours', async () => {
    const me = await three()
    await ports.db.run({ sql: `UPDATE files SET system_tags = '["rejects"]' WHERE id = ?1`, params: [me.made[1]!] })
    expect(idsOf(await me.ask('GET', '/files?tag=rejects'))).toEqual([me.made[1]])
  })

  it('shows no deleted file and none of another user', async () => {
    const me = await three()
    const other = await newClient()
    await me.ask('DELETE', `/files/${me.made[1]}`)
    expect(idsOf(await me.ask('GET', '/files'))).toEqual([me.made[2], me.made[0]])
    expect(idsOf(await other.ask('GET', '/files'))).toEqual([])
  })

  it('gives more than the greatest page as the greatest page', async () => {
    const me = await three()
    expect(idsOf(await me.ask('GET', '/files?page_size=100000'))).toHaveLength(3)
  })

  it.each([
    ['page_size=0', '400 query_invalid'],
    ['page_size=-1', '400 query_invalid'],
    ['page_size=many', '400 query_invalid'],
    ['page_size=1.5', '400 query_invalid'],
    ['state=deleted', '400 query_invalid'],
    ['tag=', '400 query_invalid'],
    ['cursor=nonsense', '400 cursor_invalid'],
    ['colour=red', '400 query_invalid'],
    ['tag=x&tag=y', '400 query_invalid'],
  ])('refuses ?%s', async (query, expected) => {
    expect(problemOf(await (await newClient()).ask('GET', `/files?${query}`))).toBe(expected)
  })

  it('refuses the cursor of another user and of other arguments, but not of another page size', async () => {
    const me = await three()
    const cursor = (await me.ask('GET', '/files?page_size=1')).json.next_cursor
    expect(problemOf(await (await newClient()).ask('GET', `/files?cursor=${cursor}`))).toBe('400 cursor_invalid')
    expect(problemOf(await me.ask('GET', `/files?tag=x&cursor=${cursor}`))).toBe('400 cursor_invalid')
    expect(idsOf(await me.ask('GET', `/files?page_size=5&cursor=${cursor}`))).toEqual([me.made[1], me.made[0]])
  })
})

describe('GET /files/{id}', () => {
  it('says what is known, with the revision as its tag', async () => {
    const me = await newClient()
    const id = await me.upload(CSV)
    const answer = await me.ask('GET', `/files/${id}`)
    expect(answer.headers.get('etag')).toBe(`"r${answer.json.rev}"`)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect((await me.ask('GET', `/files/${id}`, { headers: { 'If-None-Match': `"r${answer.json.rev}"` } })).status).toBe(304)
    expect((await me.ask('GET', `/files/${id}`, { headers: { 'If-None-Match': '"r99"' } })).status).toBe(200)
  })

  it('shows why a file was rejected', async () => {
    const me = await newClient()
    const id = await me.upload(CSV)
    await reject(me, id)
    expect((await me.ask('GET', `/files/${id}`)).json).toMatchObject({ state: 'rejected', problem: { code: 'not_csv' } })
  })
})

describe('PATCH /files/{id}', () => {
  const fresh = async () => {
    const me = await newClient()
    const id = await me.upload(CSV, '?name=a.csv&tags=x')
    const { headers } = await me.ask('GET', `/files/${id}`)
    const patch = (json: unknown, match: string | null = headers.get('etag')) =>
      me.ask('PATCH', `/files/${id}`, { json, headers: match === null ? {} : { 'If-Match': match } })
    return { me, id, patch }
  }

  it('renames and retags, and leaves what it was not told', async () => {
    const { patch } = await fresh()
    const renamed = await patch({ name: '../b.csv' })
    expect(renamed.json).toMatchObject({ name: 'b.csv', tags: ['x'], rev: 3 })
    expect((await patch({ tags: ['y', 'y'] }, renamed.headers.get('etag'))).json).toMatchObject({ name: 'b.csv', tags: ['y'], rev: 4 })
  })

  it('takes any revision for a star', async () => expect((await (await fresh()).patch({ tags: [] }, '*')).json.tags).toEqual([]))

  it.each([
    ['without If-Match', { name: 'b' }, null, '428 if_match_required'],
    ['from an old revision', { name: 'b' }, '"r1"', '412 rev_stale'],
    ['from a weak tag', { name: 'b' }, 'W/"r2"', '412 rev_stale'],
    ['with a tag that is none', { name: 'b' }, 'r2', '400 header_invalid'],
    ['of an unknown field', { nmae: 'b' }, '*', '422 field_unknown'],
    ['of a tag of ours', { system_tags: [] }, '*', '422 field_unknown'],
    ['to no name', { name: '' }, '*', '422 field_invalid'],
    ['to a name of which nothing is left', { name: '../..' }, '*', '422 field_invalid'],
    ['to a number', { name: 7 }, '*', '422 field_invalid'],
    ['to too many tags', { tags: Array.from({ length: 33 }, (_, i) => `t${i}`) }, '*', '422 field_invalid'],
    ['to a tag with a comma', { tags: ['a,b'] }, '*', '422 field_invalid'],
  ])('is refused %s', async (_, json, match, expected) => {
    const { me, id, patch } = await fresh()
    expect(problemOf(await patch(json, match))).toBe(expected)
    expect((await me.ask('GET', `/files/${id}`)).json).toMatchObject({ name: 'a.csv', tags: ['x'], rev: 2 })
  })

  it('changes nothing where the file was changed after it was read', async () => {
    const { me, id } = await fresh()
    const change = { name: 'late.csv', tags: null }
    expect(await editFile(ports.db, me.id, id as FileId, 1, change)).toBeNull()
    expect(await editFile(ports.db, me.id, id as FileId, 2, change)).toMatchObject({ name: 'late.csv', rev: 3 })
    expect(await deleteOnly(ports.db, me.id, id, 2)).toBe(0)
    expect(await deleteOnly(ports.db, me.id, id, 3)).toBe(1)
  })

  it('lets one of two win that started from the same revision', async () => {
    const { patch } = await fresh()
    const answers = await Promise.all([patch({ name: 'b' }), patch({ name: 'c' })])
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412])
  })
})

describe('DELETE /files/{id}', () => {
  it('removes the bytes, tells it, and is fine the second time', async () => {
    const me = await newClient()
    const id = await me.upload(CSV)
    expect((await me.ask('DELETE', `/files/${id}`)).status).toBe(204)
    expect(await objects(me)).toEqual([])
    expect(problemOf(await me.ask('GET', `/files/${id}`))).toBe('404 file_not_found')
    expect((await me.ask('DELETE', `/files/${id}`)).status).toBe(204)
    expect(await count(me, 'events')).toBe(1)
  })

  it('notes that nothing is left to purge', async () => {
    const me = await newClient()
    const id = await me.upload(CSV)
    await me.ask('DELETE', `/files/${id}`)
    const row = await ports.db.first<{ purged_at: number | null }>({ sql: 'SELECT purged_at FROM files WHERE id = ?1', params: [id] })
    expect(row!.purged_at).toBeTypeOf('number')
  })

  it.each(['queued', 'running', 'finalizing', 'canceling'])('is refused while a job is %s, and names it', async (state) => {
    const me = await newClient()
    const id = await me.upload(CSV)
    const live = await job(me, id, state)
    const answer = await me.ask('DELETE', `/files/${id}`)
    expect(problemOf(answer)).toBe('409 file_in_use')
    expect(answer.json.jobs).toEqual([live])
    expect((await me.ask('GET', `/files/${id}/content`)).text).toBe(CSV)
    expect(await count(me, 'events')).toBe(0)
  })

  it('is refused by many jobs with as many as a page holds, and says that there are more', async () => {
    const me = await newClient()
    const id = await me.upload(CSV)
    for (let i = 0; i < LIMITS.pageSizeDefault; i++) await job(me, id, 'queued')
    expect((await me.ask('DELETE', `/files/${id}`)).json).toMatchObject({ truncated: false })
    await job(me, id, 'queued')
    const { jobs, truncated } = (await me.ask('DELETE', `/files/${id}`)).json
    expect([jobs.length, truncated]).toEqual([LIMITS.pageSizeDefault, true])
  })

  it('with cancel=true ends its waiting jobs first', async () => {
    const me = await newClient()
    const id = await me.upload(CSV)
    const waiting = [await job(me, id, 'queued'), await job(me, id, 'queued')]
    expect((await me.ask('DELETE', `/files/${id}?cancel=true`)).status).toBe(204)
    for (const one of waiting) expect((await me.ask('GET', `/jobs/${one}`)).json.state).toBe('canceled')
    expect(await objects(me)).toEqual([])
  })

  it('with cancel=true waits for the worker of a running job', async () => {
    const me = await newClient()
    const id = await me.upload(CSV)
    const running = await job(me, id, 'running')
    const holds = stmt(`UPDATE jobs SET lease_until = ?2 WHERE id = ?1`, running, Date.now() + LIMITS.leaseMs)
    await ports.db.run(holds)
    const [answer] = await Promise.all([
      me.ask('DELETE', `/files/${id}?cancel=true`),
      (async () => {
        while ((await me.ask('GET', `/jobs/${running}`)).json.state !== 'canceling') await ports.clock.sleep(20)
        expect((await me.ask('GET', `/files/${id}`)).status).toBe(200)
        await ports.db.run(stmt(`UPDATE jobs SET state = 'canceled', ended_at = 3 WHERE id = ?1`, running))
      })(),
    ])
    expect(answer.status).toBe(204)
  })

  it('with cancel=true is refused by a job whose worker does not end in time, and the file stays', async () => {
    const me = await newClient()
    const id = (await me.upload(CSV)) as FileId
    const running = await job(me, id, 'running')
    await ports.db.run(stmt(`UPDATE jobs SET lease_until = ?2 WHERE id = ?1`, running, Date.now() + LIMITS.leaseMs))
    let now = Date.now()
    const sleep = async (ms: number): Promise<void> => {
      now += ms
    }
    const clock = { now: () => now, sleep }
    const free = () => cancelJobsOn({ ...ports, clock }, me.id, id)
    const from = now
    await expect(deleteOwnFile(ports, { owner: me.id, id, isMeant: null, requestId: 'r', free })).rejects.toMatchObject({
      code: 'file_in_use',
      facts: { extra: { jobs: [running] } },
    })
    expect(now - from).toBe(LIMITS.waitMs)
    expect((await me.ask('GET', `/files/${id}`)).status).toBe(200)
  })

  it('with cancel=true ends so many jobs at once and no more', async () => {
    const me = await newClient()
    const id = await me.upload(CSV)
    for (let i = 0; i <= LIMITS.freeingJobsMax; i++) await job(me, id, 'queued')
    const answer = await me.ask('DELETE', `/files/${id}?cancel=true`)
    expect([problemOf(answer), answer.json.jobs.length]).toEqual(['409 file_in_use', 1])
    expect((await me.ask('DELETE', `/files/${id}?cancel=true`)).status).toBe(204)
  })

  it('with cancel=true cancels nothing if another revision was meant', async () => {
    const me = await newClient()
    const id = await me.upload(CSV)
    const waiting = await job(me, id, 'queued')
    const answer = await me.ask('DELETE', `/files/${id}?cancel=true`, { headers: { 'If-Match': '"r1"' } })
    expect(problemOf(answer)).toBe('412 rev_stale')
    expect((await me.ask('GET', `/jobs/${waiting}`)).json.state).toBe('queued')
  })

  it('with cancel=true needs a key that may do so', async () => {
    const me = await newClient(['files:read', 'files:write'])
    const id = await me.upload(CSV)
    const waiting = await job(me, id, 'queued')
    expect((await me.ask('DELETE', `/files/${id}?cancel=true`)).json).toMatchObject({ status: 403, scope: 'jobs:run' })
    expect((await me.ask('GET', `/jobs/${waiting}`)).json.state).toBe('queued')
    expect(problemOf(await me.ask('DELETE', `/files/${id}?cancel=maybe`))).toBe('400 query_invalid')
  })

  it('is done when its jobs have ended', async () => {
    const me = await newClient()
    const id = await me.upload(CSV)
    await job(me, id, 'failed')
    expect((await me.ask('DELETE', `/files/${id}`)).status).toBe(204)
  })

  it('leaves a tombstone in the lineage', async () => {
    const me = await newClient()
    const [parent, child] = [await me.upload(CSV, '?name=secret.csv'), await me.upload(CSV)]
    await edge(me, parent, child)
    await me.ask('DELETE', `/files/${parent}`)
    const { json } = await me.ask('GET', `/files/${child}/lineage`)
    expect(json.nodes.find((node: { id: string }) => node.id === parent)).toMatchObject({ state: 'deleted', name: null, way: 'ancestors' })
    expect(json.edges).toHaveLength(1)
  })

  it('deletes only the revision that was meant', async () => {
    const me = await newClient()
    const id = await me.upload(CSV)
    expect(problemOf(await me.ask('DELETE', `/files/${id}`, { headers: { 'If-Match': '"r1"' } }))).toBe('412 rev_stale')
    expect((await me.ask('DELETE', `/files/${id}`, { headers: { 'If-Match': '"r2"' } })).status).toBe(204)
  })

  it('is refused for a file whose upload is open', async () => {
    const me = await newClient()
    const upload = await me.ask('POST', '/uploads', { json: { name: 'a.csv' } })
    expect(problemOf(await me.ask('DELETE', `/files/${upload.json.file}`))).toBe('409 file_not_stored')
  })
})

it('a key without the scope may look but not touch', async () => {
  const reader = await newClient(['files:read'])
  expect((await reader.ask('GET', '/files')).status).toBe(200)
  expect(problemOf(await reader.ask('POST', '/files', { body: CSV }))).toBe('403 scope_missing')
  expect(await count(reader, 'files')).toBe(0)
})

it('nobody without a key hands anything over', async () => {
  expect(problemOf(await ask('POST', '/files', { body: CSV }))).toBe('401 key_missing')
})
