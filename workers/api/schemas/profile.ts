/** What analyse finds. */
import { z } from '@hono/zod-openapi'
import type { Profile } from '../../../shared/csv/profile/view.ts'
import { dialectSchema } from './dialect.ts'

const count = z.int().min(0)
const extreme = z.union([z.number(), z.string()]).nullable()

const columnProfile = z
  .object({
    index: count,
    name: z.string(),
    type: z.enum(['empty', 'boolean', 'integer', 'decimal', 'date', 'timestamp', 'text']),
    types: z.record(z.string(), count),
    nulls: count,
    distinct: z.object({ value: z.number(), exact: z.boolean(), error: z.number() }),
    min: extreme,
    max: extreme,
    mean: z.number().nullable(),
    stddev: z.number().nullable(),
    length: z.object({ min: count, max: count, mean: z.number() }).nullable(),
    frequent: z.array(z.object({ value: z.string(), count, error: count })),
    samples: z.array(z.string()),
    warnings: z.array(z.string()),
  })
  .openapi('ColumnProfile')

export const profileSchema = z
  .object({
    version: z.literal(1),
    file: z.string(),
    etag: z.string(),
    rows: count,
    blank_lines: count,
    ragged: z.object({ short: count, long: count }),
    dialect: dialectSchema,
    columns: z.array(columnProfile),
  })
  .openapi('Profile')

/** Holds the schema to what analyse writes: does not compile where they differ. */
export type ProfileAnswer = Profile extends z.input<typeof profileSchema> ? Profile : never
