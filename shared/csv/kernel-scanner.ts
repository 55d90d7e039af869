/**
 * The fast scanner: the kernel finds the records of a block, this file carries what is open from block to block and asks the twin about the few lines that the kernel does not decide:
 * one that has not ended within the record limit, the one on which the scan ends, and a last one without a line end. The twin is started on such a line and fed until it is done with it.
 *
 * A line that is still open is read again with the next block. A long one is not read again for a few bytes, so that small blocks do not make the work quadratic.
 */
import { assert } from '../base/assert.ts'
import { adoptRecord, recordViews } from './kernel-batch.ts'
import { type Kernel, WAIT_BYTES } from './kernel-memory.ts'
import { noteOddities } from './kernel-oddities.ts'
import { makeNaiveScanner } from './naive.ts'
import type { RecordBatch, RejectedLine } from './record-batch.ts'
import { addCounts, type MakeScanner, type ScanCounts, type Scanner, type ScanOptions, type Warning } from './scanner.ts'
import { WarningTally } from './warning-tally.ts'

const BOM_BYTES = 3
/** Shorter open lines are read again with every block; a longer one when so many bytes have come, or as many as it has. */
const SHORT_BYTES = 4_096

const NO_BYTES = new Uint8Array(0)

class KernelScanner implements Scanner {
  readonly #kernel: Kernel
  readonly #options: ScanOptions
  readonly #tally = new WarningTally()
  /** The kernel's input: [0, #filled) is at hand, and byte 0 is byte #base of the file. */
  readonly #input: Uint8Array
  #filled = 0
  #base: number
  #bomLeft: number
  /** Where the first line begins that has not ended, and how far it is known to have no end. */
  #lineStart = 0
  #openTo = 0
  /** The twin, on a line that the kernel leaves to it. */
  #odd: Scanner | null = null
  #isSkipping = false
  #counts: ScanCounts = { records: 0, rejected: 0, blankLines: 0, lines: 0 }
  #rejects: RejectedLine[] = []
  #batchLine = 1
  #batchRecord = 0
  #done: boolean

  constructor(kernel: Kernel, options: ScanOptions) {
    const { dialect, start, end, columns = 0, skips = false } = options
    assert(options.recordBytesMax <= kernel.recordBytesMax, 'the longest record fits into the kernel')
    this.#kernel = kernel
    this.#options = options
    this.#input = kernel.bytes.subarray(kernel.map.input, kernel.map.fieldEnds)
    this.#bomLeft = dialect.bom && start === 0 && !skips ? BOM_BYTES : 0
    if (skips) this.#odd = this.#twinFor(start, start + 1, true)
    this.#base = start + this.#bomLeft
    this.#done = this.#base >= end
    const [delimiter, quote] = [dialect.delimiter.charCodeAt(0), dialect.quote?.charCodeAt(0) ?? -1]
    kernel.exports.setDialect(delimiter, quote, dialect.newline === 'lf' ? 10 : 13, dialect.escape === null ? 0 : 1, columns)
  }

  get done(): boolean {
    return this.#done
  }

  get next(): number {
    return this.#odd?.next ?? this.#base + this.#lineStart
  }

  get isSkipping(): boolean {
    return this.#odd?.isSkipping ?? this.#isSkipping
  }

  get counts(): ScanCounts {
    return { ...this.#counts }
  }

  get warnings(): readonly Warning[] {
    return this.#tally.list()
  }

  push(block: Uint8Array): RecordBatch {
    assert(block.length <= this.#kernel.blockBytes, 'a block is not larger than the kernel has room for')
    this.#beginBatch()
    if (!this.#done) this.#take(block)
    if (!this.#done && this.#odd === null) this.#readLines()
    return this.#batch()
  }

  finish(): RecordBatch {
    this.#beginBatch()
    if (!this.#done) this.#endInput()
    this.#done = true
    return this.#batch()
  }

  /** Lets go of everything before the line that is open. */
  #beginBatch(): void {
    const from = this.#done ? this.#filled : this.#lineStart
    if (from > 0) this.#input.copyWithin(0, from, this.#filled)
    this.#filled -= from
    this.#base += this.#lineStart
    this.#openTo -= this.#lineStart
    this.#lineStart = 0
    this.#rejects = []
    this.#batchLine = this.#counts.lines + 1
    this.#batchRecord = this.#counts.records + this.#counts.rejected
    this.#kernel.exports.beginBatch()
  }

  #batch(): RecordBatch {
    return {
      ...recordViews(this.#kernel),
      bytes: this.#input.subarray(0, this.#filled),
      base: this.#base,
      firstLine: this.#batchLine,
      firstRecord: this.#batchRecord,
      rejects: this.#rejects,
      width: this.#kernel.exports.isRagged.value === 0 ? (this.#options.columns ?? null) : null,
    }
  }

  /** Copies `block` behind what is at hand, without the BOM and without what belongs to a line that the twin is reading. */
  #take(block: Uint8Array): void {
    const bom = Math.min(this.#bomLeft, block.length)
    this.#bomLeft -= bom
    const bytes = block.subarray(bom)
    const rest = this.#odd === null ? bytes : this.#feedOdd(this.#odd, bytes)
    this.#input.set(rest, this.#filled)
    this.#filled += rest.length
  }

  /** Reads what is at hand: as far as the block goes, never more than M bytes beyond a line's start, and not beyond `end`, so that each line that ends there is ours. */
  #readLines(): void {
    const { end, recordBytesMax } = this.#options
    while (this.#odd === null) {
      const from = this.#lineStart
      this.#done = this.#base + from >= end
      const limit = Math.min(this.#filled, from + recordBytesMax, end - this.#base)
      const isAll = limit === this.#filled
      if (this.#done || (isAll && (limit === from || this.#isTooSoon()))) return
      this.#index(from, limit)
      if (isAll && this.#base + this.#lineStart < end) return
      if (this.#lineStart === from) this.#startOdd()
    }
  }

  #index(from: number, limit: number): void {
    const { exports } = this.#kernel
    const before = exports.records.value
    this.#lineStart = exports.index(from, limit)
    this.#openTo = limit
    if (this.#lineStart > from) this.#countLines(from, before)
  }

  /** A long open line is not read again for a few bytes. */
  #isTooSoon(): boolean {
    const open = this.#openTo - this.#lineStart
    const fresh = this.#filled - this.#openTo
    return open > SHORT_BYTES && fresh < Math.min(open, WAIT_BYTES)
  }

  /** Takes over what `index` found from `from` on, in records from number `before` of the batch on. */
  #countLines(from: number, before: number): void {
    const { exports } = this.#kernel
    const { records, rejected, lines } = this.#counts
    const to = this.#lineStart
    const stretch = { from, to, base: this.#base, firstRecord: before, recordsBefore: records + rejected, linesBefore: lines }
    noteOddities(this.#kernel, this.#options.dialect, stretch, this.#tally)
    const found = { records: exports.records.value - before, rejected: 0, blankLines: exports.blankLines.value, lines: exports.lines.value }
    this.#counts = addCounts(this.#counts, found)
  }

  #twinFor(start: number, end: number, skips = false): Scanner {
    return makeNaiveScanner({ ...this.#options, dialect: { ...this.#options.dialect, bom: false }, start, end, skips })
  }

  /** Gives the open line to the twin. Where the line's end is at hand, the bytes stay where they are; else they are the twin's. */
  #startOdd(): void {
    const start = this.#base + this.#lineStart
    const odd = this.#twinFor(start, start + 1)
    this.#adopt(odd.push(this.#input.slice(this.#lineStart, this.#filled)))
    if (odd.done) {
      this.#settle(odd)
      this.#lineStart = odd.next - this.#base
    } else {
      this.#odd = odd
      this.#filled = this.#lineStart
    }
    this.#openTo = this.#lineStart
  }

  /**
   * Hands the twin the bytes behind those it has seen, at the beginning of a batch; returns those behind its line, if that has ended.
   * Read once more, a line may end in bytes that came long before: they are the twin's, not this block's.
   */
  #feedOdd(odd: Scanner, bytes: Uint8Array): Uint8Array {
    const batch = odd.push(bytes)
    this.#adopt(batch)
    if (!odd.done) return NO_BYTES
    this.#endOdd(odd)
    return batch.bytes.subarray(odd.next - batch.base)
  }

  /** The twin's line has ended. Nothing else is at hand: its record, if it is one, begins the batch. */
  #endOdd(odd: Scanner): void {
    this.#settle(odd)
    this.#filled = this.#kernel.exports.records.value > 0 ? odd.next - this.#base : 0
    if (this.#filled === 0) {
      this.#base = odd.next
      this.#batchLine = this.#counts.lines + 1
    }
    this.#lineStart = this.#filled
    this.#openTo = this.#filled
    this.#odd = null
  }

  /** The input ends: what is open ends with it, and so do lines that were left for later. */
  #endInput(): void {
    const isOpen = this.#odd !== null
    if (!isOpen && this.#lineStart === this.#filled) return
    const odd = this.#odd ?? this.#twinFor(this.#base + this.#lineStart, this.#options.end)
    if (!isOpen) this.#adopt(odd.push(this.#input.slice(this.#lineStart, this.#filled)))
    this.#adopt(odd.finish())
    this.#isSkipping = odd.isSkipping
    if (isOpen) this.#endOdd(odd)
    else {
      this.#settle(odd)
      this.#lineStart = odd.next - this.#base
    }
  }

  /** Takes the records and rejected lines of the twin over; its lines are counted from where it began. */
  #adopt(batch: RecordBatch): void {
    const found = this.#kernel.exports.records.value
    for (const reject of batch.rejects)
      this.#rejects.push({ ...reject, before: found + reject.before, line: reject.line + this.#counts.lines })
    for (let r = 0; r < batch.count; r++) adoptRecord(this.#kernel, this.#base, batch, r)
  }

  /** Takes the twin's counts and warnings over, once, when it is done. */
  #settle(odd: Scanner): void {
    const { records, rejected, lines } = this.#counts
    for (const { code, count, first } of odd.warnings)
      this.#tally.add(code, count, { ...first, record: first.record + records + rejected, line: first.line + lines })
    this.#counts = addCounts(this.#counts, odd.counts)
  }
}

/** Makes the fast scanner of a running kernel, which serves one scan at a time. */
export const kernelScanner =
  (kernel: Kernel): MakeScanner =>
  (options) =>
    new KernelScanner(kernel, options)
