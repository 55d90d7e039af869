/** What the service stands on, each asked the smallest question that it must answer. What is wrong is logged, not shown. */
import type { Ports } from '../../shared/ports.ts'
import type { ApiEnv } from './env.ts'
import { pingDatabase } from './probes.sql.ts'

type Probe = (env: ApiEnv, ports: Ports) => Promise<unknown>

const PROBES = {
  database: (_, { db }) => pingDatabase(db),
  bucket: (_, { store }) => store.head('health'),
  kv: (_, { cache }) => cache.get('health'),
  queues: (env) => Promise.all([env.FILE_EVENTS.metrics(), env.JOBS.metrics(), env.CHUNKS.metrics()]),
} satisfies Record<string, Probe>

type ProbeName = keyof typeof PROBES

const ask = async (name: ProbeName, env: ApiEnv, ports: Ports): Promise<{ ok: boolean; ms: number }> => {
  const from = ports.clock.now()
  try {
    await (PROBES[name] as Probe)(env, ports)
    return { ok: true, ms: ports.clock.now() - from }
  } catch (cause) {
    ports.log.error('health.failing', { check: name }, cause)
    return { ok: false, ms: ports.clock.now() - from }
  }
}

/** Asks all at once. Never throws. */
export const probe = async (env: ApiEnv, ports: Ports) => {
  const [database, bucket, kv, queues] = await Promise.all(
    (['database', 'bucket', 'kv', 'queues'] as const).map((name) => ask(name, env, ports)),
  )
  return { database: database!, bucket: bucket!, kv: kv!, queues: queues! }
}
