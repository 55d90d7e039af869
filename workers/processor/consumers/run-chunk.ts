/** Runs one chunk: claim, pass over its bytes, one batch with the result. Delivered twice it changes nothing the second time: the claim finds nothing to take. */
import { LIMITS } from '../../../shared/base/limits.ts'
import { attempt, type Held } from '../../../shared/jobs/attempt.ts'
import { cancelChunk, claimChunk, failChunk, releaseChunk, sleepChunk } from '../../../shared/jobs/chunk.sql.ts'
import type { ChunkRow } from '../../../shared/jobs/chunk.ts'
import { cutChunk } from '../../../shared/jobs/cut-chunk.ts'
import { settleCancel } from '../../../shared/jobs/end.ts'
import { endCanceled, failJob } from '../../../shared/jobs/job.sql.ts'
import type { ChunkMessage } from '../../../shared/messages/message.ts'
import type { Ports } from '../../../shared/ports.ts'

export const runChunk = async (message: ChunkMessage, ports: Ports): Promise<void> => {
  const chunk = await claimChunk(ports.db, message.job, message.k, ports.clock.now())
  if (!chunk) return settleCancel(ports, message.job)
  await attempt(ports, held(chunk), () => cutChunk(ports, chunk))
}

const held = (chunk: ChunkRow): Held => (chunk.start_at === null ? guessing(chunk) : sure(chunk))

const sure = (chunk: ChunkRow): Held => ({
  job: chunk.job_id,
  attempt: chunk.attempt_count,
  attemptsMax: LIMITS.attemptsMax,
  place: { chunk: chunk.k },
  giveBack: (error, now) => [releaseChunk(chunk, error, now)],
  giveUp: (error, now) => [failChunk(chunk, error, now), failJob(chunk.job_id, null, error, now)],
  cancel: (now) => [cancelChunk(chunk, now), endCanceled(chunk.job_id, now)],
})

/** A try from a guessed start fails no job: it may have failed because it began at the wrong place. */
const guessing = (chunk: ChunkRow): Held => ({
  ...sure(chunk),
  attempt: chunk.guess_count,
  attemptsMax: LIMITS.guessesMax,
  giveUp: (error, now) => [sleepChunk(chunk, error, now)],
})
