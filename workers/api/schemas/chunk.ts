/** Chunks as they leave the API. */
import { z } from '@hono/zod-openapi'
import { CHUNK_STATES } from '../../../shared/jobs/chunk.ts'
import { ATTEMPT_OUTCOMES } from '../../../shared/jobs/chunk-attempts.sql.ts'
import type { chunkView } from '../../../shared/jobs/chunk-view.ts'
import { time } from './fields.ts'
import { jobProblem } from './job.ts'

const attemptSchema = z.object({
  fence: z.int(),
  guessed: z.boolean().openapi({ description: 'It began at a guessed line start.' }),
  outcome: z.enum(ATTEMPT_OUTCOMES).openapi({
    description:
      '`released`: it failed and was to be tried again; `failed`: the job failed with it; `lost`: its worker fell silent and its lease ran out; `void`: it had begun at a wrong guess.',
  }),
  error: jobProblem.nullable(),
  bytes_in: z.int().openapi({ description: 'How far it is known to have come.' }),
  started_at: time.nullable(),
  ended_at: time.nullable(),
})

export const chunkSchema = z
  .object({
    object: z.literal('chunk'),
    chunk: z.int().openapi({ description: 'Its place among the chunks of its job, from 0.' }),
    state: z.enum(CHUNK_STATES),
    range: z
      .object({ start: z.int(), end: z.int() })
      .openapi({ description: 'Bytes of the input: it owns the lines that start here, `end` not included.' }),
    first_line_at: z
      .int()
      .nullable()
      .openapi({ description: 'The byte at which its first line begins; null: nobody knows before the chunk to its left is joined.' }),
    attempt: z.int().openapi({ description: 'How often it was tried from there.' }),
    guesses: z.int().openapi({
      description: 'How often it was tried from a guessed line start, which counts for nothing until the guess is known to be right.',
    }),
    fence: z.int().openapi({ description: 'Of its newest try.' }),
    progress: z.object({ bytes_in: z.int(), rows_in: z.int(), rows_out: z.int(), rows_rejected: z.int() }),
    error: jobProblem.nullable().openapi({ description: 'What the last try that failed failed of.' }),
    started_at: time.nullable(),
    ended_at: time.nullable(),
    attempts: z.array(attemptSchema).openapi({ description: 'The tries that came to nothing, oldest first.' }),
  })
  .openapi('Chunk')

/** Holds the schema to what the domain shows: does not compile where they differ. */
export type ChunkAnswer = ReturnType<typeof chunkView> extends z.input<typeof chunkSchema> ? z.input<typeof chunkSchema> : never
