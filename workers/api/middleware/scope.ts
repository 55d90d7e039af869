/** May they do that? Stands behind `authenticate`. Who does not look after the service is told of its admin routes what is told of a path that there is not. */
import type { MiddlewareHandler } from 'hono'
import type { Scope } from '../../../shared/auth/principal.ts'
import { AppError } from '../../../shared/base/errors.ts'
import type { Api } from '../env.ts'
import { nothingHere } from './errors.ts'

export const scope =
  (needed: Scope): MiddlewareHandler<Api> =>
  async (c, next) => {
    const isAllowed = c.var.principal.scopes.includes(needed)
    if (!isAllowed && needed === 'admin') throw nothingHere()
    if (!isAllowed) throw new AppError('scope_missing', `This needs a key with the scope ${needed}.`, { extra: { scope: needed } })
    await next()
  }
