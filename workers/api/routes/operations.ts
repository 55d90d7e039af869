/** What a job can do, from the table. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { OPERATIONS } from '../../../shared/operations/index.ts'
import { endpoint } from '../endpoint.ts'
import type { Api } from '../env.ts'
import { operationSchema } from '../schemas/job.ts'

export const operations = new OpenAPIHono<Api>()

const shown = OPERATIONS.map(({ name, title, summary, makes, spec }) => ({
  name,
  title,
  summary,
  makes,
  spec: z.toJSONSchema(spec, { io: 'input' }),
}))

endpoint(
  operations,
  {
    method: 'get',
    path: '/',
    operationId: 'listOperations',
    tag: 'jobs',
    summary: 'What a job can do',
    access: 'principal',
    answers: { 200: { description: 'All operations.', schema: z.object({ object: z.literal('list'), data: z.array(operationSchema) }) } },
  },
  (c) => c.json({ object: 'list', data: shown }),
)
