/** Who is asking, and what may they do? One shape for every credential there is or will be; everything downstream sees only this. */
import type { KeyId, UserId } from '../base/ids.ts'

/** What a credential may be allowed to do. */
export const SCOPES = ['files:read', 'files:write', 'jobs:run'] as const
export type Scope = (typeof SCOPES)[number]

export interface Principal {
  readonly userId: UserId
  readonly scopes: readonly Scope[]
  /** How they proved it. */
  readonly credential: { readonly kind: 'key'; readonly id: KeyId }
}
