/** The bindings of the processor worker, and the ports made of them. */
import { systemClock } from '../../shared/base/clock.ts'
import { makeIds } from '../../shared/base/ids.ts'
import { consoleLog } from '../../shared/base/log.ts'
import { systemRandom } from '../../shared/base/random.ts'
import { d1 } from '../../shared/db/db.ts'
import { kvCache } from '../../shared/files/cache.ts'
import { tellingStore } from '../../shared/files/storage-events.ts'
import { r2Store } from '../../shared/files/store.ts'
import { cloudflareQueues } from '../../shared/messages/queues.ts'
import type { Ports } from '../../shared/ports.ts'

export interface ProcessorEnv {
  readonly DB: D1Database
  readonly BUCKET: R2Bucket
  readonly CACHE: KVNamespace
  readonly FILE_EVENTS: Queue
  readonly JOBS: Queue
  readonly CHUNKS: Queue
  readonly R2_EVENTS: string
}

export const portsOf = (env: ProcessorEnv): Ports => {
  const clock = systemClock
  const queues = cloudflareQueues({ 'file-events': env.FILE_EVENTS, jobs: env.JOBS, chunks: env.CHUNKS })
  const store = r2Store(env.BUCKET)
  return {
    db: d1(env.DB),
    store: env.R2_EVENTS === 'emulate' ? tellingStore(store, queues, clock) : store,
    queues,
    cache: kvCache(env.CACHE),
    clock,
    ids: makeIds(clock, systemRandom),
    random: systemRandom,
    log: consoleLog,
  }
}
