/**
 * One route, said once: what it is called, who may use it, what it takes, answers and refuses. The same words mount the handler, check the request
 * and describe it in the OpenAPI document, so that none of the three can say something else than the others.
 *
 * A handler gets its input read: ids of the right kind, a query and a JSON body that fit their schemas.
 */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import type { Scope } from '../../shared/auth/principal.ts'
import type { ErrorCode } from '../../shared/base/errors.ts'
import { ID_KINDS, type Id, type IdPrefix, parseId } from '../../shared/base/ids.ts'
import { documentEndpoint } from './endpoint-document.ts'
import type { Api } from './env.ts'
import { authenticate } from './middleware/authenticate.ts'
import { readJson } from './middleware/json.ts'
import { readQuery } from './middleware/query.ts'
import { scope } from './middleware/scope.ts'

/** A part of the path: how it is documented, and how its text is read. */
export interface Param<T> {
  readonly schema: z.ZodType
  readonly parse: (text: string) => T
}

/** An id of one kind; anything else in its place is `id_kind`. */
export const idParam = <P extends IdPrefix>(prefix: P): Param<Id<P>> => ({
  schema: z.string().openapi({
    description: `The id of ${ID_KINDS[prefix]}.`,
    pattern: `^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`,
    example: `${prefix}_01jd1v7m8e7cqx3s5n2f9k4t6w`,
  }),
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

/** Any route's words. */
export type AnySpec = EndpointSpec<Params, z.ZodObject, z.ZodType>

const guardsOf = ({ access }: AnySpec): MiddlewareHandler<Api>[] =>
  access === 'public' ? [] : access === 'principal' ? [authenticate] : [authenticate, scope(access)]

const readParams = (c: Context, params: Params): Record<string, unknown> =>
  Object.fromEntries(Object.entries(params).map(([name, { parse }]) => [name, parse(c.req.param(name) ?? '')]))

/** Mounts a route on `app` and describes it. */
export const endpoint = <
  P extends Params = Record<never, never>,
  Q extends z.ZodObject = typeof noQuery,
  B extends z.ZodType = typeof noBody,
>(
  app: OpenAPIHono<Api>,
  spec: EndpointSpec<P, Q, B>,
  handler: (c: Context<Api>, input: Input<P, Q, B>) => Promise<Response> | Response,
): void => {
  const plain = spec as unknown as AnySpec
  documentEndpoint(app, plain)
  const handle = async (c: Context<Api>): Promise<Response> => {
    const params = readParams(c, plain.params ?? {})
    const query = readQuery(c, plain.query ?? noQuery)
    const body = plain.body ? await readJson(c, plain.body) : undefined
    return handler(c, { params, query, body } as unknown as Input<P, Q, B>)
  }
  app.on([spec.method.toUpperCase()], [spec.path.replace(/\{(\w+)\}/g, ':$1')], ...guardsOf(plain), handle)
}
