/** Where did this file come from, and what was made of it? */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { LIMITS } from '../../../shared/base/limits.ts'
import { ownFile } from '../../../shared/files/own.ts'
import { lineageOf } from '../../../shared/lineage/graph.ts'
import { endpoint, idParam } from '../endpoint.ts'
import type { Api } from '../env.ts'
import { wholeText } from '../schemas/fields.ts'
import { lineageSchema } from '../schemas/lineage.ts'

export const lineage = new OpenAPIHono<Api>()

endpoint(
  lineage,
  {
    method: 'get',
    path: '/{id}/lineage',
    operationId: 'getFileLineage',
    tag: 'lineage',
    summary: 'The files that a file came from and those made of it',
    description: `At most ${LIMITS.lineageNodesMax} files within ${LIMITS.lineageDepthMax} steps. Deleted files stand as tombstones.`,
    access: 'files:read',
    params: { id: idParam('file') },
    query: z.object({
      direction: z.enum(['ancestors', 'descendants', 'both']).optional().openapi({ description: 'Both, unless you say otherwise.' }),
      depth: wholeText(1, LIMITS.lineageDepthMax).optional(),
    }),
    answers: { 200: { description: 'Files and edges.', schema: lineageSchema } },
    errors: ['file_not_found'],
  },
  async (c, { params, query }) => {
    const { db } = c.var.ports
    const owner = c.var.principal.userId
    const file = await ownFile(db, owner, params.id)
    return c.json(await lineageOf(db, owner, file.id, query.direction ?? 'both', query.depth ?? LIMITS.lineageDepthMax))
  },
)
