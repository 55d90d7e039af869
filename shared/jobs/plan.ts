/** Plans a job: fixes the dialect and the columns, checks the specification against them, cuts the input into chunks. All in one batch, for the holder of the fence. */
import { AppError } from '../base/errors.ts'
import { type ChunkPlan, planChunks } from '../csv/chunks.ts'
import { dialectView } from '../csv/dialect.ts'
import { insertEventIfChanged } from '../events/event.sql.ts'
import { makeEvent } from '../events/event.ts'
import { keptIn, sendKept } from '../events/outbox.ts'
import { fileOfSystem } from '../files/file.sql.ts'
import { type FileRow, hintsOf, shapeOf } from '../files/file.ts'
import { refuseUnreadable } from '../files/own.ts'
import { bindSpec, operationOf } from '../operations/index.ts'
import type { Ports } from '../ports.ts'
import { JobCanceled } from './attempt.ts'
import { insertChunksIfChanged } from './chunk.sql.ts'
import { inputBytes } from './chunk-source.ts'
import { decodeInput, inputOf } from './decode-input.ts'
import { readHeader } from './header.ts'
import { commitPlan } from './job.sql.ts'
import { type JobPlan, type JobRow, specOf } from './job.ts'
import { settleFile, sniffObject } from './settle.ts'
import { wakeChunks } from './wake.sql.ts'

const changed = () => new AppError('input_changed', 'The input file was replaced or deleted before the job could start.')

/** The input as the job was submitted on it, looked at by now: whoever comes first, its storage event or its first job, settles it. */
const settledInput = async (ports: Ports, job: JobRow): Promise<FileRow> => {
  const before = await fileOfSystem(ports.db, job.input_file)
  if (before?.state === 'stored') await settleFile(ports, before)
  const file = before?.state === 'stored' ? await fileOfSystem(ports.db, job.input_file) : before
  if (!file || file.etag !== job.input_etag) throw changed()
  refuseUnreadable(file)
  return file
}

/** Dialect and columns: the file's, or what is found with the dialect that this job's specification names. */
const shapeForJob = async (ports: Ports, job: JobRow, file: FileRow) => {
  const hints = specOf(job).dialect
  if (!hints) {
    const shape = shapeOf(file)
    if (!shape) throw changed()
    return shape
  }
  const sniffed = await sniffObject(ports, file, { ...hintsOf(file), ...hints })
  if (!sniffed) throw changed()
  if (!sniffed.ok) throw new AppError(sniffed.problem.code, sniffed.problem.detail)
  return { dialect: sniffed.dialect, columns: sniffed.columns }
}

/** Plans the claimed job. Throws what is wrong with input or specification; JobCanceled if it was canceled meanwhile. */
export const planJob = async (ports: Ports, job: JobRow): Promise<void> => {
  const file = await settledInput(ports, job)
  const { dialect, columns } = await shapeForJob(ports, job, file)
  const bound = bindSpec(operationOf(job.operation), specOf(job), { file: file.id, etag: job.input_etag, dialect, columns })
  const decoded = dialect.decodedFrom && (await decodeInput(ports, job, file, dialect.decodedFrom))
  const input = inputOf(job, { decoded }, file)
  const header = await readHeader(ports, input.key, input.etag, dialect)
  const plan: JobPlan = {
    dialect: dialectView(dialect),
    columns,
    decoded,
    headerLines: header.lines,
    resultFile: ports.ids.make('file'),
    rejectsFile: ports.ids.make('file'),
  }
  const chunks = planChunks(dialect.headerEnd, inputBytes(job, plan), ports.sizes)
  await commit(ports, job, plan, chunks, bound.isSequential)
}

/** The plan, the chunks and the messages of the first of them, in one batch. Throws JobCanceled. */
const commit = async (ports: Ports, job: JobRow, plan: JobPlan, chunks: ChunkPlan, isSequential: boolean): Promise<void> => {
  const { headerEnd, size, chunkBytes, count } = chunks
  const now = ports.clock.now()
  const started = makeEvent(ports.ids, {
    owner: job.owner_id,
    kind: 'job.started',
    subject: job.id,
    payload: { job: job.id, chunks: count },
    requestId: job.request_id,
  })
  const names = Array.from({ length: Math.min(count, ports.sizes.parallelPerJob) }, () => ports.ids.make('out'))
  const outcomes = await ports.db.batch([
    commitPlan(job.id, job.fence, plan, count),
    insertChunksIfChanged(job.id, { start: headerEnd, end: size, chunkBytes, count }, isSequential),
    insertEventIfChanged(started, now),
    ...wakeChunks(job.id, names, ports.sizes, now),
  ])
  if (outcomes[0]?.changes !== 1) {
    if (plan.decoded) await ports.store.remove(plan.decoded.key)
    throw new JobCanceled()
  }
  await sendKept(ports, keptIn(outcomes))
  ports.log.info('job.planned', { job: job.id, chunks: count, request: job.request_id })
}
