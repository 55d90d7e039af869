/** A part of the lineage graph. */
import { z } from '@hono/zod-openapi'
import { time } from './fields.ts'
import { LISTED_STATES } from './file.ts'

const node = z
  .object({
    id: z.string(),
    state: z.enum([...LISTED_STATES, 'deleted']),
    name: z.string().nullable().openapi({ description: 'Null for a deleted file.' }),
    bytes: z.int().nullable(),
    rows: z.int().nullable(),
    distance: z.int().openapi({ description: 'Fewest steps from the file asked for.' }),
    way: z.enum(['ancestors', 'descendants']).nullable().openapi({ description: 'Null for the file asked for.' }),
    created_at: time,
  })
  .openapi('LineageNode')

const edge = z
  .object({
    id: z.string(),
    kind: z.enum(['CUT_FROM', 'DERIVED_FROM']),
    parent: z.string(),
    child: z.string(),
    job: z.string(),
    operation: z.string(),
    spec: z.unknown(),
    spec_sha256: z.string(),
    engine_version: z.string(),
    input_etag: z.string(),
    created_at: time,
    rolled_back_at: time.nullable().openapi({ description: 'When the job took back what it had made: the child is a tombstone.' }),
  })
  .openapi('LineageEdge')

export const lineageSchema = z
  .object({
    object: z.literal('lineage'),
    file: z.string(),
    direction: z.enum(['ancestors', 'descendants', 'both']),
    depth: z.int(),
    nodes: z.array(node),
    edges: z.array(edge),
    truncated: z.boolean().openapi({ description: 'True: there is more than is shown.' }),
  })
  .openapi('Lineage')
