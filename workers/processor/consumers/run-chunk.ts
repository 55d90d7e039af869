/** Runs one chunk: claim, pass over its bytes, one batch with the result. Delivered twice it changes nothing the second time: the claim finds nothing to take. */
import { attempt, type Held, settleCancel } from '../../../shared/jobs/attempt.ts'
import { cancelChunk, claimChunk, failChunk, releaseChunk } from '../../../shared/jobs/chunk.sql.ts'
import type { ChunkRow } from '../../../shared/jobs/chunk.ts'
import { cutChunk } from '../../../shared/jobs/cut-chunk.ts'
import { endCanceled, failJob } from '../../../shared/jobs/job.sql.ts'
import type { ChunkMessage } from '../../../shared/messages/message.ts'
import type { Ports } from '../../../shared/ports.ts'

export const runChunk = async (message: ChunkMessage, ports: Ports): Promise<void> => {
  const chunk = await claimChunk(ports.db, message.job, message.k, ports.clock.now())
  if (!chunk) return settleCancel(ports, message.job)
  await attempt(ports, held(chunk), () => cutChunk(ports, chunk))
}

const held = (chunk: ChunkRow): Held => ({
  job: chunk.job_id,
  attempt: chunk.attempt_count,
  place: { chunk: chunk.k },
  giveBack: (error, now) => [releaseChunk(chunk, error, now)],
  giveUp: (error, now) => [failChunk(chunk, error, now), failJob(chunk.job_id, null, error, now)],
  cancel: (now) => [cancelChunk(chunk, now), endCanceled(chunk.job_id, now)],
})
