/** The one way to make a job, for whoever wants one: a request, an arrival, later a trigger or a batch. */
import { AppError, isOutcomeUnknown } from '../base/errors.ts'
import type { FileId, JobId, UserId } from '../base/ids.ts'
import { canonicalJson, jsonSha256 } from '../base/json.ts'
import { LIMITS } from '../base/limits.ts'
import { ENGINE_VERSION } from '../base/version.ts'
import { type DialectHints, hintsProblem } from '../csv/sniff/hints.ts'
import type { Stmt } from '../db/db.ts'
import type { OutboxRow } from '../events/outbox.sql.ts'
import { outgoing, sendKept } from '../events/outbox.ts'
import { type FileRow, hintsOf, shapeOf } from '../files/file.ts'
import { ownFile, refuseUnreadable, type StoredFile, storedFile } from '../files/own.ts'
import { bindSpec, normalSpec, operationOf } from '../operations/index.ts'
import type { AnyOperation } from '../operations/operation.ts'
import type { Ports } from '../ports.ts'
import { keepPlanIfAdmitted } from './admission.sql.ts'
import { notSplittable } from './decode-input.ts'
import { findJob } from './find.sql.ts'
import { insertArrivalJob, insertRequestedJob, type NewJob } from './job.sql.ts'
import type { JobRow } from './job.ts'

export interface JobRequest {
  readonly operation: string
  readonly input: FileId
  readonly spec: unknown
  readonly name: string | null
  readonly tags: readonly string[]
  readonly customId: string | null
  readonly metadata: Readonly<Record<string, string>>
  readonly expiresInMs: number
}

/** Throws unless a job may be submitted on this file. */
const usable = (row: FileRow): StoredFile => {
  refuseUnreadable(row)
  const file = storedFile(row)
  if (shapeOf(row)?.dialect.decodedFrom && file.bytes > LIMITS.decodedBytesMax) throw notSplittable()
  if (file.bytes <= LIMITS.jobBytesMax) return file
  throw new AppError(
    'job_too_large',
    `One job takes at most ${LIMITS.jobBytesMax} bytes; this file has ${file.bytes}. Split it and submit a job for each part.`,
  )
}

/** Checks a specification against what is known of the file: the columns, or with a dialect of the specification's own that dialect. */
const checkAgainst = (file: StoredFile, operation: AnyOperation, spec: Record<string, unknown>): void => {
  const shape = shapeOf(file)
  const hints = spec.dialect as DialectHints | undefined
  const problem = hints ? hintsProblem({ ...hintsOf(file), ...hints }) : null
  if (problem) throw new AppError(problem.code, problem.detail)
  if (shape && !hints) bindSpec(operation, spec, { file: file.id, etag: file.etag, ...shape })
}

/** A job's row from a request, with everything about the specification checked that can be checked now. */
const newJob = (
  ports: Ports,
  owner: UserId,
  file: StoredFile,
  request: JobRequest,
  cause: NewJob['cause'],
  requestId: string | null,
): NewJob => {
  const operation = operationOf(request.operation)
  const spec = normalSpec(operation, request.spec)
  checkAgainst(file, operation, spec)
  return {
    id: ports.ids.make('job'),
    owner,
    operation: operation.name,
    inputFile: file.id,
    inputEtag: file.etag,
    spec: canonicalJson(spec),
    specSha256: jsonSha256(spec),
    engineVersion: ENGINE_VERSION,
    name: request.name,
    tags: request.tags,
    customId: request.customId,
    metadata: request.metadata,
    cause,
    requestId,
    expiresAt: ports.clock.now() + request.expiresInMs,
  }
}

const planMessage = (ports: Ports, job: JobId): OutboxRow => outgoing(ports.ids, 'jobs', { v: 1, kind: 'plan', job })

/** After a commit whose answer was lost: throws its failure, unless the job is there; then its message is left to the relay. */
const unlessMade = async (ports: Ports, owner: UserId, id: JobId, cause: unknown): Promise<null> => {
  if (isOutcomeUnknown(cause) && (await findJob(ports.db, owner, id))) return null
  throw cause
}

/**
 * Submits a job on a user's file. `alongside`: statements for the same transaction (an idempotency row); if one of them hits a constraint, nothing is made and it throws.
 * Throws what is wrong with file, operation or specification.
 */
export const submitJob = async (
  ports: Ports,
  owner: UserId,
  request: JobRequest,
  requestId: string | null,
  alongside: (job: JobId) => readonly Stmt[] = () => [],
): Promise<JobRow> => {
  const file = usable(await ownFile(ports.db, owner, request.input))
  const job = newJob(ports, owner, file, request, 'request', requestId)
  const now = ports.clock.now()
  const message = planMessage(ports, job.id)
  // What rides alongside comes first: a job that waits for its turn keeps no message, and what follows a statement without a row does nothing.
  const outcomes = await ports.db
    .batch([
      insertRequestedJob(job, ports.sizes.parallelPerOwner, now),
      ...alongside(job.id),
      keepPlanIfAdmitted(message.id, job.id, message.body, now),
    ])
    .catch((cause: unknown) => unlessMade(ports, owner, job.id, cause))
  if (outcomes && outcomes[0]?.changes !== 1) throw new AppError('file_not_found', 'The file was deleted or replaced just now.')
  if (outcomes?.at(-1)?.changes === 1) await sendKept(ports, [message])
  const row = await findJob(ports.db, owner, job.id)
  if (!row) throw new AppError('overloaded', 'The job was made but cannot be read. List your jobs.')
  return row
}

/** The automatic analysis of a file that has just become ready: statements to ride behind the change in its batch, and the message to send afterwards if the last of them changed a row. One per file and etag. */
export const arrivalAnalysis = (
  ports: Ports,
  file: FileRow,
  now: number,
): { readonly statements: readonly Stmt[]; readonly message: OutboxRow } | null => {
  if (file.auto_analyse !== 1 || (file.bytes ?? 0) > LIMITS.jobBytesMax) return null
  const job = newJob(
    ports,
    file.owner_id,
    usable(file),
    {
      operation: 'analyse',
      input: file.id,
      spec: {},
      name: null,
      tags: [],
      customId: null,
      metadata: {},
      expiresInMs: LIMITS.jobExpiresMs,
    },
    'arrival',
    null,
  )
  const message = planMessage(ports, job.id)
  const statements = [insertArrivalJob(job, ports.sizes.parallelPerOwner, now), keepPlanIfAdmitted(message.id, job.id, message.body, now)]
  return { statements, message }
}
