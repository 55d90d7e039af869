/**
 * A chunk: a byte range of a job's input, the unit of parallel work and of retry. It owns the lines that start in its range.
 *
 * waiting -> running (claimed) -> done; running -> waiting when its lease runs out or its try failed; running -> failed when it was tried too often;
 * done -> waiting only when it began at the wrong place (join.ts); waiting, running -> canceled with its job. A chunk that no line starts in is done without being run.
 *
 * A chunk waits awake (its message is out; `lease_until` says when somebody must have come) or asleep (`lease_until` is null: it is not its turn, or its start can only be told by its left neighbour).
 * Where its true start is known it is run from there (`start_at`); else it guesses, and what such a try comes to, failures included, counts for nothing until it is joined.
 */
import type { JobId } from '../base/ids.ts'
import type { ChunkReport, ChunkStart } from '../csv/chunks.ts'
import type { Warning } from '../csv/scanner.ts'

export const CHUNK_STATES = ['waiting', 'running', 'done', 'failed', 'canceled'] as const
export type ChunkState = (typeof CHUNK_STATES)[number]

export interface ChunkRow {
  readonly job_id: JobId
  readonly k: number
  readonly state: ChunkState
  readonly range_start: number
  readonly range_end: number
  /** Where its first line begins; null: nobody knows yet. */
  readonly start_at: number | null
  readonly start_skips: number
  readonly fence: number
  /** Tries from its true start, and from guessed ones. */
  readonly attempt_count: number
  readonly guess_count: number
  readonly result: string | null
  readonly error: string | null
}

export const CHUNK_COLUMNS = `job_id, k, state, range_start, range_end, start_at, start_skips, fence, attempt_count, guess_count, result, error`

/** An object that a chunk wrote. */
export interface ChunkObject {
  readonly key: string
  readonly etag: string
  readonly bytes: number
  /** Null: no one message saw all of its bytes. */
  readonly sha256: string | null
}

/** What a chunk's run came to, besides where it lies. Warnings count records and lines from the chunk's beginning. */
export interface ChunkFindings {
  readonly bytesIn: number
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rowsFiltered: number
  readonly rowsRejected: number
  readonly blankLines: number
  /** Physical lines that ended. */
  readonly lines: number
  readonly warnings: readonly Warning[]
  /** Null: this operation makes no file. */
  readonly output: ChunkObject | null
  /** Null: nothing was rejected. */
  readonly rejects: ChunkObject | null
  /** The operation's state, where it has one. */
  readonly state: ChunkObject | null
}

export type ChunkResult = ChunkReport & ChunkFindings

export const resultOf = (chunk: Pick<ChunkRow, 'result'>): ChunkResult | null =>
  chunk.result === null ? null : (JSON.parse(chunk.result) as ChunkResult)

/** The true start of a claimed chunk; null: it has to guess. */
export const knownStart = ({ start_at, start_skips }: Pick<ChunkRow, 'start_at' | 'start_skips'>): ChunkStart | null =>
  start_at === null ? null : { at: start_at, skips: start_skips === 1 }

/** What a chunk holds that no line starts in. */
export const EMPTY = { bytesIn: 0, rowsIn: 0, rowsOut: 0, rowsFiltered: 0, rowsRejected: 0, blankLines: 0, lines: 0 } as const
