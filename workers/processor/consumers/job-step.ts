/** A step of a job that is not a chunk: planning it, joining its chunks where that was left undone, or making its result. */
import { LIMITS } from '../../../shared/base/limits.ts'
import { about } from '../../../shared/base/log.ts'
import { attempt, type Held } from '../../../shared/jobs/attempt.ts'
import { settleCancel } from '../../../shared/jobs/end.ts'
import { finishJob } from '../../../shared/jobs/finish.ts'
import { claimFinish, claimPlan, endCanceledByHolder, failJob, releaseJob } from '../../../shared/jobs/job.sql.ts'
import type { JobRow } from '../../../shared/jobs/job.ts'
import { joinChunks } from '../../../shared/jobs/join.ts'
import { planJob } from '../../../shared/jobs/plan.ts'
import type { JobMessage } from '../../../shared/messages/message.ts'
import type { Ports } from '../../../shared/ports.ts'

/** Kind of message -> who may have the step, and what to do with it. Joining needs no holder: its moves name the place they leave. */
const STEPS = {
  plan: { claim: claimPlan, run: planJob },
  finish: { claim: claimFinish, run: finishJob },
} as const

export const runJobStep = async (message: JobMessage, ports: Ports): Promise<void> => {
  if (message.kind === 'join') return joinChunks(ports, message.job)
  const step = STEPS[message.kind]
  const job = await step.claim(ports.db, message.job, ports.clock.now())
  if (!job) return settleCancel(ports, message.job)
  const at: Ports = { ...ports, log: about(ports.log, { job: job.id, step: message.kind, request: job.request_id, fence: job.fence }) }
  await attempt(at, held(job), () => step.run(at, job))
}

/** A commit that changes no row means that the job was canceled or taken over meanwhile: the holder's cancel statement tells which. */
const held = (job: JobRow): Held => ({
  job: job.id,
  attempt: job.attempt_count,
  attemptsMax: LIMITS.attemptsMax,
  place: async () => ({}),
  giveBack: (error, now) => [releaseJob(job.id, job.fence, error, now)],
  giveUp: (error, now) => [failJob(job.id, job.fence, error, now)],
  cancel: (now) => [endCanceledByHolder(job.id, job.fence, now)],
})
