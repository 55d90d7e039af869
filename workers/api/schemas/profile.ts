/** What analyse finds. */
import { z } from '@hono/zod-openapi'
import type { Profile } from '../../../shared/csv/profile/view.ts'
import { dialectSchema } from './dialect.ts'

const count = z.int().min(0)
const extreme = z.union([z.number(), z.string()]).nullable()

const seenType = z.enum(['boolean', 'integer', 'decimal', 'date', 'timestamp', 'text'])
const example = z.object({ record: count, value: z.string() })
const shown = z.union([z.number(), z.string()])

const quantiles = z
  .object({ p01: shown, p05: shown, p25: shown, p50: shown, p75: shown, p95: shown, p99: shown, error: z.number() })
  .openapi('Quantiles', {
    description:
      'Each is the least value with so many percent of the values at or below it. `error`: what it is off at most, of numbers as a fraction of the value, of dates in days, of timestamps in seconds; 0 when exact.',
  })

const bars = z.object({ from: shown, to: shown, width: z.number(), counts: z.array(count) }).openapi('Histogram', {
  description:
    'Values from `from` + i × `width` up to where the next begins; the last one ends with `to`. Width in days for dates, in seconds for timestamps.',
})

const columnProfile = z
  .object({
    index: count,
    name: z.string(),
    type: z.enum(['empty', ...seenType.options]),
    types: z.partialRecord(seenType, count),
    type_examples: z.partialRecord(seenType, example),
    nulls: count,
    blank: count,
    null_like: count,
    distinct: z.object({ value: z.number(), exact: z.boolean(), error: z.number() }),
    unique: z.boolean().nullable(),
    min: extreme,
    max: extreme,
    mean: z.number().nullable(),
    stddev: z.number().nullable(),
    length: z.object({ min: count, max: count, mean: z.number() }).nullable(),
    quantiles: quantiles.nullable(),
    histogram: bars.nullable(),
    frequent: z.array(z.object({ value: z.string(), count, error: count })),
    samples: z.array(z.string()),
    oddities: z.record(z.string(), z.object({ count, first: example })),
    warnings: z.array(z.string()),
  })
  .openapi('ColumnProfile')

const inputWarning = z.object({
  code: z.string(),
  count,
  first: z.object({ record: count.optional(), line: count.optional(), byte_offset: count }),
})

export const profileSchema = z
  .object({
    version: z.literal(2),
    file: z.string(),
    etag: z.string(),
    rows: count,
    blank_lines: count,
    ragged: z.object({ short: count, long: count }),
    header_repeated: z.object({ count, first: z.object({ record: count }) }).nullable(),
    dialect: dialectSchema,
    candidate_keys: z.array(z.object({ index: count, name: z.string(), exact: z.boolean() })),
    precision: z.object({ distinct_max: count, frequent_max: count, buckets_max: count }),
    warnings: z.array(inputWarning),
    columns: z.array(columnProfile),
  })
  .openapi('Profile')

/** Holds the schema to what analyse writes: does not compile where they differ. */
export type ProfileAnswer = Profile extends z.input<typeof profileSchema> ? Profile : never
