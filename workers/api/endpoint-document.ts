/** How a route appears in the OpenAPI document. */
import { type OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi'
import { ERRORS, type ErrorCode } from '../../shared/base/errors.ts'
import type { AnySpec } from './endpoint.ts'
import type { Api } from './env.ts'
import { problemSchema } from './schemas/problem.ts'

/** What a key without the scope is told. */
const lacking = (access: AnySpec['access']): ErrorCode[] =>
  access === 'public' || access === 'principal' ? [] : access === 'admin' ? ['route_not_found'] : ['scope_missing']

/** Codes that come with what a route takes. */
const impliedErrors = (spec: AnySpec): ErrorCode[] => [
  ...(spec.access === 'public' ? [] : (['key_missing', 'key_invalid', 'credentials_twice'] as const)),
  ...lacking(spec.access),
  ...(spec.params ? (['id_kind'] as const) : []),
  'query_invalid',
  ...(spec.body ? (['json_invalid', 'field_unknown', 'field_invalid', 'body_too_large'] as const) : []),
  'internal',
  'overloaded',
]

const bytesSchema = z.string().openapi({ format: 'binary' })

/** What a status may mean: sentences, and schemas by media type. */
interface Meaning {
  readonly sentences: string[]
  readonly content: Record<string, { schema: z.ZodType }>
}

/** OpenAPI knows one answer a status, so all that a status may mean is gathered: right answers first, then the codes of problems. */
const responsesOf = (spec: AnySpec): RouteConfig['responses'] => {
  const byStatus = new Map<string, Meaning>()
  const meaning = (status: string): Meaning => {
    const known = byStatus.get(status) ?? { sentences: [], content: {} }
    byStatus.set(status, known)
    return known
  }
  for (const [status, { description, schema, content = [] }] of Object.entries(spec.answers)) {
    const { sentences, content: media } = meaning(status)
    sentences.push(description)
    if (schema) media['application/json'] = { schema }
    for (const type of content) media[type] = { schema: bytesSchema }
  }
  for (const code of new Set([...(spec.errors ?? []), ...impliedErrors(spec)])) {
    const { sentences, content: media } = meaning(String(ERRORS[code].status))
    sentences.push(`\`${code}\`: ${ERRORS[code].title}.`)
    media['application/problem+json'] = { schema: problemSchema }
  }
  return Object.fromEntries(
    [...byStatus].map(([status, { sentences, content }]) => [
      status,
      { description: sentences.join(' '), ...(Object.keys(content).length > 0 ? { content } : {}) },
    ]),
  )
}

const bodyOf = ({ body, stream }: AnySpec) => {
  if (body) return { required: true, content: { 'application/json': { schema: body } } }
  return stream ? { required: true, content: Object.fromEntries(stream.map((type) => [type, { schema: bytesSchema }])) } : null
}

/** Puts a route into the document of `app`: what it takes, what it answers, and every way it refuses. */
export const documentEndpoint = (app: OpenAPIHono<Api>, spec: AnySpec): void => {
  const body = bodyOf(spec)
  const headers = Object.entries(spec.headers ?? {}).map(
    ([name, description]) => [name, z.string().optional().openapi({ description })] as const,
  )
  app.openAPIRegistry.registerPath({
    method: spec.method,
    path: spec.path,
    operationId: spec.operationId,
    summary: spec.summary,
    ...(spec.description ? { description: spec.description } : {}),
    tags: [spec.tag],
    security: spec.access === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }],
    request: {
      ...(spec.params
        ? { params: z.object(Object.fromEntries(Object.entries(spec.params).map(([name, { schema }]) => [name, schema]))) }
        : {}),
      ...(spec.query ? { query: spec.query } : {}),
      ...(headers.length > 0 ? { headers: z.object(Object.fromEntries(headers)) } : {}),
      ...(body ? { body } : {}),
    },
    responses: responsesOf(spec),
  })
}
