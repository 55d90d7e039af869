/**
 * The metrics as they were at most a moment ago: whoever asks often, or in numbers, is given the same document for LIMITS.metricsFreshMs, so that asking does
 * not become the work. Where the cache is unwell the database is asked each time; its share is bounded too.
 */
import { LIMITS } from '../base/limits.ts'
import { VERSION } from '../base/version.ts'
import type { Ports } from '../ports.ts'
import { readCounts } from './metrics.sql.ts'
import { type Backlog, metricsText } from './metrics.ts'

const KEY = 'metrics'

interface Kept {
  readonly at: number
  readonly text: string
}

type Needed = Pick<Ports, 'db' | 'cache' | 'clock' | 'log'>

const lookUp = async ({ cache, log }: Needed): Promise<Kept | null> => {
  try {
    const text = await cache.get(KEY)
    return text === null ? null : (JSON.parse(text) as Kept)
  } catch (cause) {
    log.warn('metrics.cache_failed', { error: String(cause) })
    return null
  }
}

const keep = async ({ cache, log }: Needed, kept: Kept): Promise<void> => {
  try {
    await cache.put(KEY, JSON.stringify(kept), LIMITS.cacheSecondsMin)
  } catch (cause) {
    log.warn('metrics.cache_failed', { error: String(cause) })
  }
}

/** The document. `backlogs`: asks the queues. */
export const currentMetrics = async (ports: Needed, backlogs: () => Promise<readonly Backlog[]>): Promise<string> => {
  const now = ports.clock.now()
  const kept = await lookUp(ports)
  if (kept && Math.abs(now - kept.at) < LIMITS.metricsFreshMs) return kept.text
  const [counts, queues] = await Promise.all([readCounts(ports.db, now), backlogs()])
  const text = metricsText({ ...counts, now, version: VERSION, backlogs: queues })
  await keep(ports, { at: now, text })
  return text
}
