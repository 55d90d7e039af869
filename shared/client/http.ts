/**
 * How does one request get its answer? Bearer key, JSON both ways, problem documents as ClientError, and another try where that is safe and helps.
 * A request may be sent again if doing it twice is doing it once (the caller says so) and the connection broke or the service said that it is unwell. Runs in Node and browsers.
 */
import { type Clock, systemClock } from '../base/clock.ts'
import { LIMITS } from '../base/limits.ts'

export interface HttpOptions {
  /** Where the service listens: `https://lists.example.com`. */
  readonly url: string
  readonly key: string
  /** Aborts everything this client does. */
  readonly signal?: AbortSignal
  /** The platform's fetch and clock unless given. */
  readonly fetch?: typeof fetch
  readonly clock?: Clock
}

export interface Ask {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is; read anew for every try. */
  readonly body?: Blob
  /** Twice is once: by default GET, PUT and DELETE, and whatever has an Idempotency-Key. `when_refused`: only after an answer that nothing was done. */
  readonly isRepeatable?: boolean | 'when_refused'
  readonly signal?: AbortSignal
  /** Clears up: is sent even when this client has been aborted. */
  readonly isCleanup?: boolean
}

/** The service refused, or did not answer. `code` is one of the API's codes, `http_<status>`, `unreachable` or `source_unreadable`. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: string
  readonly status: number
  readonly detail: string
  /** All members of the problem document. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(code: string, status: number, detail: string, members: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.status = status
    this.detail = detail
    this.members = members
  }
}

export interface Http {
  /** The answer's JSON. Throws ClientError. */
  json<T>(path: string, ask?: Ask): Promise<T>
  /** The answer with its body unread. Throws ClientError for everything but 2xx. */
  open(path: string, ask?: Ask): Promise<Response>
}

/** Answers after which the same request may succeed. */
const UNWELL = new Set([429, 502, 503, 504])

const problemFrom = async (response: Response): Promise<ClientError> => {
  const text = await response.text()
  try {
    const members = JSON.parse(text) as Record<string, unknown>
    return new ClientError(
      String(members.code ?? `http_${response.status}`),
      response.status,
      String(members.detail ?? members.title ?? ''),
      members,
    )
  } catch {
    return new ClientError(`http_${response.status}`, response.status, `The service answered ${response.status} without a reason.`)
  }
}

/** True if it was not the connection that broke but the file behind a Blob that changed while it was being sent. */
const isUnreadable = (error: unknown): boolean => error instanceof Error && (error.name === 'NotReadableError' || isUnreadable(error.cause))

const unreadable = (cause: unknown): ClientError =>
  new ClientError('source_unreadable', 0, 'The file changed or vanished while it was being sent. Try again when it is at rest.', {}, cause)

const unreachable = (url: string, cause: unknown): ClientError => new ClientError('unreachable', 0, `Nobody answers at ${url}.`, {}, cause)

const retryAfterMs = (response: Response): number => {
  const seconds = Number(response.headers.get('retry-after') ?? 0)
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, LIMITS.clientPauseMsMax) : 0
}

const repeatability = ({ method = 'GET', headers, isRepeatable }: Ask): boolean | 'when_refused' =>
  isRepeatable ?? (method === 'GET' || method === 'PUT' || method === 'DELETE' || headers?.['idempotency-key'] !== undefined)

const addressOf = (base: string, path: string, query: Ask['query'] = {}): string => {
  const url = new URL(path, base)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url.href
}

const initOf = (ask: Ask, key: string, signal: AbortSignal | undefined): RequestInit => ({
  method: ask.method ?? 'GET',
  headers: {
    authorization: `Bearer ${key}`,
    accept: 'application/json',
    ...(ask.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...ask.headers,
  },
  ...(ask.json === undefined ? {} : { body: JSON.stringify(ask.json) }),
  ...(ask.body === undefined ? {} : { body: ask.body }),
  ...(signal ? { signal } : {}),
})

const joined = (a: AbortSignal | undefined, b: AbortSignal | undefined): AbortSignal | undefined =>
  a && b ? AbortSignal.any([a, b]) : (a ?? b)

export const makeHttp = ({ url, key, signal, fetch: send = fetch, clock = systemClock }: HttpOptions): Http => {
  const pause = (tries: number, atLeastMs: number): Promise<void> =>
    clock.sleep(Math.max(atLeastMs, LIMITS.clientPauseMs * 2 ** (tries - 1)))

  const open = async (path: string, ask: Ask = {}): Promise<Response> => {
    const stop = ask.isCleanup ? AbortSignal.timeout(LIMITS.clientPauseMsMax) : joined(signal, ask.signal)
    const repeatable = repeatability(ask)
    for (let tries = 1; ; tries++) {
      stop?.throwIfAborted()
      const isLast = tries >= LIMITS.clientTriesMax || !repeatable
      const response = await send(addressOf(url, path, ask.query), initOf(ask, key, stop)).catch((cause: unknown) => {
        stop?.throwIfAborted()
        if (isUnreadable(cause)) throw unreadable(cause)
        if (isLast || repeatable === 'when_refused') throw unreachable(url, cause)
        return null
      })
      if (response?.ok) return response
      if (response && (isLast || !UNWELL.has(response.status))) throw await problemFrom(response)
      await response?.body?.cancel()
      await pause(tries, response ? retryAfterMs(response) : 0)
    }
  }

  return { open, json: async (path, ask) => (await open(path, ask)).json() as Promise<never> }
}
