/**
 * One try at a step of a job, by the holder of its lease: what a failure means. It ends in exactly one way:
 * done; canceled (the job is being canceled); overtaken (someone else holds it now: nothing to do); given back (try again later); given up (the job failed).
 */
import { AssertionError } from '../base/assert.ts'
import { AppError, ERRORS } from '../base/errors.ts'
import type { JobId } from '../base/ids.ts'
import type { Stmt } from '../db/db.ts'
import type { Ports } from '../ports.ts'
import type { ChunkPlace } from './chunk-place.sql.ts'
import { endJob } from './end.ts'
import type { JobError } from './job.ts'

/** Thrown by work that has noticed that its job is being canceled. */
export class JobCanceled extends Error {
  override readonly name = 'JobCanceled'
}

/** Thrown by work that has noticed that someone else holds its fence, or that the job has ended. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

/** What a step does with its row when a try ends without success. All of it under the fence. */
export interface Held {
  readonly job: JobId
  /** Which try this is, from 1. */
  readonly attempt: number
  /** The last one that there is. */
  readonly attemptsMax: number
  /** Where in the input: goes into the error. */
  place(): Promise<ChunkPlace>
  giveBack(error: JobError, now: number): readonly Stmt[]
  giveUp(error: JobError, now: number): readonly Stmt[]
  cancel(now: number): readonly Stmt[]
}

/** A failure as it is kept with a job. Of what is not an AppError, thus ours, only the kind is said, and a sentence of ours that did not hold: other messages may hold data. */
export const jobErrorOf = (error: unknown, place: ChunkPlace): JobError => {
  const known =
    error instanceof AppError ? error : new AppError('chunk_failed', `The work failed for a reason on our side: ${oursSaid(error)}.`)
  return { code: known.code, title: known.row.title, detail: known.detail, retryable: isPassing(error), ...place, ...known.facts.extra }
}

const oursSaid = (error: unknown): string =>
  error instanceof AssertionError ? error.message : error instanceof Error ? error.name : 'something was thrown that is no error'

/** The failure of the last of several tries at a chunk: it failed too often, and why the last time. */
const tooOften = (told: JobError, tries: number): JobError =>
  told.chunk === undefined || tries === 1
    ? told
    : { ...told, ...CHUNK_FAILED, detail: `It was tried ${tries} times. The last time: ${told.detail}`, reason: told.code }

const CHUNK_FAILED = { code: 'chunk_failed', title: ERRORS.chunk_failed.title } as const

/** True unless the failure is certain to come again: only what the caller or the data is to blame for is final at once. */
const isPassing = (error: unknown): boolean => !(error instanceof AppError) || error.row.retry === true

/** Does the work of one try; false: it came to nothing, and that is settled. Throws only what should make the queue deliver the message again. */
export const attempt = async (ports: Ports, held: Held, work: () => Promise<void>): Promise<boolean> => {
  try {
    if (held.attempt > held.attemptsMax)
      throw new AppError('chunk_failed', `It was tried ${held.attemptsMax} times, and each time the worker died or lost its lease.`)
    await work()
    return true
  } catch (error) {
    await afterFailure(ports, held, error)
    return false
  }
}

const afterFailure = async (ports: Ports, held: Held, error: unknown): Promise<void> => {
  if (error instanceof Overtaken) return
  const now = ports.clock.now()
  if (error instanceof JobCanceled) {
    await endJob(ports, held.job, held.cancel(now), now)
    return
  }
  const place = await held.place()
  const told = jobErrorOf(error, place)
  const isFinal = !isPassing(error) || held.attempt >= held.attemptsMax
  ports.log.error('attempt.failed', { job: held.job, ...place, attempt: held.attempt, code: told.code, final: isFinal }, error)
  if (isFinal) {
    await endJob(ports, held.job, held.giveUp(isPassing(error) ? tooOften(told, held.attempt) : told, now), now)
    return
  }
  await ports.db.batch(held.giveBack(told, now))
  throw error
}
