/** Jobs as they leave the API, and what a request for one holds. */
import { z } from '@hono/zod-openapi'
import { LIMITS } from '../../../shared/base/limits.ts'
import { JOB_STATES, type jobView } from '../../../shared/jobs/job.ts'
import { OPERATIONS } from '../../../shared/operations/index.ts'
import { tags, time } from './fields.ts'

export const operationName = z
  .enum(OPERATIONS.map(({ name }) => name))
  .openapi({ description: 'What to do: GET /operations tells what there is.' })

const metadata = z
  .record(z.string().min(1).max(LIMITS.metadataKeyCharsMax), z.string().max(LIMITS.metadataCharsMax))
  .refine((pairs) => Object.keys(pairs).length <= LIMITS.metadataKeysMax, `At most ${LIMITS.metadataKeysMax} pairs`)

const inputs = z.union([z.string(), z.array(z.string()).length(1)]).transform((input) => (typeof input === 'string' ? input : input[0]!))

export const newJob = z
  .strictObject({
    operation: operationName,
    input: inputs.openapi({ type: 'string', description: "The input file's id, alone or as a list of one." }),
    spec: z.record(z.string(), z.unknown()).default({}).openapi({ description: "The operation's specification." }),
    name: z
      .string()
      .min(1)
      .max(LIMITS.nameBytesMax)
      .optional()
      .openapi({ description: "The result's name; else the input's name and what was done." }),
    tags: tags.optional(),
    custom_id: z.string().min(1).max(LIMITS.customIdCharsMax).optional().openapi({ description: 'Yours: comes back with the job.' }),
    metadata: metadata.optional(),
    expires_in_s: z
      .int()
      .min(1)
      .max(LIMITS.jobExpiresMsMax / 1000)
      .optional()
      .openapi({ description: 'The job expires if it has not ended by then; a day unless you say otherwise.' }),
  })
  .openapi('NewJob')

export const jobProblem = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  retryable: z.boolean(),
  chunk: z.int().optional(),
  line: z.int().optional(),
  byte_offset: z.int().optional(),
  reason: z.string().optional().openapi({ description: 'The code of the last failure, where it failed too often.' }),
})

export const jobSchema = z
  .object({
    id: z.string(),
    object: z.literal('job'),
    rev: z.int(),
    state: z.enum(JOB_STATES),
    operation: z.string(),
    name: z.string().nullable(),
    input: z.object({ file: z.string(), etag: z.string(), bytes: z.int() }),
    spec: z.record(z.string(), z.unknown()).openapi({ description: 'With the clause in its one spelling.' }),
    spec_sha256: z.string().openapi({ description: 'Of the canonical JSON (RFC 8785).' }),
    engine_version: z.string(),
    cause: z.enum(['request', 'arrival']).openapi({ description: '`arrival`: the automatic analysis of a file.' }),
    progress: z.object({
      chunks_total: z.int(),
      chunks_done: z.int(),
      bytes_total: z.int(),
      bytes_in: z.int(),
      rows_in: z.int(),
      rows_out: z.int(),
      rows_filtered: z.int(),
      rows_rejected: z.int(),
      blank_lines: z.int(),
      rate_bytes_s: z
        .int()
        .nullable()
        .openapi({ description: 'Bytes read a second, on average since it was started; null where that is not known yet.' }),
      rate_rows_s: z.int().nullable(),
      remaining_s: z.int().nullable().openapi({
        description:
          'Seconds until the input is read, at that rate; null where that is not known, 0 after the end. Joining the output comes after.',
      }),
    }),
    notes: z.array(z.string()).describe('What about the input makes this job slower or otherwise unlike most, in sentences.'),
    warnings: z
      .array(z.unknown())
      .openapi({ type: 'array', items: { type: 'object', properties: { code: { type: 'string' }, count: { type: 'integer' } } } }),
    result: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({ description: 'The file that was made, with rows, bytes and sha256; or the answer.' }),
    error: jobProblem.nullable(),
    attempt: z.int(),
    batch: z.null(),
    custom_id: z.string().nullable(),
    tags: z.array(z.string()),
    metadata: z.record(z.string(), z.string()),
    created_at: time.nullable(),
    queued_at: time.nullable(),
    started_at: time.nullable(),
    finalizing_at: time.nullable(),
    cancel_requested_at: time.nullable(),
    ended_at: time.nullable(),
    expires_at: time.nullable(),
    rolled_back_at: time.nullable().openapi({ description: 'When the files that it made were taken back.' }),
    links: z.object({
      self: z.string(),
      events: z.string(),
      chunks: z.string(),
      cancel: z.string().nullable(),
      rollback: z.string().nullable(),
      result: z.string().nullable(),
      rejects: z.string().nullable(),
    }),
  })
  .openapi('Job')

/** Holds the schema to what the domain shows: does not compile where they differ. */
export type JobAnswer = ReturnType<typeof jobView> extends z.input<typeof jobSchema> ? z.input<typeof jobSchema> : never

export const operationSchema = z
  .object({
    name: z.string(),
    title: z.string(),
    summary: z.string(),
    makes: z.enum(['file', 'profile', 'answer']),
    spec: z.record(z.string(), z.unknown()).openapi({ description: 'JSON Schema of its specification.' }),
  })
  .openapi('Operation')
