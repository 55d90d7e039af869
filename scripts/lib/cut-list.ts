/** The main job with a service at hand: hand over, cut, check the accounts, bring the result home. */
import type { JobResult, LineageEdge, NewJob } from '../../shared/client/api.ts'
import { dialectOf } from '../../shared/csv/dialect.ts'
import type { CutRequest } from './cut-args.ts'
import { orderFor, refuseWrongOrder } from './cut-order.ts'
import { fetchRejects, fetchResult } from './fetch-result.ts'
import type { Progress } from './progress.ts'
import { runJob } from './run-job.ts'
import { handOver, type LocalList, type Session } from './session.ts'
import { checkAccounts, type Done } from './summary.ts'

interface Input {
  readonly file: string
  readonly name: string
}

/** The file to cut: handed over, or looked up. */
const inputFile = async (session: Session, request: CutRequest, list: LocalList | null, progress: Progress): Promise<Input> => {
  if (list) return { file: (await handOver(session, list, request.hints, progress)).id, name: list.name }
  const { id, name, columns, dialect } = await session.api.file(request.source.kind === 'file' ? request.source.id : '')
  const isShapeKnown = columns && dialect && Object.keys(request.hints).length === 0
  refuseWrongOrder(orderFor(request), isShapeKnown ? { columns, dialect: dialectOf(dialect) } : null)
  return { file: id, name }
}

const jobFor = (request: CutRequest, input: string): NewJob => {
  const { operation, spec } = orderFor(request)
  // A list that was handed over has its hints already.
  const isHinted = request.source.kind === 'file' && Object.keys(request.hints).length > 0
  return { operation, input, spec: { ...spec, ...(isHinted ? { dialect: request.hints } : {}) } }
}

const edgeInto = async ({ api }: Session, result: JobResult): Promise<LineageEdge | null> => {
  if (!result.file) return null
  const { edges } = await api.lineage(result.file, { direction: 'ancestors', depth: 1 })
  return edges.find(({ child }) => child === result.file) ?? null
}

const outputOf = ({ file, bytes, rows = 0, sha256 = null }: JobResult): Done['output'] =>
  file ? { file, bytes: bytes ?? 0, rows, sha256 } : null

/** Cuts a list (null: the file that the request names). `result` is what the service found, for answers that are shown. */
export const cutList = async (
  session: Session,
  request: CutRequest,
  list: LocalList | null,
  progress: Progress,
): Promise<{ done: Done; result: JobResult }> => {
  const startedAt = Date.now()
  const input = await inputFile(session, request, list, progress)
  const job = await runJob(session, jobFor(request, input.file), progress)
  checkAccounts(job.progress)
  const result = (job.result ?? {}) as JobResult
  const place = await fetchResult(session, request.target, result, progress)
  const rejects = await fetchRejects(session, request.target, job)
  const edge = await edgeInto(session, result)
  progress.clear()
  const done = { name: input.name, clause: request.where, job, place, output: outputOf(result), rejects, edge, ms: Date.now() - startedAt }
  return { done, result }
}
