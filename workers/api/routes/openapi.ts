/** The description of the API, made of the very words that mount its routes. */
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { VERSION } from '../../../shared/base/version.ts'
import { endpoint } from '../endpoint.ts'
import type { Api } from '../env.ts'

const KEY_HELP = 'An API key, `lc_live_…`.'

/** The OpenAPI 3.1 document of an app. */
export const documentOf = (app: OpenAPIHono<Api>) =>
  app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'List Cutter',
      version: VERSION,
      description:
        'Analyses and cuts CSV lists of any size. Failures are application/problem+json (RFC 9457) with a stable `code`. GET answers HEAD as well.',
    },
    servers: [{ url: '/' }],
  })

/** Adds GET /openapi.json to the app whose document it gives. */
export const describeApi = (app: OpenAPIHono<Api>): void => {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', description: KEY_HELP })
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: KEY_HELP,
  })
  let document: ReturnType<typeof documentOf> | null = null
  const routes = new OpenAPIHono<Api>()
  endpoint(
    routes,
    {
      method: 'get',
      path: '/openapi.json',
      operationId: 'getOpenApi',
      tag: 'health',
      summary: 'This document',
      access: 'public',
      answers: { 200: { description: 'OpenAPI 3.1.', schema: z.looseObject({ openapi: z.string() }) } },
    },
    (c) => {
      document ??= documentOf(app)
      return c.json(document)
    },
  )
  app.route('/api/v1', routes)
}
