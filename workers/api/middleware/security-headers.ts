/** What every answer says to browsers: this is no page, run nothing, guess no types, keep it to yourself. */
import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { Api } from '../env.ts'

export const securityHeaders: MiddlewareHandler<Api> = secureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], sandbox: [] },
  strictTransportSecurity: 'max-age=31536000; includeSubDomains',
  xFrameOptions: 'DENY',
  permissionsPolicy: {},
})

/** Answers are for the one who asked, and true only now, unless a route says otherwise. */
export const noStore: MiddlewareHandler<Api> = async (c, next) => {
  await next()
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store')
}
