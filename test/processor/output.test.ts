/** One job for each form that a result can have, through the real runtime: its file, its bytes, its accounts, and what can be done with it. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/base/errors.ts'
import type { FileId } from '../../shared/base/ids.ts'
import { shapeOf } from '../../shared/files/file.ts'
import { markFound, markMissing } from '../../shared/files/settle.sql.ts'
import { appeared } from '../../shared/files/storage-events.ts'
import {
  contentOf,
  deliver,
  drain,
  eventsOf,
  fileNow,
  jobNow,
  makeWorld,
  rowsOf,
  storedFile,
  submit,
  type World,
} from '../support/processor.ts'

const PEOPLE = 'name,age,state\nAda,36,NY\n"Cyd, Jr.",81,\nDot,,VT\nEve,=1+1,NY\n'

const cut = async (world: World, spec: object, csv: string | Uint8Array = PEOPLE) => {
  const input = await storedFile(world, csv, { autoAnalyse: false })
  const { id } = await submit(world, input.id, 'filter', spec)
  await drain(world)
  const job = await jobNow(world, { id })
  return { input, job, file: job.result_file && (await fileNow(world, job.result_file)) }
}

const CUTS: readonly (readonly [what: string, spec: object, name: string, type: string, content: string])[] = [
  ['a CSV as it came', { where: "state = 'NY'" }, 'people.csv.cut.csv', 'text/csv; charset=utf-8', 'name,age,state\nAda,36,NY\nEve,=1+1,NY\n'],
  ['other columns', { where: 'age > 1', columns: ['age', { name: 'name', as: 'who' }] }, 'people.csv.cut.csv', 'text/csv; charset=utf-8', 'age,who\n36,Ada\n81,"Cyd, Jr."\n'],
  ['tabs', { limit: 2, format: 'tsv' }, 'people.csv.cut.tsv', 'text/tab-separated-values; charset=utf-8', 'name\tage\tstate\nAda\t36\tNY\n"Cyd, Jr."\t81\t\n'],
  ['another dialect', { offset: 3, output_dialect: { delimiter: ';', newline: 'crlf' }, formula_guard: true }, 'people.csv.cut.csv', 'text/csv; charset=utf-8', 'name;age;state\r\nEve;"\'=1+1";NY\r\n'],
  ['objects', { where: 'age IS NULL', format: 'ndjson' }, 'people.csv.cut.ndjson', 'application/x-ndjson', '{"name":"Dot","age":null,"state":"VT"}\n'],
  ['arrays', { where: 'age > 40', format: 'arrays' }, 'people.csv.cut.jsonl', 'application/x-ndjson', '["name","age","state"]\n["Cyd, Jr.","81",null]\n'],
] // biome-ignore format: a table

describe('a job that writes', () => {
  it.each(CUTS)('%s', async (_, spec, name, type, content) => {
    const world = await makeWorld()
    const { job, file } = await cut(world, spec)
    expect(job.state).toBe('succeeded')
    expect(file).toMatchObject({ state: 'ready', name, content_type: type, bytes: content.length, job_id: job.id })
    expect(await contentOf(world, job.result_file!)).toBe(content)
    expect(job.rows_out + job.rows_filtered + job.rows_rejected).toBe(4)
    expect((await env.BUCKET.head(file!.object_key))!.httpMetadata?.contentType).toBe(type)
    expect(await eventsOf(world, file!.id)).toEqual(['file.ready'])
    const [edge] = await rowsOf<{ kind: string }>(world, `SELECT kind FROM edges WHERE child_file = ?1`, file!.id)
    expect(edge).toEqual({ kind: 'CUT_FROM' })
  })

  it('a CSV of its own dialect has it as hints: it is read as it was written, and profiled', async () => {
    const world = await makeWorld()
    const { file } = await cut(
      world,
      { columns: ['age', 'name'], output_dialect: { delimiter: '|', quote: "'", header: false } },
      'name,age\n1,"2|"\n3,4\n',
    )
    const { dialect, columns } = shapeOf(file!)!
    expect([dialect.delimiter, dialect.quote, dialect.header, columns]).toEqual(['|', "'", false, ['column1', 'column2']])
    expect((await fileNow(world, file!.id)).rows).toBe(2)
  })

  it('counts what the formula guard changed as a warning with its place in the file', async () => {
    const world = await makeWorld()
    const { job } = await cut(world, { formula_guard: true })
    expect(JSON.parse(job.warnings)).toEqual([{ code: 'formula_guarded', count: 1, first: { record: 4, line: 5, byte_offset: 52 } }])
  })

  it('keeps a sample that is the same the second time and counts the rest as filtered', async () => {
    const world = await makeWorld()
    const csv = `n\n${Array.from({ length: 2_000 }, (_, i) => `${i}\n`).join('')}`
    const input = await storedFile(world, csv, { autoAnalyse: false })
    const outputs: string[] = []
    for (let i = 0; i < 2; i++) {
      const { id } = await submit(world, input.id, 'filter', { sample: { rate: 0.1, seed: 5 } })
      await drain(world)
      const job = await jobNow(world, { id })
      expect(job.rows_in).toBe(2_000)
      expect(job.rows_out + job.rows_filtered).toBe(2_000)
      outputs.push(await contentOf(world, job.result_file!))
    }
    expect(outputs[0]).toBe(outputs[1])
    expect(outputs[0]!.split('\n').length).toBeGreaterThan(100)
  })
})

describe('a result that is no CSV', () => {
  const ndjson = async (world: World) => (await cut(world, { format: 'ndjson', columns: ['name', 'age'] })).file!

  it('is ready with its format, columns and rows, without dialect or profile, and says so', async () => {
    const world = await makeWorld()
    const file = await ndjson(world)
    expect(file).toMatchObject({ state: 'ready', format: 'ndjson', rows: 4, columns: '["name","age"]', profile: null })
    expect(shapeOf(file)).toBeNull()
    expect(JSON.parse(file.notes)).toEqual(['One JSON object a line: to be downloaded; jobs and profiles take CSV.'])
    expect(await rowsOf(world, `SELECT id FROM jobs WHERE input_file = ?1`, file.id)).toEqual([])
  })

  it('is refused as the input of a job', async () => {
    const world = await makeWorld()
    const file = await ndjson(world)
    const refused = await submit(world, file.id as FileId, 'analyse', {}).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(AppError)
    expect((refused as AppError).code).toBe('file_not_csv')
  })

  it('that was missing and is back is ready again', async () => {
    const world = await makeWorld()
    const file = await ndjson(world)
    await world.ports.db.run(markMissing(file.id, file.etag!))
    await world.ports.db.run(markFound(file.id, file.etag!))
    const object = (await world.ports.store.head(file.object_key))!
    await deliver(world, 'file-events', appeared('PutObject', object, world.now()))
    expect(await fileNow(world, file.id)).toMatchObject({ state: 'ready', format: 'ndjson', problem: null })
  })

  it('without a single row is ready too', async () => {
    const world = await makeWorld()
    const { file } = await cut(world, { where: 'FALSE', format: 'ndjson' })
    expect(file).toMatchObject({ state: 'ready', bytes: 0, rows: 0 })
  })
})
