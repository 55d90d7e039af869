/** Is the service set up well enough to answer? A weak pepper would make stored key hashes guessable, so without a strong one only /health answers. */
import type { MiddlewareHandler } from 'hono'
import { utf8 } from '../../../shared/base/bytes.ts'
import { AppError } from '../../../shared/base/errors.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import type { Api, ApiEnv } from '../env.ts'

/** What is wrong with the set-up; null if nothing is. */
export const setupProblem = (env: ApiEnv): string | null =>
  utf8(env.KEY_PEPPER ?? '').length < LIMITS.pepperBytesMin ? `KEY_PEPPER has fewer than ${LIMITS.pepperBytesMin} bytes` : null

/** Says itself that the set-up is incomplete. */
const HEALTH = '/api/v1/health'

export const requireSetup: MiddlewareHandler<Api> = async (c, next) => {
  const problem = setupProblem(c.env)
  if (problem && c.req.path !== HEALTH) {
    c.var.ports.log.error('setup.incomplete', { request: c.var.requestId, problem })
    throw new AppError('internal', 'The service is not set up completely. Its operator finds the reason in the log.')
  }
  await next()
}
