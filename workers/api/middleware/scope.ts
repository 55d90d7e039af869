/** May they do that? Stands behind `authenticate`. Who does not look after the service is told of its admin routes what is told of a path that there is not. */
import type { Context, MiddlewareHandler } from 'hono'
import type { Scope } from '../../../shared/auth/principal.ts'
import { AppError } from '../../../shared/base/errors.ts'
import type { Api } from '../env.ts'
import { nothingHere } from './errors.ts'

/** Throws unless the key has the scope: for what a route does only if it is asked to. */
export const requireScope = (c: Context<Api>, needed: Scope): void => {
  if (c.var.principal.scopes.includes(needed)) return
  if (needed === 'admin') throw nothingHere()
  throw new AppError('scope_missing', `This needs a key with the scope ${needed}.`, { extra: { scope: needed } })
}

export const scope =
  (needed: Scope): MiddlewareHandler<Api> =>
  async (c, next) => {
    requireScope(c, needed)
    await next()
  }
