/** POST /jobs/{id}/rollback */
import { describe, expect, it } from 'vitest'
import type { FileId, JobId } from '../../shared/base/ids.ts'
import { stmt } from '../../shared/db/db.ts'
import { insertEdgeIfChanged } from '../../shared/lineage/edge.sql.ts'
import { jobSchema } from '../../workers/api/schemas/job.ts'
import { lineageSchema } from '../../workers/api/schemas/lineage.ts'
import { type Client, MISSING, newClient, ports, problemOf } from '../support/api-client.ts'
import { count, edge, job, objects } from '../support/api-make.ts'

const CSV = 'name,age\nada,36\n'

/** An input, and what a job has made of it. */
const made = async (me: Client) => {
  const [input, result, rejects] = [await me.upload(CSV), await me.upload(CSV), await me.upload(CSV)]
  const id = (await job(me, input)) as JobId
  const links = JSON.stringify({ file: result, rows: 1, url: `/api/v1/files/${result}/content` })
  await ports.db.run(stmt(`UPDATE jobs SET result_file = ?2, rejects_file = ?3, result = ?4 WHERE id = ?1`, id, result, rejects, links))
  await ports.db.run(stmt(`UPDATE files SET job_id = ?1, source = 'job' WHERE id IN (?2, ?3)`, id, result, rejects))
  const drawn = (child: string) =>
    insertEdgeIfChanged(
      {
        owner: me.id,
        parent: input as FileId,
        child: child as FileId,
        job: id,
        kind: 'CUT_FROM',
        operation: 'filter',
        spec: '{}',
        specSha256: 'x',
        engineVersion: '0',
        inputEtag: 'e',
      },
      5,
    )
  await ports.db.batch([stmt(`UPDATE users SET name = name WHERE id = ?1`, me.id), drawn(result), drawn(rejects)])
  return { input, result, rejects, id, rollback: (query = '') => me.ask('POST', `/jobs/${id}/rollback${query}`) }
}

describe('a rollback', () => {
  it('answers with the job: succeeded, no longer with a result to fetch, and from when', async () => {
    const me = await newClient()
    const { id, result, rollback } = await made(me)
    const before = await me.ask('GET', `/jobs/${id}`)
    expect(before.json.links).toMatchObject({ rollback: `/api/v1/jobs/${id}/rollback`, result: `/api/v1/files/${result}/content` })
    const answer = await rollback()
    expect(answer.status).toBe(200)
    expect(jobSchema.parse(answer.json)).toMatchObject({
      state: 'succeeded',
      rev: before.json.rev + 1,
      rolled_back_at: expect.stringMatching(/^20/),
      result: { file: result, rows: 1, url: null },
      links: { rollback: null, result: null, rejects: null },
    })
    expect((await me.ask('GET', `/jobs/${id}`)).json).toEqual(answer.json)
    expect((await me.ask('GET', '/jobs')).json.data.find((one: { id: string }) => one.id === id)).toEqual(answer.json)
  })

  it('is news to those who poll with an ETag', async () => {
    const me = await newClient()
    const { id, rollback } = await made(me)
    const headers = { 'If-None-Match': (await me.ask('GET', `/jobs/${id}`)).headers.get('etag')! }
    expect((await me.ask('GET', `/jobs/${id}`, { headers })).status).toBe(304)
    await rollback()
    expect((await me.ask('GET', `/jobs/${id}`, { headers })).status).toBe(200)
  })

  it('takes the files away and leaves the input', async () => {
    const me = await newClient()
    const { input, result, rejects, rollback } = await made(me)
    await rollback()
    for (const file of [result, rejects]) expect(problemOf(await me.ask('GET', `/files/${file}`))).toBe('404 file_not_found')
    expect((await me.ask('GET', `/files/${input}/content`)).text).toBe(CSV)
    expect(await objects(me)).toHaveLength(1)
    const lineage = lineageSchema.parse((await me.ask('GET', `/files/${input}/lineage`)).json)
    expect(lineage.edges.map((edge) => typeof edge.rolled_back_at)).toEqual(['string', 'string'])
  })

  it('a second time gives the same answer and does nothing', async () => {
    const me = await newClient()
    const { rollback } = await made(me)
    const first = await rollback()
    const events = await count(me, 'events')
    const second = await rollback()
    expect([second.status, second.json]).toEqual([200, first.json])
    expect(await count(me, 'events')).toBe(events)
  })

  it('of a job that made no file is a rollback of nothing', async () => {
    const me = await newClient()
    const file = await me.upload(CSV)
    const id = await job(me, file)
    expect((await me.ask('POST', `/jobs/${id}/rollback`)).json).toMatchObject({ rolled_back_at: expect.any(String), result: null })
    expect((await me.ask('GET', `/files/${file}`)).status).toBe(200)
  })
})

describe('a rollback is refused', () => {
  it.each(['queued', 'running', 'finalizing', 'canceling', 'failed', 'canceled', 'expired'])('for a job that is %s', async (state) => {
    const me = await newClient()
    const id = await job(me, await me.upload(CSV), state)
    const answer = await me.ask('POST', `/jobs/${id}/rollback`)
    expect([problemOf(answer), answer.json.state]).toEqual(['409 job_not_succeeded', state])
    expect((await me.ask('GET', `/jobs/${id}`)).json.rolled_back_at).toBeNull()
  })

  it.each(['result', 'rejects'] as const)('while a file made from its %s is there, and names it', async (which) => {
    const me = await newClient()
    const { rollback, ...ids } = await made(me)
    const child = await me.upload(CSV)
    await edge(me, ids[which], child)
    const answer = await rollback()
    expect([problemOf(answer), answer.json.files]).toEqual(['409 result_in_use', [child]])
    expect((await me.ask('GET', `/files/${ids.result}/content`)).text).toBe(CSV)
    await me.ask('DELETE', `/files/${child}`)
    expect((await rollback()).status).toBe(200)
  })

  it.each(['result', 'rejects'] as const)('while a job reads its %s, and names it', async (which) => {
    const me = await newClient()
    const { rollback, ...ids } = await made(me)
    const reader = await job(me, ids[which], 'queued')
    const answer = await rollback()
    expect([problemOf(answer), answer.json.jobs]).toEqual(['409 file_in_use', [reader]])
    expect((await rollback('?cancel=true')).json.rolled_back_at).toEqual(expect.any(String))
    expect((await me.ask('GET', `/jobs/${reader}`)).json.state).toBe('canceled')
  })

  it('before any job is canceled for it', async () => {
    const me = await newClient()
    const { rollback, result } = await made(me)
    await edge(me, result, await me.upload(CSV))
    const reader = await job(me, result, 'queued')
    expect(problemOf(await rollback('?cancel=true'))).toBe('409 result_in_use')
    expect((await me.ask('GET', `/jobs/${reader}`)).json.state).toBe('queued')
  })

  it("for another's job as for none", async () => {
    const [me, other] = [await newClient(), await newClient()]
    const { id } = await made(me)
    expect(problemOf(await other.ask('POST', `/jobs/${id}/rollback`))).toBe('404 job_not_found')
    expect(problemOf(await other.ask('POST', `/jobs/job_${MISSING}/rollback`))).toBe('404 job_not_found')
    expect((await me.ask('GET', `/jobs/${id}`)).json.rolled_back_at).toBeNull()
  })

  it('to a key that may not delete files, or not cancel jobs', async () => {
    const me = await newClient(['files:read', 'jobs:run'])
    expect(problemOf(await me.ask('POST', `/jobs/job_${MISSING}/rollback`))).toBe('403 scope_missing')
    const writer = await newClient(['files:read', 'files:write'])
    expect((await writer.ask('POST', `/jobs/job_${MISSING}/rollback?cancel=true`)).json).toMatchObject({ status: 403, scope: 'jobs:run' })
  })
})
