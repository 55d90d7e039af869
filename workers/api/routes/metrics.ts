/** What those who look after the service gather: its metrics in Prometheus' text format. */
import { OpenAPIHono } from '@hono/zod-openapi'
import { currentMetrics } from '../../../shared/stats/current.ts'
import { CONTENT_TYPE } from '../../../shared/stats/exposition.ts'
import { backlogs } from '../backlogs.ts'
import { endpoint } from '../endpoint.ts'
import type { Api } from '../env.ts'

export const metrics = new OpenAPIHono<Api>()

endpoint(
  metrics,
  {
    method: 'get',
    path: '/',
    operationId: 'getMetrics',
    tag: 'health',
    summary: 'How the service does, for Prometheus',
    description:
      'Jobs and chunks by state, what waits and for how long, tries, rows, bytes, durations, dead letters, in the text format 0.0.4. Needs a key with the scope `admin`. ' +
      'Up to 15 seconds old.',
    access: 'admin',
    answers: { 200: { description: 'The metrics.', content: ['text/plain'] } },
  },
  async (c) => {
    const text = await currentMetrics(c.var.ports, () => backlogs(c.env, c.var.ports))
    return c.body(text, 200, { 'Content-Type': CONTENT_TYPE })
  },
)
