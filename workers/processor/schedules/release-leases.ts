/** Work that nobody does: its message was lost, or its holder is gone. Its message is sent again; whoever gets it claims the work under a new fence. */
import { LIMITS } from '../../../shared/base/limits.ts'
import type { OutboxRow } from '../../../shared/events/outbox.sql.ts'
import { keepIfChanged, outgoing, sendKept } from '../../../shared/events/outbox.ts'
import { requeueChunk, stalledChunks } from '../../../shared/jobs/chunk.sql.ts'
import { keepLostAttempt } from '../../../shared/jobs/chunk-attempts.sql.ts'
import { requeueJob, stalledJobs } from '../../../shared/jobs/job.sql.ts'
import type { Ports } from '../../../shared/ports.ts'

/** Returns how many messages went out. */
export const releaseLeases = async (ports: Ports, now: number): Promise<number> => {
  const rows = [...(await stalledChunkMessages(ports, now)), ...(await stalledJobMessages(ports, now))]
  return sendKept(ports, rows)
}

const stalledChunkMessages = async (ports: Ports, now: number): Promise<OutboxRow[]> => {
  const stalled = await stalledChunks(ports.db, now, LIMITS.sweepRowsMax)
  const rows = stalled.map(({ job_id, k }) => outgoing(ports.ids, 'chunks', { v: 1, job: job_id, k }))
  await ports.db.batch(
    stalled.flatMap(({ job_id, k }, i) => [keepLostAttempt(job_id, k, now), requeueChunk(job_id, k, now), keepIfChanged(rows[i]!, now)]),
  )
  for (const { job_id, k, state, fence, request_id } of stalled)
    ports.log.warn('chunk.requeued', { job: job_id, chunk: k, request: request_id, was: state, fence })
  return rows
}

const stalledJobMessages = async (ports: Ports, now: number): Promise<OutboxRow[]> => {
  const stalled = await stalledJobs(ports.db, now, LIMITS.sweepRowsMax)
  await ports.db.batch(stalled.map(({ id }) => requeueJob(id, now)))
  for (const { id, kind, request_id } of stalled) ports.log.warn('job.requeued', { job: id, step: kind, request: request_id })
  return stalled.map(({ id, kind }) => outgoing(ports.ids, 'jobs', { v: 1, kind, job: id }))
}
