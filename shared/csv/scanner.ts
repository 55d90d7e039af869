/**
 * The contract of a scanner: bytes in, records out. Two keep it: the twin (naive.ts) and the SIMD kernel (kernel-scanner.ts).
 * Any split of the input into pushes gives the same records.
 *
 * A scan owns the lines that begin in [start, end). It begins at `start`, which must be a true line start (or lie in a line that `skips`), and is done at the first line start at or after `end`.
 */
import type { Dialect } from './dialect.ts'
import type { RecordBatch } from './record-batch.ts'

export interface ScanOptions {
  readonly dialect: Dialect
  /** Byte offset of the first byte that will be pushed. */
  readonly start: number
  /** Lines that begin at or after this offset are not ours. Infinity: all are. */
  readonly end: number
  /** The record limit M in bytes (LIMITS.recordBytesMax unless a test says otherwise). */
  readonly recordBytesMax: number
  /**
   * True: `start` lies within a line over the record limit that the scan to the left has counted. Everything up to and including the first newline byte belongs to it, quotes ignored;
   * of it only that line end is counted here.
   */
  readonly skips?: boolean
  /** How many fields a record should have, where that is known: a scanner may then say of a batch that all its records have them. */
  readonly columns?: number
}

/** What looked odd, by kind: how often, and where first. Records and lines count from 1, relative to where the scan began. */
export interface Warning {
  readonly code: WarningCode
  readonly count: number
  readonly first: { readonly record: number; readonly line: number; readonly byteOffset: number }
}

/**
 * `stray_quote`: a field holds a quote that is an ordinary character (fields are counted). `unclosed_quote`: a quote that did not close within the record limit was read as an ordinary
 * character, or one that was still open at the end of the input was closed there (quotes are counted, also where the line was rejected in the end). `lf_in_cr_file`: an LF in a file whose lines end with CR (LFs are counted). `nul_byte`: a field holds a NUL (fields).
 * `invalid_utf8`: a record is not UTF-8 (records). `comment_line`: a line begins with the comment byte and is no record (lines; its record is the one that comes next). `ragged_short`, `ragged_long`: fewer or more fields than columns (records; told by who knows the columns, not by a scanner).
 * `formula_guarded`: a cell that a spreadsheet could run got an apostrophe in front. `utf8_replaced`: what is not UTF-8 in a field became U+FFFD (fields; both told by a writer).
 */
export type WarningCode =
  | 'stray_quote'
  | 'unclosed_quote'
  | 'lf_in_cr_file'
  | 'nul_byte'
  | 'invalid_utf8'
  | 'comment_line'
  | 'ragged_short'
  | 'ragged_long'
  | 'formula_guarded'
  | 'utf8_replaced'

export interface ScanCounts {
  /** Data records handed out, and rejected lines: together they are rows_in. */
  readonly records: number
  readonly rejected: number
  readonly blankLines: number
  /** Line ends passed, those inside quotes included: physical lines. */
  readonly lines: number
}

/** The counts of two neighbouring stretches together. */
export const addCounts = (a: ScanCounts, b: ScanCounts): ScanCounts => ({
  records: a.records + b.records,
  rejected: a.rejected + b.rejected,
  blankLines: a.blankLines + b.blankLines,
  lines: a.lines + b.lines,
})

export interface Scanner {
  /** Takes the next bytes of the input (they are copied) and returns the records that ended in them. Pushing after `done` returns an empty batch. */
  push(block: Uint8Array): RecordBatch
  /** Says that the input ends here and returns what is left. */
  finish(): RecordBatch
  /** True once a line start at or after `end` was reached, or after finish. */
  readonly done: boolean
  /** Byte offset of the next line start that is known: where the scan to the right begins. */
  readonly next: number
  /**
   * True while inside a line over the record limit (rejected, or a comment): its end has not come. It stays true after finish: the bytes ended within that line, which is counted here,
   * and if the input goes on, the scan to the right begins at `next` and `skips`. Sure only after finish: until then a scanner may have left bytes for later.
   */
  readonly isSkipping: boolean
  readonly counts: ScanCounts
  readonly warnings: readonly Warning[]
}

/** Makes a scanner: the door through which the rest of the tree gets one. */
export type MakeScanner = (options: ScanOptions) => Scanner
