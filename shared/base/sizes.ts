/**
 * How big the pieces are that jobs work in. Handed in with the ports, because proofs want chunks of a few bytes: nothing else about the code may then be different.
 * What users meet stands in limits.ts.
 */
import { assert } from './assert.ts'
import { LIMITS } from './limits.ts'

const MIB = 1024 * 1024

export interface Sizes {
  /** A job up to this is one chunk, and no chunk is smaller: 64 MiB are a fraction of a second, so that a retry is cheap and the database is asked little. */
  readonly chunkBytesMin: number
  /** Larger jobs have chunks of a thousandth: a job's rows stay a page or two of the database. */
  readonly chunksMax: number
  /** What is looked at to guess where the first line of a chunk begins. */
  readonly guessBytes: number
  readonly recordBytesMax: number
  /** How much of an object one request reads. */
  readonly windowBytes: number
  /** The least size of a part of what we write in parts; what is smaller is written at once. */
  readonly partBytes: number
  /** Composing parts of this size and less happens in memory; an isolate has 128 MiB. */
  readonly partBytesMax: number
  /** What one message of finishing reads or writes at most, in bytes and in time: joining profiles is work of the processor, which has five minutes a message. */
  readonly composeBytesMax: number
  readonly composeMsMax: number
  /** … and in parts: each is three statements, and D1 takes 1,000 of one invocation. */
  readonly composePartsMax: number
  /** Messages of one job that are out at a time: what a job gains from more than 32 workers is lost to others. */
  readonly parallelPerJob: number
  /** Jobs of one owner that are under way at a time, and roughly their messages: a quarter of the 250 consumers that a queue can have. The owner's other jobs wait for their turn. */
  readonly parallelPerOwner: number
}

export const SIZES: Sizes = {
  chunkBytesMin: 64 * MIB,
  chunksMax: 1_000,
  guessBytes: 64 * 1024,
  recordBytesMax: LIMITS.recordBytesMax,
  windowBytes: 16 * MIB,
  partBytes: 8 * MIB,
  partBytesMax: 64 * MIB,
  composeBytesMax: 4 * 1024 * MIB,
  composeMsMax: 2 * 60_000,
  composePartsMax: 300,
  parallelPerJob: 32,
  parallelPerOwner: 64,
}

/** What an operator may set chunks to: not less than what is looked at to guess where one begins, and not more than one message reads well within its time. */
const CHUNK_BYTES_LEAST = SIZES.guessBytes
const CHUNK_BYTES_MOST = 1024 * MIB

/** The sizes where the operator has set CHUNK_BYTES, the least size of a chunk; the usual ones where it is not set. Anything but a whole number within its bounds is a mistake that is not passed over. */
export const sizesFor = (chunkBytes: string | number | undefined): Sizes => {
  if (chunkBytes === undefined || chunkBytes === '') return SIZES
  const bytes = Number(chunkBytes)
  assert(
    Number.isInteger(bytes) && bytes >= CHUNK_BYTES_LEAST && bytes <= CHUNK_BYTES_MOST,
    `CHUNK_BYTES is a whole number of bytes from ${CHUNK_BYTES_LEAST} to ${CHUNK_BYTES_MOST}`,
  )
  return { ...SIZES, chunkBytesMin: bytes }
}
