/**
 * A chunk: a byte range of a job's input, the unit of retry. waiting -> running (claimed) -> done; running -> waiting when its lease runs out or its try failed;
 * running -> failed when it was tried too often; waiting, running -> canceled with its job.
 */
import type { JobId } from '../base/ids.ts'
import type { Warning } from '../csv/scanner.ts'

export type ChunkState = 'waiting' | 'running' | 'done' | 'failed' | 'canceled'

export interface ChunkRow {
  readonly job_id: JobId
  readonly k: number
  readonly state: ChunkState
  readonly range_start: number
  readonly range_end: number
  readonly fence: number
  readonly attempt_count: number
  readonly result: string | null
  readonly error: string | null
}

export const CHUNK_COLUMNS = 'job_id, k, state, range_start, range_end, fence, attempt_count, result, error'

/** An object that a chunk wrote. */
export interface ChunkObject {
  readonly key: string
  readonly etag: string
  readonly bytes: number
  readonly sha256: string
}

/** What a chunk's run came to. Warnings count records and lines from the chunk's beginning. */
export interface ChunkResult {
  readonly bytesIn: number
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rowsFiltered: number
  readonly rowsRejected: number
  readonly blankLines: number
  readonly warnings: readonly Warning[]
  /** Null: this operation makes no file. */
  readonly output: ChunkObject | null
  /** Null: nothing was rejected. */
  readonly rejects: ChunkObject | null
  /** The operation's state, where it has one. */
  readonly state: ChunkObject | null
}

export const resultOf = (chunk: ChunkRow): ChunkResult | null => (chunk.result === null ? null : (JSON.parse(chunk.result) as ChunkResult))
