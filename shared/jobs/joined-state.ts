/**
 * What all chunks of a job found, as one state: joined from left to right, as far as one message goes; the next goes on from there. A thousand profiles are gigabytes to read,
 * and joining two takes a moment of the processor each time.
 */
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { readAll } from '../files/blocks.ts'
import { joinedKey } from '../files/object-key.ts'
import { putOnce } from '../files/put-once.ts'
import type { Bound } from '../operations/operation.ts'
import type { Ports } from '../ports.ts'
import { JobCanceled } from './attempt.ts'
import type { ChunkFindings, ChunkObject } from './chunk.ts'
import type { Budget } from './compose.ts'
import { beatFinish, compositionOf, type Finisher, keepJoined } from './composition.sql.ts'

type StatePorts = Pick<Ports, 'db' | 'store' | 'clock'>

const NOTHING = new Uint8Array(0)

const readState = async (ports: StatePorts, { key, etag, bytes }: Pick<ChunkObject, 'key' | 'etag' | 'bytes'>): Promise<Uint8Array> => {
  const stream = await ports.store.read(key, etag)
  if (!stream) throw new AppError('storage_unavailable', 'The state of a chunk cannot be read.')
  return readAll(stream, bytes)
}

/** Where an earlier message has left off. */
const begun = async (ports: StatePorts, job: Finisher): Promise<{ state: Uint8Array | null; next: number }> => {
  const row = await compositionOf(ports.db, job.id, 'state')
  if (!row?.etag) return { state: null, next: 0 }
  const object = { key: row.object_key, etag: row.etag, bytes: row.bytes ?? 0 }
  return { state: await readState(ports, object), next: row.at_chunk }
}

/**
 * The state of all chunks; empty where there is none, and for a sequential operation, whose states are for its own chunks. Null: there is more to do than one message does.
 * Throws JobCanceled where the job is someone else's or is to end.
 */
export const joinedState = async (
  ports: StatePorts,
  job: Finisher,
  chunks: readonly Pick<ChunkFindings, 'state'>[],
  bound: Bound,
  budget: Budget,
): Promise<Uint8Array | null> => {
  if (bound.isSequential || chunks.every(({ state }) => state === null)) return NOTHING
  let { state: joined, next } = chunks.length === 1 ? { state: null, next: 0 } : await begun(ports, job)
  let beatAt = ports.clock.now()
  for (; next < chunks.length; next++) {
    const state = chunks[next]?.state
    if (!state) continue
    const bytes = await readState(ports, state)
    joined = joined ? bound.merge(joined, bytes) : bytes
    budget.bytes -= bytes.length
    const now = ports.clock.now()
    if (now - beatAt >= LIMITS.heartbeatMs) {
      if ((await ports.db.run(beatFinish(job, now))) !== 1) throw new JobCanceled()
      beatAt = now
    }
    if (next + 1 === chunks.length || (budget.bytes > 0 && now < budget.until)) continue
    await keep(ports, job, next + 1, joined)
    return null
  }
  return joined ?? NOTHING
}

const keep = async (ports: StatePorts, job: Finisher, chunks: number, state: Uint8Array): Promise<void> => {
  const object = await putOnce(ports.store, joinedKey(job.id, job.fence), state)
  const [kept] = await ports.db.batch([keepJoined(job, chunks, object)])
  if (kept?.changes !== 1) throw new JobCanceled()
}
