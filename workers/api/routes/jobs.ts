/** Jobs: submit, list, look, wait, cancel, roll back. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type JobId, parseId } from '../../../shared/base/ids.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { fileName } from '../../../shared/files/name.ts'
import { cancelJob, ownJob } from '../../../shared/jobs/cancel.ts'
import { type JobRequest, submitJob } from '../../../shared/jobs/create.ts'
import { listJobs } from '../../../shared/jobs/find.sql.ts'
import { isLive, JOB_STATES, type JobRow, pollAfterS } from '../../../shared/jobs/job.ts'
import { rollbackJob } from '../../../shared/jobs/rollback.ts'
import { waitForJob } from '../../../shared/jobs/wait.ts'
import { endpoint, idParam } from '../endpoint.ts'
import type { Api } from '../env.ts'
import { isKnown, revTag } from '../http/etags.ts'
import { appliedWait, preferredWait } from '../http/prefer.ts'
import { idempotent } from '../idempotency.ts'
import { jobAnswer } from '../job-answer.ts'
import { requireScope } from '../middleware/scope.ts'
import { pageFields, paging } from '../paging.ts'
import { cancelFlag } from '../schemas/fields.ts'
import { pageSchema } from '../schemas/file.ts'
import { jobSchema, newJob, operationName } from '../schemas/job.ts'

export const jobs = new OpenAPIHono<Api>()

const id = idParam('job')

/** Headers of a job as it is now: its revision, and when to ask again. */
const headersOf = (c: Context<Api>, job: JobRow): Record<string, string> => {
  const after = pollAfterS(job, c.var.ports.clock.now())
  return { ETag: revTag(job.rev), ...(after === null ? {} : { 'Retry-After': String(after) }) }
}

const requestOf = (body: z.output<typeof newJob>): JobRequest => ({
  operation: body.operation,
  input: parseId('file', body.input),
  spec: body.spec,
  name: body.name === undefined ? null : fileName(body.name),
  tags: body.tags ?? [],
  customId: body.custom_id ?? null,
  metadata: body.metadata ?? {},
  expiresInMs: body.expires_in_s === undefined ? LIMITS.jobExpiresMs : body.expires_in_s * 1000,
})

endpoint(
  jobs,
  {
    method: 'post',
    path: '/',
    operationId: 'createJob',
    tag: 'jobs',
    summary: 'Submit a job',
    description:
      'What is wrong with file, operation or specification is said now; what goes wrong later is in the job. With `Prefer: wait=N` the answer waits for the end.',
    access: 'jobs:run',
    body: newJob,
    headers: {
      'Idempotency-Key': 'A string of yours: the same request with the same key makes one job. Kept for 48 hours.',
      Prefer: '`wait=N`: wait up to N seconds (25 at most) for the end.',
    },
    answers: {
      200: { description: 'The job has ended within the time to wait.', schema: jobSchema },
      202: { description: 'The job is queued; Location says where to ask.', schema: jobSchema },
    },
    errors: [
      'id_kind', 'header_invalid', 'file_not_found', 'file_not_stored', 'file_rejected', 'file_not_csv', 'file_missing', 'job_too_large', 'clause_invalid', 'column_unknown',
      'column_ambiguous', 'type_mismatch', 'dialect_invalid', 'encoding_unknown', 'encoding_unsupported', 'idempotency_mismatch',
    ], // biome-ignore format: a list of codes
  },
  async (c, { body }) => {
    const { ports, principal, requestId } = c.var
    const made = await idempotent(c, {
      body,
      status: 202,
      create: async (alongside) => jobAnswer(c, await submitJob(ports, principal.userId, requestOf(body), requestId, alongside)),
      again: async (job) => jobAnswer(c, await ownJob(ports, principal.userId, job as JobId)),
      headers: { 'Retry-After': '1' },
    })
    const wait = preferredWait(c)
    if (wait === null) return made
    const { id: job } = (await made.clone().json()) as { id: JobId }
    const ended = await waitForJob(ports, principal.userId, job, wait, null)
    const replayed = made.headers.get('idempotent-replayed')
    const headers = {
      ...headersOf(c, ended),
      ...appliedWait(wait),
      ...(replayed ? { 'Idempotent-Replayed': replayed } : {}),
      Location: `${c.req.path}/${job}`,
    }
    return c.json(jobAnswer(c, ended), isLive(ended.state) ? 202 : 200, headers)
  },
)

endpoint(
  jobs,
  {
    method: 'get',
    path: '/',
    operationId: 'listJobs',
    tag: 'jobs',
    summary: 'List jobs, newest first',
    access: 'files:read',
    query: z.object({
      state: z.enum(JOB_STATES).optional(),
      operation: operationName.optional(),
      file: z.string().optional().openapi({ description: "Only jobs with this input file's id." }),
      ...pageFields,
    }),
    answers: { 200: { description: 'A page.', schema: pageSchema(jobSchema) } },
    errors: ['cursor_invalid', 'id_kind'],
  },
  async (c, { query }) => {
    const page = paging(c, 'jobs', query)
    const file = query.file === undefined ? null : parseId('file', query.file)
    const filter = { state: query.state ?? null, operation: query.operation ?? null, file }
    return c.json(
      page.answer(await listJobs(c.var.ports.db, c.var.principal.userId, filter, page.after, page.limit), (job) => jobAnswer(c, job)),
    )
  },
)

endpoint(
  jobs,
  {
    method: 'get',
    path: '/{id}',
    operationId: 'getJob',
    tag: 'jobs',
    summary: 'How a job stands',
    access: 'files:read',
    params: { id },
    headers: {
      'If-None-Match': 'An ETag read before: 304 if nothing has changed.',
      Prefer: '`wait=N`: wait up to N seconds (25 at most) for the end or, with If-None-Match, for any change.',
    },
    answers: {
      200: { description: 'The job.', schema: jobSchema },
      304: { description: 'Unchanged, after waiting if that was asked for.' },
    },
    errors: ['job_not_found', 'header_invalid'],
  },
  async (c, { params }) => {
    const { ports, principal } = c.var
    const wait = preferredWait(c)
    const before = await ownJob(ports, principal.userId, params.id)
    const knownRev = isKnown(c, revTag(before.rev)) ? before.rev : null
    const hasNews = c.req.header('if-none-match') !== undefined && knownRev === null
    const job = wait === null || hasNews ? before : await waitForJob(ports, principal.userId, params.id, wait, knownRev)
    const headers = { ...headersOf(c, job), ...(wait === null ? {} : appliedWait(wait)) }
    return job.rev === knownRev ? c.body(null, 304, headers) : c.json(jobAnswer(c, job), 200, headers)
  },
)

endpoint(
  jobs,
  {
    method: 'post',
    path: '/{id}/cancel',
    operationId: 'cancelJob',
    tag: 'jobs',
    summary: 'Ask for the end of a job',
    description: 'A job that has ended already stays as it is: that is no error.',
    access: 'jobs:run',
    params: { id },
    answers: {
      200: { description: 'The job has ended.', schema: jobSchema },
      202: { description: 'Its worker will end it.', schema: jobSchema },
    },
    errors: ['job_not_found'],
  },
  async (c, { params }) => {
    const job = await cancelJob(c.var.ports, c.var.principal.userId, params.id)
    return c.json(jobAnswer(c, job), isLive(job.state) ? 202 : 200, headersOf(c, job))
  },
)

endpoint(
  jobs,
  {
    method: 'post',
    path: '/{id}/rollback',
    operationId: 'rollbackJob',
    tag: 'jobs',
    summary: 'Take back what a job has made',
    description:
      'The files that it made are deleted; lineage keeps them as tombstones and says so. The job stays `succeeded`, with `rolled_back_at`. Refused while another file that was made from them is there, and while a job reads them (with `cancel=true`, which needs jobs:run too, such jobs are canceled first). A profile or an answer is no file and stays. Doing it again is fine and gives the same.',
    access: 'files:write',
    params: { id },
    query: z.object({ cancel: cancelFlag }),
    answers: { 200: { description: 'Rolled back, now or before.', schema: jobSchema } },
    errors: ['job_not_found', 'job_not_succeeded', 'result_in_use', 'file_in_use'],
  },
  async (c, { params, query }) => {
    const { ports, principal, requestId } = c.var
    if (query.cancel) requireScope(c, 'jobs:run')
    const job = await rollbackJob(ports, { owner: principal.userId, id: params.id, requestId, cancel: query.cancel ?? false })
    return c.json(jobAnswer(c, job), 200, headersOf(c, job))
  },
)
