/** What is simulated: who asks for what, on a platform of which speed. */
import type { Sizes } from '../../../shared/base/sizes.ts'
import type { Assumed } from './platform.ts'

export interface Scene {
  readonly seed: number
  readonly owners: number
  /** Of each owner. */
  readonly jobs: number
  /** Of each job's input, and the share of it that is kept. */
  readonly bytes: number
  readonly share: number
  /** Submissions a second, of all owners together, at random moments; null: each owner submits one after the other on so many connections as fast as it is answered. */
  readonly ratePerS: number | null
  readonly connections: number
  /** Small jobs that one more owner hands over all at once; 0: there is no such owner. */
  readonly backlog: number
  /** Results are analysed by themselves. */
  readonly analyses: boolean
  /** The share of jobs at whose end somebody waits: the database is asked four times a second. */
  readonly watched: number
  /** Consumers of a queue at a time. */
  readonly consumers: number
  /** Databases; an owner's rows lie in one. */
  readonly shards: number
  readonly sizes: Sizes
  readonly assumed: Assumed
}
