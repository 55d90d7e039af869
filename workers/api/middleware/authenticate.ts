/** Who is asking? One credential, in a header: `Authorization: Bearer lc_…` or `X-API-Key: lc_…`. Never in the address, where it would end up in logs. */
import type { Context, MiddlewareHandler } from 'hono'
import { principalOfKey } from '../../../shared/auth/api-key.ts'
import { AppError } from '../../../shared/base/errors.ts'
import type { Api } from '../env.ts'

const twice = () => new AppError('credentials_twice', 'Send the key once: either as Authorization: Bearer or as X-API-Key.')

/** The key of the request, unread. Throws `key_missing`, `credentials_twice`. */
const keyText = (c: Context<Api>): string => {
  const authorization = c.req.header('authorization')
  const key = c.req.header('x-api-key')
  if (authorization !== undefined && key !== undefined) throw twice()
  const said = authorization ?? key
  if (said === undefined || said.trim() === '') throw new AppError('key_missing', 'Send your API key as Authorization: Bearer lc_…')
  // Two headers of one name reach us joined by a comma, which no key holds.
  if (said.includes(',')) throw twice()
  return authorization === undefined ? said.trim() : (/^Bearer +(\S+)$/i.exec(said.trim())?.[1] ?? '')
}

export const authenticate: MiddlewareHandler<Api> = async (c, next) => {
  c.set('principal', await principalOfKey(c.var.ports, c.env.KEY_PEPPER, keyText(c)))
  await next()
}
