/** Which request is this? The client's own X-Request-Id if it is a sane one, else a new one; the answer, the problems, the events and the logs carry it. */
import type { MiddlewareHandler } from 'hono'
import { base32 } from '../../../shared/base/ids.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import type { Api } from '../env.ts'

const SANE = /^[A-Za-z0-9][A-Za-z0-9._:-]*$/

const isSane = (id: string): boolean => SANE.test(id) && id.length <= LIMITS.requestIdCharsMax

export const requestId: MiddlewareHandler<Api> = async (c, next) => {
  const said = c.req.header('x-request-id') ?? ''
  c.set('requestId', isSane(said) ? said : `req_${base32(c.var.ports.random.bytes(16))}`)
  await next()
  c.header('X-Request-Id', c.var.requestId)
}
