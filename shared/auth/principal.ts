/** Who is asking, and what may they do? One shape for every credential there is or will be; everything downstream sees only this. */
import type { KeyId, UserId } from '../base/ids.ts'

/** What a credential may be allowed to do. `admin`: to look after the service itself (its metrics, its dead letters); it opens nobody's files or jobs. */
export const SCOPES = ['files:read', 'files:write', 'jobs:run', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** What a user's key may do unless something else is said: everything with the user's own things. */
export const USER_SCOPES: readonly Scope[] = SCOPES.filter((scope) => scope !== 'admin')

export interface Principal {
  readonly userId: UserId
  readonly scopes: readonly Scope[]
  /** How they proved it. */
  readonly credential: { readonly kind: 'key'; readonly id: KeyId }
}
