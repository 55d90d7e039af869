/** One line per request: the route's pattern and ids, never the path, the query or a header, for those may hold names and secrets. */
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Principal } from '../../../shared/auth/principal.ts'
import type { Api } from '../env.ts'

export const requestLog: MiddlewareHandler<Api> = async (c, next) => {
  const { clock, log } = c.var.ports
  const from = clock.now()
  await next()
  const principal = c.get('principal') as Principal | undefined
  log.info('request.done', {
    request: c.var.requestId,
    method: c.req.raw.method,
    route: matchedRoutes(c).findLast((route) => !route.path.endsWith('*'))?.path ?? null,
    status: c.res.status,
    user: principal?.userId ?? null,
    ms: clock.now() - from,
  })
}
