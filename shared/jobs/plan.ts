/** Plans a job: fixes the dialect and the columns, checks the specification against them, cuts the input into chunks. All in one batch, for the holder of the fence. */
import { AppError } from '../base/errors.ts'
import { dialectView } from '../csv/dialect.ts'
import { insertEventIfChanged } from '../events/event.sql.ts'
import { makeEvent } from '../events/event.ts'
import { keepIfChanged, outgoing, sendKept } from '../events/outbox.ts'
import { fileOfSystem } from '../files/file.sql.ts'
import { type FileRow, hintsOf, shapeOf } from '../files/file.ts'
import { refuseUnreadable } from '../files/own.ts'
import { bindSpec, operationOf } from '../operations/index.ts'
import type { Ports } from '../ports.ts'
import { JobCanceled } from './attempt.ts'
import { insertChunkIfChanged } from './chunk.sql.ts'
import { decodeInput, inputOf } from './decode-input.ts'
import { readHeader } from './header.ts'
import { commitPlan } from './job.sql.ts'
import { type JobPlan, type JobRow, specOf } from './job.ts'
import { settleFile, sniffObject } from './settle.ts'

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
  bindSpec(operationOf(job.operation), specOf(job), { file: file.id, etag: job.input_etag, dialect, columns })
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
  const now = ports.clock.now()
  const started = makeEvent(ports.ids, {
    owner: job.owner_id,
    kind: 'job.started',
    subject: job.id,
    payload: { job: job.id, chunks: 1 },
    requestId: job.request_id,
  })
  const message = outgoing(ports.ids, 'chunks', { v: 1, job: job.id, k: 0 })
  const [committed] = await ports.db.batch([
    commitPlan(job.id, job.fence, plan, 1),
    insertChunkIfChanged(job.id, 0, dialect.headerEnd, decoded?.bytes ?? job.input_bytes, now),
    insertEventIfChanged(started, now),
    keepIfChanged(message, now),
  ])
  if (committed?.changes !== 1) {
    if (decoded) await ports.store.remove(decoded.key)
    throw new JobCanceled()
  }
  await sendKept(ports, [message])
  ports.log.info('job.planned', { job: job.id, chunks: 1, request: job.request_id })
}
