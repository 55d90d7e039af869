/** Dead letters as they leave the API. */
import { z } from '@hono/zod-openapi'
import type { deadLetterView } from '../../../shared/events/dead-letter.ts'
import { time } from './fields.ts'

export const deadLetterSchema = z
  .object({
    id: z.string(),
    object: z.literal('dead_letter'),
    queue: z.string(),
    message_id: z.string().openapi({ description: 'As the queue named it, and our log.' }),
    body: z.unknown().openapi({ description: 'What arrived.' }),
    created_at: time,
    replayed_at: time.nullable(),
    replay_count: z.int(),
    links: z.object({ replay: z.string() }),
  })
  .openapi('DeadLetter')

/** Holds the schema to what the domain shows: does not compile where they differ. */
export type DeadLetterAnswer =
  ReturnType<typeof deadLetterView> extends z.input<typeof deadLetterSchema> ? z.input<typeof deadLetterSchema> : never
