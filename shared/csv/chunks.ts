/**
 * Which lines are a chunk's? A job's input is cut into ranges that are read in parallel, and the cuts fall anywhere: within a record, within quotes, within a line over the record limit.
 *
 * The rule. Chunk k owns the lines that begin in its range [s, e); the first s is the end of the header. A chunk whose true start is not known guesses it and reads from there to the first
 * line start at or after e. It reports `first`, where it began, and `next`, where the chunk after it begins. Reports are joined strictly from the left: the cursor t is the end of the header
 * at first; a chunk with t >= e is empty, whatever it reported; one whose `first` is not t is run again from t before anybody looks at the chunk after it; then t is its `next`. At the end t is
 * the size. Until it is joined a report is provisional: it counts nowhere.
 *
 * Why it is exact. What a scanner says from a start on depends on nothing but the bytes from there on, the dialect and the record limit M. The end of the header is a true start; from a true
 * start a run gives exactly the lines that it owns, and the next true start; and `first` = t says that the run began there. So every report that is joined is what one scan of the whole input
 * would have said, and a guess can cost time, but nothing else. (That neighbours agree is not enough: `x,y` and many `"a,\n",b\n` cut every 16 bytes agree with each other and are wrong.)
 *
 * How far it reads. A line that begins before e has ended by e + M, or is over the limit, which is known by then; the end of such a line may be far away, or never come. So reading stops at
 * e + M: the line is counted where it began, and t then lies within it: the chunk after it `skips` what is left of it. Of a start both are compared, the offset and whether it skips.
 */
import { assert } from '../base/assert.ts'
import type { Scanner } from './scanner.ts'

/** Bytes [start, end) of the input. */
export interface ByteSpan {
  readonly start: number
  readonly end: number
}

/** Where the scan of a chunk begins: at a line start, or (`skips`) within a line over the record limit whose rest is passed over. */
export interface ChunkStart {
  readonly at: number
  readonly skips: boolean
}

/** How an input is cut: `count` chunks (one at least) of `chunkBytes`, the last one shorter. */
export interface ChunkPlan {
  readonly headerEnd: number
  readonly size: number
  readonly chunkBytes: number
  readonly count: number
}

/** What bounds a plan: smaller chunks are not worth their messages, and more than `chunksMax` of them are too many rows. */
export interface ChunkSizes {
  readonly chunkBytesMin: number
  readonly chunksMax: number
}

export const planChunks = (headerEnd: number, size: number, { chunkBytesMin, chunksMax }: ChunkSizes): ChunkPlan => {
  const chunkBytes = Math.max(chunkBytesMin, Math.ceil(size / chunksMax))
  return { headerEnd, size, chunkBytes, count: Math.max(1, Math.ceil((size - headerEnd) / chunkBytes)) }
}

/** The range of chunk `k`. */
export const chunkRange = ({ headerEnd, size, chunkBytes }: ChunkPlan, k: number): ByteSpan => ({
  start: headerEnd + k * chunkBytes,
  end: Math.min(size, headerEnd + (k + 1) * chunkBytes),
})

/** Where reading for a range ends at the latest. */
export const readTo = ({ end }: ByteSpan, size: number, recordBytesMax: number): number => Math.min(size, end + recordBytesMax)

/** Where the chunk to the right begins, told by a scanner over [start, range.end) that is finished: it was done, or had all bytes up to `readTo`. */
export const endOfChunk = (
  { done, next, isSkipping }: Pick<Scanner, 'done' | 'next' | 'isSkipping'>,
  range: ByteSpan,
  size: number,
): ChunkStart => {
  assert(done && (next >= range.end || next === size), 'a chunk is read up to the first line start behind its range')
  return { at: next, skips: isSkipping && next < size }
}

/** How far the chunks are joined: `k` is the next one, and its true start. */
export interface JoinCursor extends ChunkStart {
  readonly k: number
}

/** What a run of a chunk says of where it lies. Nulls: it found no start to begin from, and read nothing. */
export type ChunkReport = { readonly first: ChunkStart; readonly next: ChunkStart } | { readonly first: null; readonly next: null }

export type JoinStep =
  /** No line begins in the chunk; what it reported, or is still going to, is void. */
  | { readonly kind: 'empty'; readonly cursor: JoinCursor }
  /** The report is true. */
  | { readonly kind: 'joined'; readonly cursor: JoinCursor }
  /** It began in the wrong place: it is to be run from here. */
  | { readonly kind: 'rerun'; readonly from: ChunkStart }
  /** It has not reported. */
  | { readonly kind: 'wait' }

export const joinStart = ({ headerEnd }: Pick<ChunkPlan, 'headerEnd'>): JoinCursor => ({ k: 0, at: headerEnd, skips: false })

/** What becomes of chunk cursor.k, which has this range and reported this (null: nothing yet). */
export const joinStep = ({ k, at, skips }: JoinCursor, range: ByteSpan, report: ChunkReport | null): JoinStep => {
  if (at >= range.end) return { kind: 'empty', cursor: { k: k + 1, at, skips } }
  if (report === null) return { kind: 'wait' }
  const { first, next } = report
  if (first === null || first.at !== at || first.skips !== skips) return { kind: 'rerun', from: { at, skips } }
  return { kind: 'joined', cursor: { k: k + 1, at: next.at, skips: next.skips } }
}
