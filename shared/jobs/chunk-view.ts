/** A job's chunks as the API shows them: how far each is, and why it was tried again. */
import { isoTime } from '../base/clock.ts'
import type { JobId, UserId } from '../base/ids.ts'
import type { Db } from '../db/db.ts'
import { type AttemptRow, type ListedChunk, listAttempts, listChunks } from './chunk-attempts.sql.ts'
import type { JobError } from './job.ts'

const errorOf = (text: string | null): JobError | null => (text === null ? null : (JSON.parse(text) as JobError))

const attemptView = ({ fence, guessed, outcome, error, bytes_in, started_at, ended_at }: AttemptRow) => ({
  fence,
  guessed: guessed === 1,
  outcome,
  error: errorOf(error),
  bytes_in,
  started_at: isoTime(started_at),
  ended_at: isoTime(ended_at),
})

export interface ToldChunk {
  readonly chunk: ListedChunk
  readonly attempts: readonly AttemptRow[]
}

/** Chunks of a user's job from `first` on, each with its tries that came to nothing. Two queries, whatever the number. */
export const toldChunks = async (db: Db, owner: UserId, job: JobId, first: number, limit: number): Promise<ToldChunk[]> => {
  const chunks = await listChunks(db, owner, job, first, limit)
  const last = chunks.at(-1)
  const attempts = last ? await listAttempts(db, owner, job, first, last.k) : []
  return chunks.map((chunk) => ({ chunk, attempts: attempts.filter(({ k }) => k === chunk.k) }))
}

/** A chunk as the API shows it. */
export const chunkView = ({ chunk, attempts }: ToldChunk) => ({
  object: 'chunk' as const,
  chunk: chunk.k,
  state: chunk.state,
  range: { start: chunk.range_start, end: chunk.range_end },
  first_line_at: chunk.start_at,
  attempt: chunk.attempt_count,
  guesses: chunk.guess_count,
  fence: chunk.fence,
  progress: { bytes_in: chunk.bytes_in, rows_in: chunk.rows_in, rows_out: chunk.rows_out, rows_rejected: chunk.rows_rejected },
  error: errorOf(chunk.error),
  started_at: isoTime(chunk.started_at),
  ended_at: isoTime(chunk.ended_at),
  attempts: attempts.map(attemptView),
})
