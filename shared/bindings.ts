/** The ports made of Cloudflare's bindings: what both workers hand to the domain. */
import { systemClock } from './base/clock.ts'
import { makeIds } from './base/ids.ts'
import { consoleLog } from './base/log.ts'
import { systemRandom } from './base/random.ts'
import { sizesFor } from './base/sizes.ts'
import { type Engine, twinEngine } from './csv/engine.ts'
import { d1 } from './db/db.ts'
import { steadyDb } from './db/steady-db.ts'
import { kvCache } from './files/cache.ts'
import { steadyStore } from './files/steady-store.ts'
import { tellingStore } from './files/storage-events.ts'
import { r2Store } from './files/store.ts'
import { cloudflareQueues } from './messages/queues.ts'
import type { Ports } from './ports.ts'

export interface Bindings {
  readonly DB: D1Database
  readonly BUCKET: R2Bucket
  readonly CACHE: KVNamespace
  readonly FILE_EVENTS: Queue
  readonly JOBS: Queue
  readonly CHUNKS: Queue
  /** `emulate`: the store itself tells of objects (local mode); anything else: a notification rule does. */
  readonly R2_EVENTS: string
  /** The least size of a chunk, where it is not to be the usual one (sizes.ts). */
  readonly CHUNK_BYTES?: string | number
}

/** `engine`: what reads lists; without one the twin does, which is fast enough for whoever reads only their beginnings. */
export const portsOf = (env: Bindings, engine: Engine = twinEngine): Ports => {
  const clock = systemClock
  const queues = cloudflareQueues({ 'file-events': env.FILE_EVENTS, jobs: env.JOBS, chunks: env.CHUNKS })
  const patience = { clock, random: systemRandom }
  const store = steadyStore(r2Store(env.BUCKET), patience)
  return {
    db: steadyDb(d1(env.DB), patience),
    store: env.R2_EVENTS === 'emulate' ? tellingStore(store, queues, clock) : store,
    queues,
    cache: kvCache(env.CACHE),
    engine,
    clock,
    ids: makeIds(clock, systemRandom),
    random: systemRandom,
    log: consoleLog,
    sizes: sizesFor(env.CHUNK_BYTES),
  }
}
