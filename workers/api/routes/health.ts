/** Is the service there, and does all it stands on answer? */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { VERSION } from '../../../shared/base/version.ts'
import { endpoint } from '../endpoint.ts'
import type { Api } from '../env.ts'
import { setupProblem } from '../middleware/startup.ts'
import { probe } from '../probes.ts'

export const health = new OpenAPIHono<Api>()

const probeSchema = z.object({ ok: z.boolean(), ms: z.number() })

endpoint(
  health,
  {
    method: 'get',
    path: '/',
    operationId: 'getHealth',
    tag: 'health',
    summary: 'Is the service there?',
    access: 'public',
    answers: {
      200: {
        description: 'It is. `incomplete`: it is not set up, and answers nothing else.',
        schema: z.object({ status: z.enum(['ok', 'incomplete']), version: z.string() }).openapi('Health'),
      },
    },
  },
  (c) => c.json({ status: setupProblem(c.env) ? 'incomplete' : 'ok', version: VERSION }),
)

const deepSchema = z
  .object({
    status: z.enum(['ok', 'failing']),
    version: z.string(),
    checks: z.object({ database: probeSchema, bucket: probeSchema, kv: probeSchema, queues: probeSchema }),
  })
  .openapi('DeepHealth')

endpoint(
  health,
  {
    method: 'get',
    path: '/deep',
    operationId: 'getDeepHealth',
    tag: 'health',
    summary: 'Does all it stands on answer?',
    access: 'principal',
    answers: { 200: { description: 'All of it.', schema: deepSchema }, 503: { description: 'Not all of it.', schema: deepSchema } },
  },
  async (c) => {
    const checks = await probe(c.env, c.var.ports)
    const isWell = Object.values(checks).every((check) => check.ok)
    return c.json({ status: isWell ? 'ok' : 'failing', version: VERSION, checks }, isWell ? 200 : 503)
  },
)
