/** What is handed in: everything the domain needs of the world. Entries build it from bindings, tests and the simulator from whatever they like. */
import type { Clock } from './base/clock.ts'
import type { Ids } from './base/ids.ts'
import type { Log } from './base/log.ts'
import type { Random } from './base/random.ts'
import type { Sizes } from './base/sizes.ts'
import type { Engine } from './csv/engine.ts'
import type { Db } from './db/db.ts'
import type { Cache } from './files/cache.ts'
import type { Store } from './files/store.ts'
import type { Queues } from './messages/queues.ts'

export interface Ports {
  readonly db: Db
  readonly store: Store
  readonly queues: Queues
  readonly cache: Cache
  readonly engine: Engine
  readonly clock: Clock
  readonly ids: Ids
  readonly random: Random
  readonly log: Log
  readonly sizes: Sizes
}
