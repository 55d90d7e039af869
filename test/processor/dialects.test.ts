/** Jobs on files whose dialect only the plain scanner reads. */
import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { profileText } from '../../shared/files/content.ts'
import { jobView } from '../../shared/jobs/job.ts'
import { contentOf, drain, fileNow, jobNow, makeWorld, storedFile, submit } from '../support/processor.ts'

const CASES: readonly (readonly [name: string, csv: string, hints: object, where: string, cut: string])[] = [
  ['comments that the sniffer finds', '# made by hand\nname,age\nAda,36\n# older\nBob,70\n', {}, 'age > 60', 'name,age\nBob,70\n'],
  [
    'a delimiter of two bytes',
    'name::age\nA:da::36\n"B::ob"::70\n',
    { delimiter: '::' },
    "name = 'B::ob' AND age > 60",
    'name::age\n"B::ob"::70\n',
  ],
  [
    'escapes, quoted and not',
    'name,age\nA\\,da,36\n"B\\"ob",70\nC\\\\yd,80\n',
    { escape: '\\' },
    `name IN ('A,da', 'B"ob')`,
    'name,age\nA\\,da,36\n"B\\"ob",70\n',
  ],
  [
    'escapes and no quotes',
    'name\tage\nA\\\tda\t36\n"Bob\t70\n',
    { delimiter: '\t', quote: null, escape: '\\' },
    `name = '"Bob'`,
    'name\tage\n"Bob\t70\n',
  ],
]

describe.each(CASES)('a file with %s', (_, csv, hints, where, cut) => {
  it('is cut, and its rows come out as they came', async () => {
    const world = await makeWorld()
    const { id } = await storedFile(world, csv, { hints, autoAnalyse: false })
    const job = await submit(world, id, 'filter', { where })
    await drain(world)
    const done = await jobNow(world, job)
    expect([done.state, await contentOf(world, done.result_file!)]).toEqual(['succeeded', cut])
    expect(jobView(done, world.now()).notes).toEqual([expect.stringContaining('read by the plain one')])
  })
})

it('a job on any other file has no notes', async () => {
  const world = await makeWorld()
  const { id } = await storedFile(world, 'a,b\n1,2\n', { autoAnalyse: false })
  const job = await submit(world, id, 'filter', { where: 'a > 0' })
  expect(jobView(await jobNow(world, job), world.now()).notes).toEqual([])
  await drain(world)
  expect(jobView(await jobNow(world, job), world.now()).notes).toEqual([])
})

it('comments are counted among the warnings of a job, and are none of its rows', async () => {
  const world = await makeWorld()
  const { id } = await storedFile(world, 'a,b\n1,2\n;x\n;y\n3,4\n', { hints: { comment: ';' }, autoAnalyse: false })
  const job = await submit(world, id, 'filter', { where: 'a > 0' })
  await drain(world)
  const done = await jobNow(world, job)
  expect([done.rows_in, done.rows_out, done.rows_rejected]).toEqual([2, 2, 0])
  expect(JSON.parse(done.warnings)).toEqual([{ code: 'comment_line', count: 2, first: { record: 2, line: 3, byte_offset: 8 } }])
})

it('a profile speaks of fields as they are meant', async () => {
  const world = await makeWorld()
  const { id } = await storedFile(world, 'name||age\nA\\||da||36\n"B||ob"||70\n', {
    hints: { delimiter: '||', escape: '\\' },
    autoAnalyse: false,
  })
  await submit(world, id, 'analyse', {})
  await drain(world)
  const { columns } = JSON.parse(await profileText(world.ports, await fileNow(world, id)))
  expect(columns.map(({ type, min, max }: { type: string; min: unknown; max: unknown }) => [type, min, max])).toEqual([
    ['text', 'A||da', 'B||ob'],
    ['integer', 36, 70],
  ])
})

it('a comment longer than a record may be is passed over', async () => {
  const world = await makeWorld()
  const { id } = await storedFile(world, `a,b\n1,2\n#${'x'.repeat(LIMITS.recordBytesMax)}\n3,4\n`, {
    hints: { comment: '#' },
    autoAnalyse: false,
  })
  const job = await submit(world, id, 'filter', { where: 'a > 0' })
  await drain(world)
  const done = await jobNow(world, job)
  expect([done.rows_in, done.rows_rejected, await contentOf(world, done.result_file!)]).toEqual([2, 0, 'a,b\n1,2\n3,4\n'])
})

describe('columns of a file with escapes', () => {
  const ESCAPED = 'name,note\nA\\,da,"x\\"y"\nBo\\\\b,c\\d\n'
  it.each<[string, object, string]>([
    ['keep their meaning in its own dialect', { columns: ['note', 'name'] }, 'note,name\n"x\\"y","A,da"\ncd,"Bo\\\\b"\n'],
    ['in a plain CSV', { format: 'csv' }, 'name,note\n"A,da","x""y"\nBo\\b,cd\n'],
    ['as objects', { format: 'ndjson' }, '{"name":"A,da","note":"x\\"y"}\n{"name":"Bo\\\\b","note":"cd"}\n'],
  ])('%s', async (_, more, expected) => {
    const world = await makeWorld()
    const { id } = await storedFile(world, ESCAPED, { hints: { escape: '\\' }, autoAnalyse: false })
    const job = await submit(world, id, 'filter', { where: 'name IS NOT NULL', ...more })
    await drain(world)
    const done = await jobNow(world, job)
    expect([done.error, await contentOf(world, done.result_file!)]).toEqual([null, expected])
  })

  it('without quotes get quotes where they need them', async () => {
    const world = await makeWorld()
    const { id } = await storedFile(world, 'a\tb\nx\\\ty\t1\n', {
      hints: { delimiter: '\t', quote: null, escape: '\\' },
      autoAnalyse: false,
    })
    const job = await submit(world, id, 'filter', { where: 'b = 1', columns: ['b', 'a'] })
    await drain(world)
    expect(await contentOf(world, (await jobNow(world, job)).result_file!)).toBe('b\ta\n1\t"x\ty"\n')
  })
})
