/** A job's chunks: how far each is, and why one was tried again. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { ownJob } from '../../../shared/jobs/cancel.ts'
import { chunkView, type ToldChunk, toldChunks } from '../../../shared/jobs/chunk-view.ts'
import { endpoint, idParam } from '../endpoint.ts'
import type { Api } from '../env.ts'
import { pageFields, paging } from '../paging.ts'
import { type ChunkAnswer, chunkSchema } from '../schemas/chunk.ts'
import { pageSchema } from '../schemas/file.ts'

export const jobChunks = new OpenAPIHono<Api>()

const id = idParam('job')
const shown = (told: ToldChunk): ChunkAnswer => chunkView(told)

endpoint(
  jobChunks,
  {
    method: 'get',
    path: '/{id}/chunks',
    operationId: 'listChunks',
    tag: 'jobs',
    summary: "List a job's chunks, in their order",
    description: 'Each with its range, how far it is, and its tries that came to nothing with their reasons: why was my chunk tried again?',
    access: 'files:read',
    params: { id },
    query: z.object(pageFields),
    answers: { 200: { description: 'A page. Empty until the job is planned.', schema: pageSchema(chunkSchema) } },
    errors: ['job_not_found', 'cursor_invalid'],
  },
  async (c, { params, query }) => {
    const { db } = c.var.ports
    const owner = c.var.principal.userId
    const page = paging(c, `chunks of ${params.id}`, query)
    await ownJob(c.var.ports, owner, params.id)
    const chunks = await toldChunks(db, owner, params.id, page.after === null ? 0 : page.after.at + 1, page.limit)
    return c.json(page.answerBy(chunks, ({ chunk }) => ({ at: chunk.k, id: '' }), shown))
  },
)
