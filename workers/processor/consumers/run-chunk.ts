/** Runs one chunk: claim, pass over its bytes, one batch with the result. Delivered twice it changes nothing the second time: the claim finds nothing to take. */
import { LIMITS } from '../../../shared/base/limits.ts'
import { about } from '../../../shared/base/log.ts'
import { attempt, type Held } from '../../../shared/jobs/attempt.ts'
import { cancelChunk, claimChunk, failChunk, releaseChunk, sleepChunk } from '../../../shared/jobs/chunk.sql.ts'
import type { ChunkRow } from '../../../shared/jobs/chunk.ts'
import { keepAttempt } from '../../../shared/jobs/chunk-attempts.sql.ts'
import { placeOf } from '../../../shared/jobs/chunk-place.sql.ts'
import { cutChunk } from '../../../shared/jobs/cut-chunk.ts'
import { settleCancel } from '../../../shared/jobs/end.ts'
import { endCanceled, failJobIfChanged } from '../../../shared/jobs/job.sql.ts'
import { joinChunks } from '../../../shared/jobs/join.ts'
import type { ChunkMessage } from '../../../shared/messages/message.ts'
import type { Ports } from '../../../shared/ports.ts'

export const runChunk = async (message: ChunkMessage, ports: Ports): Promise<void> => {
  const chunk = await claimChunk(ports.db, message.job, message.k, ports.clock.now())
  if (!chunk) return settleCancel(ports, message.job)
  const at: Ports = {
    ...ports,
    log: about(ports.log, { job: chunk.job_id, chunk: chunk.k, request: chunk.request_id, fence: chunk.fence }),
  }
  const isDone = await attempt(at, held(at, chunk), () => cutChunk(at, chunk))
  // A guess that came to nothing sleeps now: another chunk may have its place.
  if (!isDone && chunk.start_at === null) await joinChunks(at, chunk.job_id)
}

const held = (ports: Ports, chunk: ChunkRow): Held => (chunk.start_at === null ? guessing(ports, chunk) : sure(ports, chunk))

const sure = (ports: Ports, chunk: ChunkRow): Held => ({
  job: chunk.job_id,
  attempt: chunk.attempt_count,
  attemptsMax: LIMITS.attemptsMax,
  place: () => placeOf(ports.db, chunk),
  giveBack: (error, now) => [keepAttempt(chunk, 'released', error, now), releaseChunk(chunk, error, now)],
  giveUp: (error, now) => [
    keepAttempt(chunk, 'failed', error, now),
    failChunk(chunk, error, now),
    failJobIfChanged(chunk.job_id, error, now),
  ],
  cancel: (now) => [cancelChunk(chunk, now), endCanceled(chunk.job_id, now)],
})

/** A try from a guessed start fails no job: it may have failed because it began at the wrong place. */
const guessing = (ports: Ports, chunk: ChunkRow): Held => ({
  ...sure(ports, chunk),
  attempt: chunk.guess_count,
  attemptsMax: LIMITS.guessesMax,
  giveUp: (error, now) => [keepAttempt(chunk, 'released', error, now), sleepChunk(chunk, error, now)],
})
