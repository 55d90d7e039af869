/** May they do that? Stands behind `authenticate`. */
import type { MiddlewareHandler } from 'hono'
import type { Scope } from '../../../shared/auth/principal.ts'
import { AppError } from '../../../shared/base/errors.ts'
import type { Api } from '../env.ts'

export const scope =
  (needed: Scope): MiddlewareHandler<Api> =>
  async (c, next) => {
    if (!c.var.principal.scopes.includes(needed))
      throw new AppError('scope_missing', `This needs a key with the scope ${needed}.`, { extra: { scope: needed } })
    await next()
  }
