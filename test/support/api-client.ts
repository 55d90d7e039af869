/** A user of the API under test: the real worker, asked over fetch. Each test makes its own user, so that none sees another's rows. */
import { env, exports } from 'cloudflare:workers'
import { insertUser } from '../../shared/auth/api-key.sql.ts'
import { newKey } from '../../shared/auth/api-key.ts'
import type { Scope } from '../../shared/auth/principal.ts'
import { systemClock } from '../../shared/base/clock.ts'
import { makeIds, type UserId } from '../../shared/base/ids.ts'
import { systemRandom } from '../../shared/base/random.ts'
import { portsOf } from '../../shared/bindings.ts'
import type { Ports } from '../../shared/ports.ts'

export const ORIGIN = 'https://lists.test'

/** The real ports of this runtime. */
export const ports: Ports = portsOf(env)
const ids = makeIds(systemClock, systemRandom)

/** A problem document, or any other JSON answer, to look into. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
export type Json = any

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Json
}

export interface Ask {
  readonly headers?: Record<string, string>
  readonly body?: BodyInit | null
  /** A JSON body. */
  readonly json?: unknown
}

/** One request, without any credential of its own. `path` is behind /api/v1 unless it is whole. */
export const ask = async (method: string, path: string, { headers = {}, body = null, json }: Ask = {}): Promise<Answer> => {
  const request = new Request(ORIGIN + (path.startsWith('/api/') ? path : `/api/v1${path}`), {
    method,
    headers: { ...(json === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    ...(json === undefined ? (body === null ? {} : { body }) : { body: JSON.stringify(json) }),
  })
  const response = await exports.default.fetch(request)
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, text, json: isJson && text !== '' ? JSON.parse(text) : null }
}

export interface Client {
  readonly id: UserId
  readonly key: string
  readonly ask: typeof ask
  /** Hands a CSV over and returns its id. */
  readonly upload: (csv: BodyInit, query?: string) => Promise<string>
}

/** A new user with a key. */
export const newClient = async (scopes?: readonly Scope[]): Promise<Client> => {
  const id = ids.make('user')
  const key = newKey(ports, env.KEY_PEPPER, id, 'test', scopes)
  await ports.db.batch([insertUser(id, 'someone', systemClock.now()), key.row])
  const asClient: typeof ask = (method, path, { headers = {}, ...rest } = {}) =>
    ask(method, path, { ...rest, headers: { Authorization: `Bearer ${key.text}`, ...headers } })
  const upload = async (csv: BodyInit, query = ''): Promise<string> => {
    const answer = await asClient('POST', `/files${query}`, { body: csv, headers: { 'Content-Type': 'text/csv' } })
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.json.id
  }
  return { id, key: key.text, ask: asClient, upload }
}

/** A body whose length nobody knows, in pieces. */
export const streamed = (...pieces: (string | Uint8Array)[]): ReadableStream<Uint8Array> => {
  const { readable, writable } = new IdentityTransformStream()
  const writer = writable.getWriter()
  const write = async () => {
    for (const piece of pieces) await writer.write(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece)
    await writer.close()
  }
  void write().catch(() => {})
  return readable
}

/** An id that is well-formed and of nothing. */
export const MISSING = '01jd1v7m8e7cqx3s5n2f9k4t6w'

/** `404 file_not_found` of a problem answer, once everything that every problem has is there. */
export const problemOf = ({ status, headers, json }: Answer): string => {
  const { type, title, detail, instance, request_id } = json ?? {}
  const isWhole =
    headers.get('content-type') === 'application/problem+json' && [title, detail].every((text) => typeof text === 'string' && text !== '')
  const isNamed =
    json?.status === status && type === `urn:list-cutter:problem:${json?.code}` && instance === `urn:list-cutter:request:${request_id}`
  if (!isWhole || !isNamed || headers.get('x-request-id') !== request_id)
    throw new Error(`not a whole problem: ${status} ${JSON.stringify(json)}`)
  return `${status} ${json.code}`
}

/** The problem without what names the request: what must be the same for someone else's and for nothing. */
export const withoutRequest = ({ json }: Answer): unknown => ({ ...json, instance: null, request_id: null })
