/**
 * One route, said once: what it is called, who may use it, what it takes, answers and refuses. The same words mount the handler, check the request
 * and describe it in the OpenAPI document, so that none of the three can say something else than the others.
 *
 * A handler gets its input read: ids of the right kind, a query and a JSON body that fit their schemas.
 */
import { type OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import type { Scope } from '../../shared/auth/principal.ts'
import { ERRORS, type ErrorCode } from '../../shared/base/errors.ts'
import { ID_KINDS, type Id, type IdPrefix, parseId } from '../../shared/base/ids.ts'
import type { Api } from './env.ts'
import { authenticate } from './middleware/authenticate.ts'
import { readJson } from './middleware/json.ts'
import { readQuery } from './middleware/query.ts'
import { scope } from './middleware/scope.ts'
import { problemSchema } from './schemas/problem.ts'

/** A part of the path: how it is documented, and how its text is read. */
export interface Param<T> {
  readonly schema: z.ZodType
  readonly parse: (text: string) => T
}

/** An id of one kind; anything else in its place is `id_kind`. */
export const idParam = <P extends IdPrefix>(prefix: P): Param<Id<P>> => ({
  schema: z.string().openapi({ description: `The id of a ${ID_KINDS[prefix]}.`, pattern: `^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`, example: `${prefix}_01jd1v7m8e7cqx3s5n2f9k4t6w` }),
  parse: (text) => parseId(prefix, text),
})

type Params = Readonly<Record<string, Param<unknown>>>
const noQuery = z.object({})
const noBody = z.undefined()

/** One answer of a route: what it means, and the schema of its JSON, or the media types of other content, or neither. */
export interface Answer {
  readonly description: string
  readonly schema?: z.ZodType
  readonly content?: readonly string[]
}

export interface EndpointSpec<P extends Params, Q extends z.ZodObject, B extends z.ZodType> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** As OpenAPI writes it: `/{id}`. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tag: string
  /** The scope that a key needs, `principal` for any key, `public` for everybody. */
  readonly access: Scope | 'principal' | 'public'
  readonly params?: P
  readonly query?: Q
  /** The schema of a JSON body. */
  readonly body?: B
  /** Media types of a body that the handler reads as a stream. */
  readonly stream?: readonly string[]
  /** Request headers that mean something here: name -> what. */
  readonly headers?: Readonly<Record<string, string>>
  readonly answers: Readonly<Record<number, Answer>>
  /** What this route refuses; what every route of its kind refuses is added. */
  readonly errors?: readonly ErrorCode[]
}

export interface Input<P extends Params, Q extends z.ZodObject, B extends z.ZodType> {
  readonly params: { readonly [K in keyof P]: ReturnType<P[K]['parse']> }
  readonly query: z.output<Q>
  readonly body: z.output<B>
}

type Spec = EndpointSpec<Params, z.ZodObject, z.ZodType>

const isParam = (part: unknown): part is object => part !== undefined

/** Codes that come with what a route takes. */
const impliedErrors = (spec: Spec): ErrorCode[] => [
  ...(spec.access === 'public' ? [] : (['key_missing', 'key_invalid', 'credentials_twice'] as const)),
  ...(spec.access === 'public' || spec.access === 'principal' ? [] : (['scope_missing'] as const)),
  ...(spec.params ? (['id_kind'] as const) : []),
  'query_invalid',
  ...(spec.body ? (['json_invalid', 'field_unknown', 'field_invalid', 'body_too_large'] as const) : []),
  'internal',
  'overloaded',
]

/** Problems by status: OpenAPI knows one answer a status, so each names its codes. */
const problemAnswers = (codes: readonly ErrorCode[]): RouteConfig['responses'] => {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of new Set(codes)) byStatus.set(ERRORS[code].status, [...(byStatus.get(ERRORS[code].status) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, these]) => [
      status,
      { description: these.map((code) => `\`${code}\`: ${ERRORS[code].title}.`).join(' '), content: { 'application/problem+json': { schema: problemSchema } } },
    ]),
  )
}

const bytesSchema = z.string().openapi({ format: 'binary' })

const answersOf = (answers: Spec['answers']): RouteConfig['responses'] =>
  Object.fromEntries(
    Object.entries(answers).map(([status, { description, schema, content }]) => [
      status,
      {
        description,
        ...(schema ? { content: { 'application/json': { schema } } } : {}),
        ...(content ? { content: Object.fromEntries(content.map((type) => [type, { schema: bytesSchema }])) } : {}),
      },
    ]),
  )

const bodyOf = ({ body, stream }: Spec) =>
  body
    ? { required: true, content: { 'application/json': { schema: body } } }
    : stream && { required: true, content: Object.fromEntries(stream.map((type) => [type, { schema: bytesSchema }])) }

const describe = (app: OpenAPIHono<Api>, spec: Spec): void => {
  const body = bodyOf(spec)
  const headers = Object.entries(spec.headers ?? {}).map(([name, description]) => [name, z.string().optional().openapi({ description })] as const)
  app.openAPIRegistry.registerPath({
    method: spec.method,
    path: spec.path,
    operationId: spec.operationId,
    summary: spec.summary,
    ...(spec.description ? { description: spec.description } : {}),
    tags: [spec.tag],
    security: spec.access === 'public' ? [] : [{ bearer: [] }, { apiKey: [] }],
    request: {
      ...(spec.params ? { params: z.object(Object.fromEntries(Object.entries(spec.params).map(([name, { schema }]) => [name, schema]))) } : {}),
      ...(spec.query ? { query: spec.query } : {}),
      ...(headers.length > 0 ? { headers: z.object(Object.fromEntries(headers)) } : {}),
      ...(isParam(body) ? { body } : {}),
    },
    responses: { ...answersOf(spec.answers), ...problemAnswers([...(spec.errors ?? []), ...impliedErrors(spec)]) },
  })
}

const guardsOf = ({ access }: Spec): MiddlewareHandler<Api>[] =>
  access === 'public' ? [] : access === 'principal' ? [authenticate] : [authenticate, scope(access)]

const readParams = (c: Context, params: Params): Record<string, unknown> =>
  Object.fromEntries(Object.entries(params).map(([name, { parse }]) => [name, parse(c.req.param(name) ?? '')]))

/** Mounts a route on `app` and describes it. */
export const endpoint = <P extends Params = Record<never, never>, Q extends z.ZodObject = typeof noQuery, B extends z.ZodType = typeof noBody>(
  app: OpenAPIHono<Api>,
  spec: EndpointSpec<P, Q, B>,
  handler: (c: Context<Api>, input: Input<P, Q, B>) => Promise<Response> | Response,
): void => {
  const plain = spec as unknown as Spec
  describe(app, plain)
  const handle = async (c: Context<Api>): Promise<Response> => {
    const params = readParams(c, plain.params ?? {})
    const query = readQuery(c, plain.query ?? noQuery)
    const body = plain.body ? await readJson(c, plain.body) : undefined
    return handler(c, { params, query, body } as unknown as Input<P, Q, B>)
  }
  app.on([spec.method.toUpperCase()], [spec.path.replace(/\{(\w+)\}/g, ':$1')], ...guardsOf(plain), handle)
}
