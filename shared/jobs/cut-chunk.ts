/** Cuts one claimed chunk: everything between its claim and its commit. */
import { assert } from '../base/assert.ts'
import { sha256 } from '../base/crypto.ts'
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { dialectOf } from '../csv/dialect.ts'
import { outgoing, sendKept } from '../events/outbox.ts'
import { fileOfSystem } from '../files/file.sql.ts'
import { fileKey, workKey } from '../files/object-key.ts'
import { bindSpec, operationOf } from '../operations/index.ts'
import type { Ports } from '../ports.ts'
import { JobCanceled } from './attempt.ts'
import { commitChunk, countChunkIfChanged, keepFinishIfLast } from './chunk.sql.ts'
import type { ChunkObject, ChunkResult, ChunkRow } from './chunk.ts'
import { ChunkOutput } from './chunk-output.ts'
import { inputOf } from './decode-input.ts'
import { readHeader } from './header.ts'
import { Heart } from './heart.ts'
import { jobOfSystem } from './job.sql.ts'
import { type JobPlan, type JobRow, planOf, specOf } from './job.ts'
import { passOver, type Source } from './pass.ts'

interface Work {
  readonly job: JobRow
  readonly plan: JobPlan
  readonly source: Source
}

const workOf = async (ports: Ports, chunk: ChunkRow): Promise<Work> => {
  const job = await jobOfSystem(ports.db, chunk.job_id)
  const plan = job && planOf(job)
  assert(job && plan, 'a chunk belongs to a job with a plan')
  const file = await fileOfSystem(ports.db, job.input_file)
  if (!file) throw new AppError('input_changed', 'The input file is gone.')
  const source = {
    ...inputOf(job, plan, file),
    dialect: dialectOf(plan.dialect),
    columns: plan.columns.length,
    start: chunk.range_start,
    end: chunk.range_end,
  }
  return { job, plan, source }
}

/** The state of the pass as an object of its own: it can be larger than what the database takes. Null: there is none. */
const keepState = async (ports: Ports, chunk: ChunkRow, state: Uint8Array): Promise<ChunkObject | null> => {
  if (state.length === 0) return null
  const digest = sha256(state)
  const object = await ports.store.put(workKey(chunk.job_id, chunk.k, chunk.fence), state, { sha256: digest })
  assert(object, 'a put without a condition is always taken')
  return { key: object.key, etag: object.etag, bytes: object.bytes, sha256: digest }
}

/** Commits what the pass came to; false: the fence is not ours any more, or the job does not run. */
const commit = async (ports: Ports, chunk: ChunkRow, result: ChunkResult): Promise<boolean> => {
  const now = ports.clock.now()
  const finish = outgoing(ports.ids, 'jobs', { v: 1, kind: 'finish', job: chunk.job_id })
  const [done, , kept] = await ports.db.batch([
    commitChunk(chunk, result, now),
    countChunkIfChanged(chunk.job_id, now),
    keepFinishIfLast(finish.id, chunk.job_id, finish.body, now + LIMITS.relayAfterMs, now),
  ])
  if (kept?.changes === 1) await sendKept(ports, [finish])
  return done?.changes === 1
}

const remove = async (ports: Ports, objects: readonly (ChunkObject | null)[]): Promise<void> => {
  for (const object of objects) if (object) await ports.store.remove(object.key)
}

/** Runs the claimed chunk and commits its result. Leaves no object behind where it fails. Throws what reading, writing or the job's end throws. */
export const cutChunk = async (ports: Ports, chunk: ChunkRow): Promise<void> => {
  const startedAt = ports.clock.now()
  const { job, plan, source } = await workOf(ports, chunk)
  const operation = operationOf(job.operation)
  const bound = bindSpec(operation, specOf(job), {
    file: job.input_file,
    etag: job.input_etag,
    dialect: source.dialect,
    columns: plan.columns,
  })
  const version = String(chunk.fence)
  const isFile = operation.makes === 'file' && bound.output !== null
  const places = {
    output: isFile ? { key: fileKey(job.owner_id, plan.resultFile, version), contentType: bound.output.contentType } : null,
    rejects: fileKey(job.owner_id, plan.rejectsFile, version),
  }
  const output = new ChunkOutput(ports, places, plan.headerLines)
  let result: ChunkResult
  try {
    const header = await readHeader(ports, source.key, source.etag, source.dialect)
    if (bound.output) output.keep(bound.output.header(header.bytes))
    const passed = await passOver(ports, source, bound, output, new Heart(ports, chunk))
    const state = await keepState(ports, chunk, passed.state)
    result = { ...passed, ...(await output.finish()), state }
  } catch (error) {
    await output.abort()
    if (operation.makes !== 'file') await ports.store.remove(workKey(chunk.job_id, chunk.k, chunk.fence))
    throw error
  }
  if (!(await commit(ports, chunk, result))) {
    await remove(ports, [result.output, result.rejects, result.state])
    throw new JobCanceled()
  }
  ports.log.info('chunk.done', {
    job: job.id,
    chunk: chunk.k,
    request: job.request_id,
    attempt: chunk.attempt_count,
    bytes_in: result.bytesIn,
    rows_in: result.rowsIn,
    rows_out: result.rowsOut,
    ms: ports.clock.now() - startedAt,
  })
}
