/** The one place where a failure becomes an answer: problem+json (RFC 9457) with our code and the request id. */
import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AppError, type ErrorCode, problemOf } from '../../../shared/base/errors.ts'
import type { Api } from '../env.ts'

/** Headers that belong to an error, by its code. */
const HEADERS: Partial<Record<ErrorCode, (facts: AppError['facts']) => Record<string, string>>> = {
  key_missing: () => ({ 'WWW-Authenticate': 'Bearer realm="list-cutter"' }),
  key_invalid: () => ({ 'WWW-Authenticate': 'Bearer realm="list-cutter", error="invalid_token"' }),
  range_unsatisfiable: ({ extra }) => ({ 'Content-Range': `bytes */${Number(extra?.bytes)}`, 'Accept-Ranges': 'bytes' }),
  method_not_allowed: ({ extra }) => ({ Allow: String(extra?.allow) }),
}

const headersOf = (error: unknown): Record<string, string> => {
  if (!(error instanceof AppError)) return {}
  const retry = error.facts.retryAfterS ?? (error.row.retry ? 1 : undefined)
  return { ...(retry === undefined ? {} : { 'Retry-After': String(retry) }), ...HEADERS[error.code]?.(error.facts) }
}

/** The answer to a failure. `instance` names this very occurrence and says nothing about the resource, so someone else's answers as a missing one, byte for byte. */
export const problemAnswer = (c: Context<Api>, error: unknown): Response => {
  const problem = problemOf(error)
  const request_id = c.var.requestId
  const body = JSON.stringify({ ...problem, instance: `urn:list-cutter:request:${request_id}`, request_id })
  return c.body(body, problem.status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...headersOf(error),
  })
}

export const onError: ErrorHandler<Api> = (error, c) => {
  const answer = problemAnswer(c, error)
  if (answer.status >= 500)
    c.var.ports.log.error('request.failed', { request: c.var.requestId, code: error instanceof AppError ? error.code : 'internal' }, error)
  return answer
}

export const nothingHere = (): AppError =>
  new AppError('route_not_found', 'There is nothing at this path. GET /api/v1/openapi.json lists what there is.')

export const onNotFound: NotFoundHandler<Api> = (c) => problemAnswer(c, nothingHere())
