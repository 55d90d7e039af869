/** Makes a job's result of what its chunks left: its objects, then files, edges, counts, the one end event, in one batch under the fence. A large result takes several messages. */
import { assert } from '../base/assert.ts'
import { base64, fromHex, utf8 } from '../base/bytes.ts'
import type { FileId } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import { dialectOf } from '../csv/dialect.ts'
import { profileSummary } from '../csv/profile/summary.ts'
import type { Profile } from '../csv/profile/view.ts'
import type { Stmt } from '../db/db.ts'
import { keepIfChanged, outgoing, sendKept } from '../events/outbox.ts'
import { fileOfSystem } from '../files/file.sql.ts'
import type { FileRow } from '../files/file.ts'
import { resultName } from '../files/name.ts'
import { jobVersion, profileKey } from '../files/object-key.ts'
import { putOnce } from '../files/put-once.ts'
import { keepProfile } from '../files/settle.sql.ts'
import { insertEdgeIfChanged } from '../lineage/edge.sql.ts'
import type { NewEdge } from '../lineage/edge.ts'
import { bindSpec, operationOf } from '../operations/index.ts'
import type { AnyOperation, Bound, Output } from '../operations/operation.ts'
import type { Ports } from '../ports.ts'
import { JobCanceled } from './attempt.ts'
import { chunksOf } from './chunk.sql.ts'
import { type ChunkObject, type ChunkResult, resultOf } from './chunk.ts'
import { inputBytes } from './chunk-source.ts'
import { yieldFinish } from './composition.sql.ts'
import { inputOf } from './decode-input.ts'
import { endJob } from './end.ts'
import { readHeader } from './header.ts'
import { type JobOutcome, succeedJob } from './job.sql.ts'
import { type JobPlan, type JobRow, planOf, specOf } from './job.ts'
import { joinedState } from './joined-state.ts'
import { joinedWarnings } from './places.ts'
import { insertResultFile, type ResultFile } from './result-file.sql.ts'
import { type Made, makeObjects } from './result-objects.ts'

const NO_BYTES = new Uint8Array(0)

export interface Finish {
  readonly job: JobRow
  readonly plan: JobPlan
  readonly file: FileRow
  readonly operation: AnyOperation
  readonly bound: Bound
  /** Of the chunks in which lines begin, in order. */
  readonly chunks: readonly ChunkResult[]
}

const load = async (ports: Ports, job: JobRow): Promise<Finish> => {
  const plan = planOf(job)
  const file = await fileOfSystem(ports.db, job.input_file)
  const rows = await chunksOf(ports.db, job.id)
  assert(plan && file, 'a job that is finished has a plan and an input')
  assert(rows.length === job.chunks_total && rows.every(({ state }) => state === 'done'), 'every chunk of a job that is finished is done')
  const chunks = rows.map(resultOf).filter((chunk) => chunk !== null)
  const read = plan.dialect.header_end + sum(chunks, (chunk) => chunk.bytesIn)
  assert(read === inputBytes(job, plan), 'the chunks of a job that is finished have read its whole input')
  const operation = operationOf(job.operation)
  const input = { file: file.id, etag: job.input_etag, dialect: dialectOf(plan.dialect), columns: plan.columns }
  return { job, plan, file, operation, bound: bindSpec(operation, specOf(job), input), chunks }
}

const sum = (chunks: readonly ChunkResult[], of: (chunk: ChunkResult) => number): number =>
  chunks.reduce((total, chunk) => total + of(chunk), 0)

/** What had to be replaced when the input was decoded. */
const replacedIn = ({ decoded }: JobPlan) =>
  decoded?.replaced
    ? [{ code: 'replaced_character' as const, count: decoded.replaced.count, first: { byte_offset: decoded.replaced.byteOffset } }]
    : []

/** The warnings of the job, one a kind: places count from the beginning of the file. */
const warningsOf = (chunks: readonly ChunkResult[], plan: JobPlan) => [...replacedIn(plan), ...joinedWarnings(chunks, plan.headerLines)]

const digestOf = (sha256: string | null | undefined): string | null => (sha256 ? `sha-256=:${base64(fromHex(sha256))}:` : null)

const resultJson = (result: ChunkObject | null, file: string | null, rows: number) => ({
  file,
  rows,
  bytes: result?.bytes ?? null,
  sha256: result?.sha256 ?? null,
  repr_digest: digestOf(result?.sha256),
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
  const key = profileKey(file.id, job.input_etag, jobVersion(job.id, job.fence))
  await putOnce(ports.store, key, utf8(JSON.stringify(answer)), { contentType: 'application/json' })
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

/** The operation's answer over all chunks, of their joined state. */
const answerOf = async (ports: Ports, finish: Finish, state: Uint8Array): Promise<Record<string, unknown>> => {
  const { job, plan, file, operation, bound, chunks } = finish
  const dialect = dialectOf(plan.dialect)
  const input = inputOf(job, plan, file)
  const header = operation.makes === 'answer' ? (await readHeader(ports, input.key, input.etag, dialect)).bytes : NO_BYTES
  const counts = { rows: sum(chunks, (c) => c.rowsIn), blankLines: sum(chunks, (c) => c.blankLines) }
  const totals = { ...counts, header, warnings: warningsOf(chunks, plan) }
  return bound.finish(state, totals)
}

/** Leaves the rest to another message. */
const goOn = async (ports: Ports, job: JobRow): Promise<void> => {
  const message = outgoing(ports.ids, 'jobs', { v: 1, kind: 'finish', job: job.id })
  const [yielded] = await ports.db.batch([yieldFinish(job), keepIfChanged(message, ports.clock.now())])
  if (yielded?.changes !== 1) throw new JobCanceled()
  await sendKept(ports, [message])
  ports.log.info('job.finish_goes_on', { job: job.id, request: job.request_id })
}

/** Finishes the claimed job, or as much as one message does. Throws JobCanceled if it was canceled meanwhile. */
export const finishJob = async (ports: Ports, job: JobRow): Promise<void> => {
  const finish = await load(ports, job)
  const { composeBytesMax, composePartsMax, composeMsMax } = ports.sizes
  const budget = { bytes: composeBytesMax, parts: composePartsMax, until: ports.clock.now() + composeMsMax }
  const state = await joinedState(ports, job, finish.chunks, finish.bound, budget)
  const made = state && (await makeObjects(ports, finish, budget))
  return made ? publish(ports, finish, made, state) : goOn(ports, job)
}

const publish = async (ports: Ports, finish: Finish, made: Made, state: Uint8Array): Promise<void> => {
  const { job, operation } = finish
  const { statements, shown } = await keepAnswer(ports, finish, await answerOf(ports, finish, state))
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
  const outcomes = await endJob(ports, job.id, [...files, succeeded, ...edges, ...statements], now)
  if (outcomes[files.length]?.changes !== 1) throw new JobCanceled()
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
