/** Joins what a job's chunks left into its result: files, edges, counts, the one end event, in one batch under the fence. */
import { assert } from '../base/assert.ts'
import { base64, fromHex, utf8 } from '../base/bytes.ts'
import { AppError } from '../base/errors.ts'
import type { FileId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { dialectOf } from '../csv/dialect.ts'
import { profileSummary } from '../csv/profile/summary.ts'
import type { Profile } from '../csv/profile/view.ts'
import type { Warning } from '../csv/scanner.ts'
import type { Stmt } from '../db/db.ts'
import { readAll } from '../files/blocks.ts'
import { fileOfSystem } from '../files/file.sql.ts'
import type { FileRow } from '../files/file.ts'
import { resultName } from '../files/name.ts'
import { profileKey } from '../files/object-key.ts'
import { keepProfile } from '../files/settle.sql.ts'
import { insertEdgeIfChanged } from '../lineage/edge.sql.ts'
import type { NewEdge } from '../lineage/edge.ts'
import { bindSpec, operationOf } from '../operations/index.ts'
import type { AnyOperation, Bound, Output } from '../operations/operation.ts'
import type { Ports } from '../ports.ts'
import { JobCanceled, withEndEvent } from './attempt.ts'
import { chunksOf } from './chunk.sql.ts'
import { type ChunkObject, type ChunkResult, resultOf } from './chunk.ts'
import { inputOf } from './decode-input.ts'
import { readHeader } from './header.ts'
import { type JobOutcome, succeedJob } from './job.sql.ts'
import { type JobPlan, type JobRow, planOf, specOf } from './job.ts'
import { insertResultFile, type ResultFile } from './result-file.sql.ts'
import { removeWorkOfEnded } from './work.ts'

const NO_BYTES = new Uint8Array(0)

interface Finish {
  readonly job: JobRow
  readonly plan: JobPlan
  readonly file: FileRow
  readonly operation: AnyOperation
  readonly bound: Bound
  readonly chunks: readonly ChunkResult[]
}

/** The objects that the job made. */
interface Made {
  readonly output: ChunkObject | null
  readonly rejects: ChunkObject | null
}

const load = async (ports: Ports, job: JobRow): Promise<Finish> => {
  const plan = planOf(job)
  const file = await fileOfSystem(ports.db, job.input_file)
  const chunks = (await chunksOf(ports.db, job.id)).map(resultOf)
  assert(plan && file, 'a job that is finished has a plan and an input')
  assert(chunks.length === job.chunks_total && chunks.every((chunk) => chunk !== null), 'every chunk of a job that is finished is done')
  const operation = operationOf(job.operation)
  const input = { file: file.id, etag: job.input_etag, dialect: dialectOf(plan.dialect), columns: plan.columns }
  return { job, plan, file, operation, bound: bindSpec(operation, specOf(job), input), chunks: chunks as ChunkResult[] }
}

const sum = (chunks: readonly ChunkResult[], of: (chunk: ChunkResult) => number): number =>
  chunks.reduce((total, chunk) => total + of(chunk), 0)

/** The state of all chunks, joined from left to right. */
const joinedState = async (
  ports: Ports,
  { chunks }: Finish,
  merge: (left: Uint8Array, right: Uint8Array) => Uint8Array,
): Promise<Uint8Array> => {
  let joined: Uint8Array | null = null
  for (const { state } of chunks) {
    if (!state) continue
    const stream = await ports.store.read(state.key, state.etag)
    if (!stream) throw new AppError('storage_unavailable', 'The state of a chunk cannot be read.')
    const bytes = await readAll(stream, state.bytes)
    joined = joined ? merge(joined, bytes) : bytes
  }
  return joined ?? NO_BYTES
}

/** The one object that the chunks made. One chunk a job, until results are composed from several. */
const onlyObject = (objects: readonly (ChunkObject | null)[]): ChunkObject | null => {
  assert(objects.length === 1, 'a job has one chunk')
  return objects[0] ?? null
}

/** What had to be replaced when the input was decoded. */
const replacedIn = ({ decoded }: JobPlan) =>
  decoded?.replaced
    ? [{ code: 'replaced_character' as const, count: decoded.replaced.count, first: { byte_offset: decoded.replaced.byteOffset } }]
    : []

/** The warnings of the job: places count from the beginning of the file. */
const warningsOf = (chunks: readonly ChunkResult[], plan: JobPlan) => [
  ...replacedIn(plan),
  ...chunks.flatMap(({ warnings }) =>
    warnings.map(({ code, count, first }: Warning) => ({
      code,
      count,
      first: { record: first.record, line: first.line + plan.headerLines, byte_offset: first.byteOffset },
    })),
  ),
]

const resultJson = (result: ChunkObject | null, file: string | null, rows: number) => ({
  file,
  rows,
  bytes: result?.bytes ?? null,
  sha256: result?.sha256 ?? null,
  repr_digest: result ? `sha-256=:${base64(fromHex(result.sha256))}:` : null,
  url: file && `/api/v1/files/${file}/content`,
  expires_at: null,
})

/** Writes a profile where it is kept, and says how it goes with its file. */
const keepAnswer = async (
  ports: Ports,
  { job, file, operation }: Finish,
  answer: Record<string, unknown>,
): Promise<{ statements: Stmt[]; shown: object }> => {
  if (operation.makes !== 'profile') return { statements: [], shown: answer }
  const key = profileKey(file.id, job.input_etag)
  await ports.store.put(key, utf8(JSON.stringify(answer)), { contentType: 'application/json' })
  const profile = answer as unknown as Profile
  const summary = profileSummary(profile, LIMITS.profileSummaryBytesMax)
  return {
    statements: [keepProfile(file.id, job.input_etag, { key, summary, rows: profile.rows }, job.id, job.fence)],
    shown: { profile: `/api/v1/files/${file.id}/profile` },
  }
}

/** What the job came to, as its row says it. */
const outcomeOf = ({ plan, chunks }: Finish, { output, rejects }: Made, shown: object): JobOutcome => {
  const rowsOut = sum(chunks, (c) => c.rowsOut)
  const resultFile = output && plan.resultFile
  return {
    bytesIn: plan.dialect.header_end + sum(chunks, (c) => c.bytesIn),
    rowsIn: sum(chunks, (c) => c.rowsIn),
    rowsOut,
    rowsFiltered: sum(chunks, (c) => c.rowsFiltered),
    rowsRejected: sum(chunks, (c) => c.rowsRejected),
    blankLines: sum(chunks, (c) => c.blankLines),
    warnings: warningsOf(chunks, plan),
    result: { ...resultJson(output, resultFile, rowsOut), ...shown },
    resultFile,
    rejectsFile: rejects && plan.rejectsFile,
  }
}

/** The operation's answer over all chunks. */
const answerOf = async (ports: Ports, finish: Finish): Promise<Record<string, unknown>> => {
  const { job, plan, file, operation, bound, chunks } = finish
  const dialect = dialectOf(plan.dialect)
  const input = inputOf(job, plan, file)
  const header = operation.makes === 'answer' ? (await readHeader(ports, input.key, input.etag, dialect)).bytes : NO_BYTES
  const counts = { rows: sum(chunks, (c) => c.rowsIn), blankLines: sum(chunks, (c) => c.blankLines) }
  const totals = { ...counts, header, warnings: warningsOf(chunks, plan) }
  return bound.finish(await joinedState(ports, finish, bound.merge), totals)
}

/** Finishes the claimed job. Throws JobCanceled if it was canceled meanwhile. */
export const finishJob = async (ports: Ports, job: JobRow): Promise<void> => {
  const finish = await load(ports, job)
  const { operation, chunks } = finish
  const made = { output: onlyObject(chunks.map((chunk) => chunk.output)), rejects: onlyObject(chunks.map((chunk) => chunk.rejects)) }
  const { statements, shown } = await keepAnswer(ports, finish, await answerOf(ports, finish))
  const outcome = outcomeOf(finish, made, shown)
  const now = ports.clock.now()
  const files = [
    ...(made.output ? [insertResultFile(job.id, job.fence, resultRow(finish, made.output, outcome.rowsOut), now)] : []),
    ...(made.rejects ? [insertResultFile(job.id, job.fence, rejectsRow(finish, made.rejects), now)] : []),
  ]
  const edges = [
    ...(outcome.resultFile ? [insertEdgeIfChanged(edgeTo(job, outcome.resultFile, operation.edge), now)] : []),
    ...(outcome.rejectsFile ? [insertEdgeIfChanged(edgeTo(job, outcome.rejectsFile, 'DERIVED_FROM'), now)] : []),
  ]
  const succeeded = succeedJob(job.id, job.fence, outcome, now)
  const outcomes = await ports.db.batch(withEndEvent(job.id, [...files, succeeded, ...edges, ...statements], now))
  if (outcomes[files.length]?.changes !== 1) throw new JobCanceled()
  if (finish.plan.decoded || chunks.some(({ state }) => state)) await removeWorkOfEnded(ports, job.id)
  const { rowsIn, rowsOut } = outcome
  ports.log.info('job.succeeded', { job: job.id, request: job.request_id, rows_in: rowsIn, rows_out: rowsOut, ms: now - job.created_at })
}

/** The edge from the job's input to a file that it made. */
const edgeTo = (job: JobRow, child: FileId, kind: NewEdge['kind']): NewEdge => ({
  owner: job.owner_id,
  parent: job.input_file,
  child,
  job: job.id,
  kind,
  operation: job.operation,
  spec: job.spec,
  specSha256: job.spec_sha256,
  engineVersion: job.engine_version,
  inputEtag: job.input_etag,
})

/** What there is to know of a file of this form: a CSV is looked at like any other, by the dialect it was written in; of another, nobody will find out more. */
const factsOf = ({ format, contentType, columns, hints }: Output, rows: number) =>
  format === 'csv'
    ? { format, contentType, hints, columns: null, rows: null, autoAnalyse: true }
    : { format, contentType, hints, columns, rows, autoAnalyse: false }

const resultRow = ({ job, plan, file, operation, bound: { output } }: Finish, object: ChunkObject, rows: number): ResultFile => {
  assert(output, 'an operation that makes a file says what kind of file')
  return {
    id: plan.resultFile,
    name: job.name ?? resultName(file.name, output.suffix),
    object,
    systemTags: [operation.name],
    userTags: JSON.parse(job.tags) as string[],
    ...factsOf(output, rows),
  }
}

const rejectsRow = ({ plan, file }: Finish, object: ChunkObject): ResultFile => ({
  id: plan.rejectsFile,
  name: resultName(file.name, '.rejects.csv'),
  object,
  format: 'csv',
  contentType: 'text/csv; charset=utf-8',
  hints: {},
  columns: null,
  rows: null,
  systemTags: ['rejects'],
  userTags: [],
  autoAnalyse: false,
})
