/** Uploads in parts: what begins one, and how it looks. */
import { z } from '@hono/zod-openapi'
import { LIMITS } from '../../../shared/base/limits.ts'
import { hintFields } from './dialect.ts'
import { tags, time } from './fields.ts'

const sizes = z.int().min(1)

export const newUpload = z
  .strictObject({
    name: z.string().min(1).max(LIMITS.givenNameCharsMax),
    content_type: z.string().max(LIMITS.shortTextCharsMax).optional(),
    bytes: sizes.optional().openapi({ description: 'Bytes of the whole, if known: then every part is checked when it comes.' }),
    part_bytes: sizes.optional().openapi({ description: 'Bytes of every part but the last; chosen by itself where it is not given.' }),
    tags: tags.optional(),
    analyse: z.boolean().optional().openapi({ description: 'False: do not analyse the file when it arrives.' }),
    ...hintFields,
  })
  .openapi('NewUpload')

export const uploadSchema = z
  .object({
    id: z.string(),
    object: z.literal('upload'),
    state: z.enum(['open', 'completing', 'completed', 'aborted', 'expired']),
    file: z.string().openapi({ description: 'The file that it becomes.' }),
    part_bytes: z.int().openapi({ description: 'Every part but the last has exactly this many bytes.' }),
    bytes: z.int().nullable(),
    parts: z.int().nullable().openapi({ description: 'How many parts it has; null where its size is not known.' }),
    received: z.array(z.object({ number: z.int(), bytes: z.int() })),
    received_bytes: z.int(),
    created_at: time,
    expires_at: time,
    ended_at: time.nullable(),
    links: z.object({ self: z.string(), part: z.string(), complete: z.string(), file: z.string() }),
  })
  .openapi('Upload')

export const partSchema = z.object({ object: z.literal('part'), upload: z.string(), number: z.int(), bytes: z.int() }).openapi('Part')
