/**
 * The twin: which records lie in these bytes, told by one plain loop (open-line.ts) over a table (states.ts). It is the meaning that any faster scanner must match;
 * it is kept clear, and only as fast as one pass without strings or objects per cell is.
 *
 * A line has M = recordBytesMax bytes, its line end included, to end in. It is read from its start, and then:
 * - it ends: a record, a comment (it begins with the comment byte), or a blank line (no bytes, or a CR alone);
 * - M bytes are read, more follow, and the last of the M left a quote open: that quote, the first byte of the field being read, becomes an ordinary character
 *   (`unclosed_quote`), and the line is read once more. (Where the last of the M is a quote that closes, or is the first of two, no quote is open.)
 * - else M bytes are read and more follow: it is rejected. It ends with the first newline byte at or after its start + M, or with the input; its bytes are let go at once
 *   (a comment that long is passed over in the same way, and still is no record);
 * - the input ends: the line ends, and an open quote just closes.
 *
 * What is kept between pushes: the line being read (at most M bytes), its field ends, and a few numbers.
 * A warning's place is that of the odd byte itself; of `invalid_utf8`, that of the record.
 */
import { OpenLine } from './open-line.ts'
import type { RecordBatch, RejectedLine } from './record-batch.ts'
import { RecordIndex } from './record-index.ts'
import type { MakeScanner, ScanCounts, Scanner, ScanOptions, Warning } from './scanner.ts'
import { type Grammar, grammarOf } from './states.ts'
import { invalidUtf8At } from './utf8.ts'
import { type Place, WarningTally } from './warning-tally.ts'

const CR = 13
const BOM_BYTES = 3

class NaiveScanner implements Scanner {
  readonly #grammar: Grammar
  readonly #end: number
  readonly #limit: number
  readonly #line = new OpenLine()
  readonly #index: RecordIndex
  readonly #tally = new WarningTally()
  /** #buffer[0, #filled) are the bytes at hand; #buffer[0] is byte #base of the input. */
  #buffer = new Uint8Array(0)
  #filled = 0
  #base: number
  #bomLeft: number
  /** A line over the limit whose end has not come yet; none of it is in the buffer. */
  #skipped: { readonly line: number; readonly byteOffset: number; readonly counts: 'reject' | 'comment' | 'nothing' } | null
  #rejects: RejectedLine[] = []
  #batchLine = 1
  #batchRecord = 0
  readonly #counts = { records: 0, rejected: 0, blankLines: 0, lines: 0 }
  #done: boolean

  constructor({ dialect, start, end, recordBytesMax, skips = false }: ScanOptions) {
    this.#grammar = grammarOf(dialect)
    this.#index = new RecordIndex(this.#grammar.delimiter.length)
    this.#end = end
    this.#limit = recordBytesMax
    this.#bomLeft = dialect.bom && start === 0 && !skips ? BOM_BYTES : 0
    this.#skipped = skips ? { line: 1, byteOffset: start, counts: 'nothing' } : null
    this.#base = start + this.#bomLeft
    this.#done = this.#base >= end
  }

  get done(): boolean {
    return this.#done
  }

  get next(): number {
    return (this.#done ? null : this.#skipped)?.byteOffset ?? this.#base + this.#line.start
  }

  get isSkipping(): boolean {
    return this.#skipped !== null
  }

  get counts(): ScanCounts {
    return { ...this.#counts }
  }

  get warnings(): readonly Warning[] {
    return this.#tally.list()
  }

  push(block: Uint8Array): RecordBatch {
    this.#startBatch()
    if (!this.#done) this.#take(block)
    this.#batchLine = this.#counts.lines + 1
    this.#readLines()
    return this.#batch()
  }

  finish(): RecordBatch {
    this.#startBatch()
    this.#batchLine = this.#counts.lines + 1
    if (!this.#done) this.#endInput()
    this.#done = true
    return this.#batch()
  }

  /** Lets go of everything before the line being read. */
  #startBatch(): void {
    const gone = this.#done ? this.#filled : this.#line.start
    const shift = this.#line.start
    this.#index.startBatch(shift)
    this.#buffer.copyWithin(0, shift, this.#filled)
    this.#filled -= gone
    this.#line.shift(shift)
    this.#base += shift
    this.#rejects = []
    this.#batchRecord = this.#counts.records + this.#counts.rejected
  }

  #batch(): RecordBatch {
    const bytes = this.#buffer.subarray(0, this.#filled)
    return {
      bytes,
      base: this.#base,
      firstLine: this.#batchLine,
      firstRecord: this.#batchRecord,
      rejects: this.#rejects,
      width: null,
      kernel: null,
      ...this.#index.views(),
    }
  }

  /** Copies `block` behind the line being read, without the BOM and the rest of a rejected line. */
  #take(block: Uint8Array): void {
    const bom = Math.min(this.#bomLeft, block.length)
    this.#bomLeft -= bom
    const bytes = this.#skipped ? this.#pastSkipped(block) : block.subarray(bom)
    const size = this.#filled + bytes.length
    if (size > this.#buffer.length) this.#grow(size)
    this.#buffer.set(bytes, this.#filled)
    this.#filled = size
  }

  /** At least doubled while that is below M: a long line that comes in small pieces is not copied for each. */
  #grow(size: number): void {
    const larger = new Uint8Array(Math.max(size, Math.min(this.#buffer.length * 2, this.#limit)))
    larger.set(this.#buffer.subarray(0, this.#filled))
    this.#buffer = larger
  }

  #readLines(): void {
    const line = this.#line
    while (!this.#done && this.#skipped === null) {
      if (this.#base + line.start >= this.#end) this.#done = true
      else if (line.scan(this.#buffer, Math.min(this.#filled, line.start + this.#limit), this.#grammar, this.#index))
        this.#endLine(line.at, line.at + 1)
      else if (line.at === this.#filled) return
      else this.#overrun()
    }
  }

  #endInput(): void {
    if (this.#skipped) this.#countSkipped(this.#base + this.#filled)
    else if (this.#line.start < this.#filled) this.#endLastLine()
  }

  /** The input ends in a line: an open quote just closes, and that is said. */
  #endLastLine(): void {
    if (this.#line.isInQuotes) this.#noteUnclosed(this.#index.openFieldStart(this.#line.start))
    this.#endLine(this.#filled, this.#filled)
  }

  #noteUnclosed(quote: number): void {
    const { start } = this.#line
    const breaks = this.#buffer.subarray(start, quote).filter((byte) => byte === this.#grammar.newline).length
    this.#tally.add('unclosed_quote', 1, this.#place(quote - start, breaks))
  }

  /** The line's content ends at `newline` and the line at `end`; they are equal where the input ends without a line end. */
  #endLine(newline: number, end: number): void {
    const { start, breaks, isComment } = this.#line
    const isCrLast = this.#grammar.takesCr && newline > start && this.#buffer[newline - 1] === CR
    const hasNewline = newline < end
    if (isComment) this.#tally.add('comment_line', 1, this.#place(0, 0))
    else if (newline - (isCrLast ? 1 : 0) === start) this.#counts.blankLines++
    else this.#endRecord(isCrLast && hasNewline ? newline - 1 : newline, end)
    this.#counts.lines += breaks + (hasNewline ? 1 : 0)
    this.#beginLine(end)
  }

  #endRecord(contentEnd: number, end: number): void {
    const { start, notes, hasHigh } = this.#line
    this.#index.endField(contentEnd)
    this.#index.endRecord(start, end)
    for (const { code, count, first } of notes) if (count > 0) this.#tally.add(code, count, this.#place(first.offset, first.breaks))
    if (hasHigh && invalidUtf8At(this.#buffer, start, end) >= 0) this.#tally.add('invalid_utf8', 1, this.#place(0, 0))
    this.#counts.records++
  }

  #beginLine(at: number): void {
    this.#index.dropLine()
    this.#line.begin(at)
  }

  /** The line has not ended within M bytes, and more follow. */
  #overrun(): void {
    const { isInQuotes, isSecondReading, start } = this.#line
    if (isInQuotes && !isSecondReading) this.#readAgain(this.#index.openFieldStart(start))
    else this.#reject()
  }

  #readAgain(quote: number): void {
    this.#noteUnclosed(quote)
    this.#index.dropLine()
    this.#line.readAgain(quote)
  }

  #reject(): void {
    const { start, at, breaks, isComment } = this.#line
    this.#skipped = { line: this.#counts.lines + 1, byteOffset: this.#base + start, counts: isComment ? 'comment' : 'reject' }
    this.#counts.lines += breaks
    const newline = this.#buffer.subarray(at, this.#filled).indexOf(this.#grammar.newline)
    if (newline >= 0) this.#endSkipped(this.#base + at + newline + 1)
    this.#beginLine(newline >= 0 ? at + newline + 1 : this.#filled)
  }

  /** What of `block` comes after the line over the limit. */
  #pastSkipped(block: Uint8Array): Uint8Array {
    const newline = block.indexOf(this.#grammar.newline)
    const length = newline < 0 ? block.length : newline + 1
    this.#base += length
    if (newline >= 0) this.#endSkipped(this.#base)
    return block.subarray(length)
  }

  /** `end`: byte offset just past the line and its newline. */
  #endSkipped(end: number): void {
    this.#countSkipped(end)
    this.#skipped = null
    this.#counts.lines++
  }

  #countSkipped(end: number): void {
    const { line, byteOffset, counts } = this.#skipped!
    if (counts === 'comment') this.#tally.add('comment_line', 1, { record: this.#nextRecord, line, byteOffset })
    if (counts !== 'reject') return
    this.#rejects.push({ before: this.#index.count, line, byteOffset, byteLength: end - byteOffset, reason: 'record_too_long' })
    this.#counts.rejected++
  }

  /** A place in the line being read, which is the next record if it is one. */
  #place(offset: number, breaks: number): Place {
    return { record: this.#nextRecord, line: this.#counts.lines + breaks + 1, byteOffset: this.#base + this.#line.start + offset }
  }

  get #nextRecord(): number {
    return this.#counts.records + this.#counts.rejected + 1
  }
}

/** Makes the plain scanner. The dialect's characters are taken as checked (one byte each, all different; the delimiter may have several). */
export const makeNaiveScanner: MakeScanner = (options) => new NaiveScanner(options)
