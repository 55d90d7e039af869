/**
 * Records of one stretch of input as offsets over the bytes they lie in: what a scanner hands out and everything else reads.
 * Nothing here is copied or decoded; the arrays and the bytes are the scanner's and hold until its next call.
 */
import type { Kernel } from './kernel-memory.ts'

export interface RecordBatch {
  /** The bytes that all offsets of this batch point into. */
  readonly bytes: Uint8Array
  /** Byte offset of bytes[0] in the (decoded) input. */
  readonly base: number
  /** Physical line number, from 1 relative to where the scan began, of the line that begins at bytes[0]. */
  readonly firstLine: number
  /** Number of data records that the scan met before this batch, rejected ones included. */
  readonly firstRecord: number
  /** Number of records in this batch. Blank lines and rejected lines are not among them. */
  readonly count: number
  /** [count] where each record begins. */
  readonly starts: Uint32Array
  /** [count] just past each record's line end. At the end of the input there may be no line end. */
  readonly ends: Uint32Array
  /** [count + 1] index into fieldEnds of each record's first field. */
  readonly firstFields: Uint32Array
  /** End of each field: the place of its delimiter or of the line end (CR LF: of the CR). A field begins at its record's start or just past the delimiter that ends the field before it. */
  readonly fieldEnds: Uint32Array
  /** Bytes of the delimiter; absent: one. Whoever reads fieldEnds by themselves takes only batches without it (or 1), see plain-batch.ts. */
  readonly delimiterBytes?: number
  /** Lines that are no records because they are too long, in order. */
  readonly rejects: readonly RejectedLine[]
  /** How many fields every record of the batch has; null where they differ, or nobody looked. */
  readonly width: number | null
  /** The kernel in whose memory all of this lies; null: it lies elsewhere. */
  readonly kernel: Kernel | null
}

/** A line over the record limit. Its bytes are not kept. */
export interface RejectedLine {
  /** How many records of this batch come before it. */
  readonly before: number
  /** Physical line number, relative like firstLine. */
  readonly line: number
  /** Byte offset in the input, and length with its line end. */
  readonly byteOffset: number
  readonly byteLength: number
  readonly reason: 'record_too_long'
}

/** Number of fields of record `r`. */
export const fieldCount = (batch: RecordBatch, r: number): number => batch.firstFields[r + 1]! - batch.firstFields[r]!

/** Where field `f` of record `r` begins in batch.bytes; `f` must be below fieldCount. */
export const fieldStart = (batch: RecordBatch, r: number, f: number): number =>
  f === 0 ? batch.starts[r]! : batch.fieldEnds[batch.firstFields[r]! + f - 1]! + (batch.delimiterBytes ?? 1)

/** Where field `f` of record `r` ends in batch.bytes. */
export const fieldEnd = (batch: RecordBatch, r: number, f: number): number => batch.fieldEnds[batch.firstFields[r]! + f]!
