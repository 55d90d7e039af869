import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/base/errors.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import type { Profile } from '../../shared/csv/profile/view.ts'
import { profileText } from '../../shared/files/content.ts'
import { markFound, markMissing } from '../../shared/files/settle.sql.ts'
import { cancelJob } from '../../shared/jobs/cancel.ts'
import { claimFinish, claimPlan, requestCancel } from '../../shared/jobs/job.sql.ts'
import {
  contentOf,
  deliver,
  drain,
  eventsOf,
  fileNow,
  fireTick,
  jobNow,
  loseMessages,
  makeWorld,
  rowsOf,
  storedFile,
  submit,
} from '../support/processor.ts'

const PEOPLE = 'name,age,state\nAda,36,NY\nBob,70,NY\n"Cyd, Jr.",81,NY\nDot,90,VT\n'
const plan = (job: { id: string }) => ({ v: 1, kind: 'plan', job: job.id }) as never
const finish = (job: { id: string }) => ({ v: 1, kind: 'finish', job: job.id }) as never
const bucket = () => env.BUCKET

describe('a job', () => {
  it('goes from queued to succeeded, with its output, its counts, its edge and one end', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE)
    const job = await submit(world, file.id, 'filter', { where: "age > 60 and state='NY'" })
    expect(job.state).toBe('queued')
    await drain(world)
    const done = await jobNow(world, job)
    expect(done.state).toBe('succeeded')
    expect([done.rows_in, done.rows_out, done.rows_filtered, done.rows_rejected, done.bytes_in]).toEqual([4, 2, 2, 0, PEOPLE.length])
    expect(await contentOf(world, done.result_file!)).toBe('name,age,state\nBob,70,NY\n"Cyd, Jr.",81,NY\n')
    expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.succeeded'])
    const edges = await rowsOf<{ kind: string; spec: string }>(
      world,
      `SELECT kind, spec FROM edges WHERE child_file = ?1 AND parent_file = ?2`,
      done.result_file!,
      file.id,
    )
    expect(edges).toEqual([{ kind: 'CUT_FROM', spec: done.spec }])
    const output = await fileNow(world, done.result_file!)
    expect([output.name, output.system_tags, output.source]).toEqual(['people.csv.cut.csv', '["filter"]', 'job'])
    expect(output.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('whose plan is delivered twice is planned once', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE)
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await deliver(world, 'jobs', plan(job))
    const before = await jobNow(world, job)
    await deliver(world, 'jobs', plan(job))
    expect(await jobNow(world, job)).toEqual(before)
    expect(await rowsOf(world, `SELECT k FROM chunks WHERE job_id = ?1`, job.id)).toHaveLength(1)
  })

  it('whose finish is delivered twice ends once', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE, { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await drain(world)
    const before = await jobNow(world, job)
    expect(await deliver(world, 'jobs', finish(job))).toEqual({ acked: 1, retried: 0 })
    expect(await jobNow(world, job)).toEqual(before)
    expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.succeeded'])
    expect(await rowsOf(world, `SELECT id FROM edges WHERE job_id = ?1`, job.id)).toHaveLength(1)
  })

  it('that came before its file was looked at settles the file itself, and names the nearest column where the clause is wrong', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE)
    const job = await submit(world, file.id, 'filter', { where: 'agee > 60' })
    await drain(world)
    expect((await fileNow(world, file.id)).state).toBe('ready')
    const failed = await jobNow(world, job)
    expect(failed.state).toBe('failed')
    expect(JSON.parse(failed.error!)).toMatchObject({ code: 'column_unknown', suggestion: 'age', retryable: false })
    expect(await eventsOf(world, job.id)).toEqual(['job.failed'])
  })

  it('on a file that turns out to be no CSV fails with that problem', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, '%PDF-1.7 and so on')
    const job = await submit(world, file.id, 'analyse', {})
    await drain(world)
    const failed = await jobNow(world, job)
    expect([failed.state, JSON.parse(failed.error!).code]).toEqual(['failed', 'file_rejected'])
  })

  it('on columns that are known is refused at once when the clause is wrong', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE)
    await submit(world, file.id, 'analyse', {})
    await drain(world)
    await expect(submit(world, file.id, 'filter', { where: 'agee > 60' })).rejects.toMatchObject({ code: 'column_unknown' })
  })

  it('over what R2 can hold is refused', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE)
    await rowsOf(world, `UPDATE files SET bytes = 5497558138881 WHERE id = ?1`, file.id)
    await expect(submit(world, file.id, 'analyse', {})).rejects.toMatchObject({ code: 'job_too_large' })
  })

  it('on an input that was replaced fails with input_changed, never with mixed bytes', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE)
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await deliver(world, 'jobs', plan(job))
    await bucket().put(file.object_key, 'name,age,state\nEve,99,NY\n')
    await drain(world)
    const failed = await jobNow(world, job)
    expect([failed.state, JSON.parse(failed.error!).code]).toEqual(['failed', 'input_changed'])
  })

  it('with only a header has no rows and makes the header', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'name,age')
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await drain(world)
    const done = await jobNow(world, job)
    expect([done.state, done.rows_in]).toEqual(['succeeded', 0])
    expect(await contentOf(world, done.result_file!)).toBe('name,age\n')
  })

  it('drops BOM and blank lines, and ends a last record that had no line end as the file does', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, '\ufeffname,age\r\n\r\nAda,36\r\nBob,70')
    const job = await submit(world, file.id, 'filter', { where: 'age >= 36' })
    await drain(world)
    const done = await jobNow(world, job)
    expect([done.rows_in, done.blank_lines]).toEqual([2, 1])
    expect(await contentOf(world, done.result_file!)).toBe('name,age\r\nAda,36\r\nBob,70\r\n')
  })

  it('rejects ragged rows where asked, and keeps them with their place and reason', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'a,"b\nb"\n1,2\n3\n"x\ny",5,6\n7,8\n')
    const job = await submit(world, file.id, 'filter', { where: 'a IS NOT NULL', ragged: 'reject' })
    await drain(world)
    const done = await jobNow(world, job)
    expect([done.rows_in, done.rows_out, done.rows_filtered, done.rows_rejected]).toEqual([4, 2, 0, 2])
    expect(await contentOf(world, done.result_file!)).toBe('a,"b\nb"\n1,2\n7,8\n')
    expect(await contentOf(world, done.rejects_file!)).toBe(
      'record,line,byte_offset,reason,raw\n2,4,12,too_few_fields,3\n3,5,14,too_many_fields,"""x\ny"",5,6"\n',
    )
    expect((await fileNow(world, done.rejects_file!)).system_tags).toBe('["rejects"]')
  })

  it('keeps ragged rows otherwise, and warns of them and of stray quotes with their first place', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'a,b\n1,2\n3\n5" disk,6\n7,8,9\n10\n')
    const job = await submit(world, file.id, 'filter', { where: 'a IS NOT NULL' })
    await drain(world)
    const done = await jobNow(world, job)
    expect([done.rows_in, done.rows_out, done.rejects_file]).toEqual([5, 5, null])
    expect(JSON.parse(done.warnings)).toEqual([
      { code: 'stray_quote', count: 1, first: { record: 3, line: 4, byte_offset: 11 } },
      { code: 'ragged_long', count: 1, first: { record: 4, line: 5, byte_offset: 20 } },
      { code: 'ragged_short', count: 2, first: { record: 2, line: 3, byte_offset: 8 } },
    ])
  })

  it('profiles with the warnings of its job, and without frequent values where they are not wanted', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'a,b\n1,2\n3\n5" disk,6\n1,2\n', { autoAnalyse: false })
    const job = await submit(world, file.id, 'analyse', { frequent: 'off' })
    await drain(world)
    const [done, { profile_key: key }] = [await jobNow(world, job), await fileNow(world, file.id)]
    const profile = await bucket()
      .get(key!)
      .then((object) => object!.json<Profile>())
    expect(profile.warnings).toEqual(JSON.parse(done.warnings))
    expect(profile.warnings.map(({ code }) => code)).toEqual(['stray_quote', 'ragged_short'])
    expect(profile.precision.frequent_max).toBe(0)
    expect(profile.columns.flatMap(({ frequent }) => frequent)).toEqual([])
  })

  it('whose file is missing for a moment keeps the profile with its bytes all the same', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'a,b\n1,2\n', { autoAnalyse: false })
    const job = await submit(world, file.id, 'analyse', {})
    await deliver(world, 'jobs', { v: 1, kind: 'plan', job: job.id })
    await deliver(world, 'chunks', { v: 1, job: job.id, k: 0 })
    await world.ports.db.run(markMissing(file.id, file.etag!))
    await drain(world)
    await world.ports.db.run(markFound(file.id, file.etag!))
    expect([(await jobNow(world, job)).state, (await fileNow(world, file.id)).rows]).toEqual(['succeeded', 1])
    expect(JSON.parse(await profileText(world.ports, await fileNow(world, file.id)))).toMatchObject({ rows: 1 })
  })

  it('counts without making a file, and shows the first rows', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE)
    const job = await submit(world, file.id, 'count', { where: 'age > 60', head: 2 })
    await drain(world)
    const done = await jobNow(world, job)
    expect([done.state, done.rows_out, done.result_file]).toEqual(['succeeded', 3, null])
    expect(JSON.parse(done.result!)).toMatchObject({
      file: null,
      rows: 3,
      head: 'name,age,state\nBob,70,NY\n"Cyd, Jr.",81,NY\n',
      head_rows: 2,
      head_truncated: false,
    })
  })

  it('takes a dialect of its own', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, 'a;b\n1;2\n3;4\n')
    const job = await submit(world, file.id, 'filter', { where: 'column1 IS NOT NULL', dialect: { delimiter: ',', header: false } })
    await drain(world)
    expect((await jobNow(world, job)).rows_out).toBe(3)
  })
})

describe('a step that fails', () => {
  it('for a reason that passes is given back, and done the next time', async () => {
    let isDown = true
    const world = await makeWorld(({ store }) => ({
      store: { ...store, read: (...args) => (isDown ? Promise.reject(new AppError('storage_unavailable', 'down')) : store.read(...args)) },
    }))
    const file = await storedFile(world, PEOPLE)
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    expect(await deliver(world, 'jobs', plan(job))).toEqual({ acked: 0, retried: 1 })
    expect((await jobNow(world, job)).state).toBe('queued')
    isDown = false
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('succeeded')
  })

  it('every time fails its job after so many tries', async () => {
    const world = await makeWorld(({ store }) => ({ store: { ...store, read: () => Promise.reject(new Error('a bug of ours')) } }))
    const file = await storedFile(world, PEOPLE)
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    for (let i = 1; i < LIMITS.attemptsMax; i++) expect((await deliver(world, 'jobs', plan(job))).retried).toBe(1)
    expect((await deliver(world, 'jobs', plan(job))).acked).toBe(1)
    const failed = await jobNow(world, job)
    expect([failed.state, failed.attempt_count]).toEqual(['failed', LIMITS.attemptsMax])
    expect(JSON.parse(failed.error!)).toMatchObject({ code: 'chunk_failed' })
    expect(failed.error).not.toContain('a bug of ours')
    expect(await eventsOf(world, job.id)).toEqual(['job.failed'])
  })

  it('by dying is taken over after its lease, under a new fence', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE)
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await rowsOf(
      world,
      `UPDATE jobs SET state = 'running', fence = 1, attempt_count = 1, lease_until = ${world.now() + LIMITS.leaseMs} WHERE id = ?1`,
      job.id,
    )
    loseMessages(world)
    await deliver(world, 'jobs', plan(job))
    expect((await jobNow(world, job)).chunks_total).toBe(0)
    world.advance(LIMITS.leaseMs + 1)
    await fireTick(world)
    await drain(world)
    const done = await jobNow(world, job)
    expect(done.state).toBe('succeeded')
    expect(done.fence).toBeGreaterThanOrEqual(2)
  })

  it('with a body that nobody knows is sent back, not swallowed', async () => {
    const world = await makeWorld()
    expect(await deliver(world, 'jobs', { v: 2, kind: 'plan', job: 'job_x' } as never)).toEqual({ acked: 0, retried: 1 })
  })
})

describe('canceling', () => {
  const cancel = (world: Awaited<ReturnType<typeof makeWorld>>, job: { id: never | string }) =>
    world.ports.db.run(requestCancel(world.owner, job.id as never, world.now()))

  it('before the plan ends the job at once', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE)
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await cancel(world, job)
    await drain(world)
    const ended = await jobNow(world, job)
    expect([ended.state, ended.chunks_total]).toEqual(['canceled', 0])
  })

  it('between plan and chunk ends the job when its chunk comes up', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE, { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await deliver(world, 'jobs', plan(job))
    await cancel(world, job)
    expect((await jobNow(world, job)).state).toBe('canceling')
    await drain(world)
    expect((await jobNow(world, job)).state).toBe('canceled')
    expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.canceled'])
  })

  it('between the last chunk and the finish ends the job at once', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE, { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await deliver(world, 'jobs', plan(job))
    await deliver(world, 'chunks', { v: 1, job: job.id, k: 0 })
    expect((await jobNow(world, job)).chunks_done).toBe(1)
    expect((await cancelJob(world.ports, world.owner, job.id)).state).toBe('canceled')
    await drain(world)
    expect(await eventsOf(world, job.id)).toEqual(['job.started', 'job.canceled'])
  })

  it('while the plan is being made or the result is joined is left to whoever does it', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE, { autoAnalyse: false })
    const planning = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await claimPlan(world.ports.db, planning.id, world.now())
    expect((await cancelJob(world.ports, world.owner, planning.id)).state).toBe('canceling')
    const finishing = await submit(world, file.id, 'filter', { where: 'age > 61' })
    await deliver(world, 'jobs', plan(finishing))
    await deliver(world, 'chunks', { v: 1, job: finishing.id, k: 0 })
    await claimFinish(world.ports.db, finishing.id, world.now())
    expect((await cancelJob(world.ports, world.owner, finishing.id)).state).toBe('canceling')
  })

  it('after the end changes nothing', async () => {
    const world = await makeWorld()
    const file = await storedFile(world, PEOPLE, { autoAnalyse: false })
    const job = await submit(world, file.id, 'filter', { where: 'age > 60' })
    await drain(world)
    const before = await jobNow(world, job)
    await cancel(world, job)
    expect(await jobNow(world, job)).toEqual(before)
  })
})
