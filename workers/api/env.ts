/** The bindings of the API worker, and what travels with a request. */
import type { Principal } from '../../shared/auth/principal.ts'
import type { Bindings } from '../../shared/bindings.ts'
import type { Ports } from '../../shared/ports.ts'

export interface ApiEnv extends Bindings {
  readonly KEY_PEPPER: string
}

/** Hono's view of a request: `c.env` and `c.var`. `principal` is there behind every route that is not public. */
export interface Api {
  Bindings: ApiEnv
  Variables: { ports: Ports; requestId: string; principal: Principal }
}
