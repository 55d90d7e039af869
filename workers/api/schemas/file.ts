/** Files as they leave the API, and what may be said about them on their way in. */
import { z } from '@hono/zod-openapi'
import type { FileState, fileView } from '../../../shared/files/file.ts'
import { dialectSchema } from './dialect.ts'
import { time } from './fields.ts'

/** States that can be listed: a deleted file is none any more. */
export const LISTED_STATES = ['uploading', 'stored', 'ready', 'rejected', 'missing'] as const satisfies readonly FileState[]

export const fileSchema = z
  .object({
    id: z.string(),
    object: z.literal('file'),
    rev: z.int(),
    state: z.enum([...LISTED_STATES, 'deleted']),
    source: z.enum(['upload', 'inbox', 'job']),
    name: z.string(),
    content_type: z.string(),
    format: z.enum(['csv', 'ndjson', 'arrays']).openapi({
      description:
        '`csv`, of whatever dialect. The others are one JSON value a line, as a job wrote them: to be downloaded, no input for a job.',
    }),
    bytes: z.int().nullable(),
    sha256: z.string().nullable().openapi({ description: 'Lower-case hex; null where no one saw all bytes in order.' }),
    etag: z.string().nullable(),
    tags: z.array(z.string()),
    system_tags: z.array(z.string()),
    rows: z.int().nullable(),
    columns: z.array(z.string()).nullable(),
    dialect: dialectSchema.nullable(),
    notes: z.array(z.string()),
    problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
    profile: z.record(z.string(), z.unknown()).nullable().openapi({ description: 'A summary; the whole is at links.profile.' }),
    job: z.string().nullable(),
    created_at: time.nullable(),
    stored_at: time.nullable(),
    settled_at: time.nullable(),
    deleted_at: time.nullable(),
    links: z.object({ self: z.string(), content: z.string(), rows: z.string(), profile: z.string(), lineage: z.string() }),
  })
  .openapi('File')

/** Holds the schema to what the domain shows: does not compile where they differ. */
export type FileAnswer = ReturnType<typeof fileView> extends z.input<typeof fileSchema> ? z.input<typeof fileSchema> : never

/** A page of a list of these. */
export const pageSchema = <S extends z.ZodType>(of: S) =>
  z.object({
    object: z.literal('list'),
    data: z.array(of),
    next_cursor: z.string().optional().openapi({ description: 'Absent on the last page, and only there.' }),
  })
