/** All that a scan says, as a row of numbers: to be compared, or to be hashed where it is too long to be kept. Nothing of how the bytes were cut is in it. */
import { assert } from '../../shared/base/assert.ts'
import type { Dialect } from '../../shared/csv/dialect.ts'
import { fieldCount, fieldEnd, type RecordBatch } from '../../shared/csv/record-batch.ts'
import type { MakeScanner, ScanOptions, WarningCode } from '../../shared/csv/scanner.ts'
import { lineCounter } from '../../shared/operations/rows.ts'

type Note = (value: number) => void

const RECORD = 1
const REJECT = 2
const TOTALS = 3
const WARNING = 4

const CODES: readonly WarningCode[] = [
  'stray_quote',
  'unclosed_quote',
  'lf_in_cr_file',
  'nul_byte',
  'invalid_utf8',
  'comment_line',
  'ragged_short',
  'ragged_long',
]

const noteBatch = (batch: RecordBatch, newline: Dialect['newline'], note: Note): void => {
  const { base, starts, ends, rejects, firstRecord, count, width } = batch
  const lineOf = lineCounter(batch, newline)
  let rejected = 0
  const noteRejects = (before: number): void => {
    for (; rejected < rejects.length && rejects[rejected]!.before <= before; rejected++) {
      const { line, byteOffset, byteLength } = rejects[rejected]!
      for (const value of [REJECT, firstRecord + before + rejected + 1, line, byteOffset, byteLength]) note(value)
    }
  }
  for (let r = 0; r < count; r++) {
    noteRejects(r)
    const fields = fieldCount(batch, r)
    // A scanner need not say that all records of a batch are equally wide; but then it is true.
    assert(width === null || width === fields, `record ${firstRecord + r + rejected + 1} has ${fields} fields in a batch of width ${width}`)
    note(RECORD)
    note(firstRecord + r + rejected + 1)
    note(lineOf(r))
    note(base + starts[r]!)
    note(base + ends[r]!)
    note(fields)
    for (let f = 0; f < fields; f++) note(base + fieldEnd(batch, r, f))
  }
  noteRejects(count)
}

/** Scans `pieces`, each overwritten after its push, and notes everything. */
export const transcribe = (make: MakeScanner, pieces: Iterable<Uint8Array>, options: ScanOptions, note: Note): void => {
  const scanner = make(options)
  const { newline } = options.dialect
  for (const piece of pieces) {
    const handed = piece.slice()
    const batch = scanner.push(handed)
    handed.fill(options.dialect.delimiter.charCodeAt(0))
    noteBatch(batch, newline, note)
  }
  noteBatch(scanner.finish(), newline, note)
  const { counts, next, isSkipping, warnings } = scanner
  for (const value of [TOTALS, counts.records, counts.rejected, counts.blankLines, counts.lines, next, Number(isSkipping)]) note(value)
  for (const { code, count, first } of warnings)
    for (const value of [WARNING, CODES.indexOf(code), count, first.record, first.line, first.byteOffset]) note(value)
}

export const transcriptOf = (make: MakeScanner, pieces: Iterable<Uint8Array>, options: ScanOptions): number[] => {
  const all: number[] = []
  transcribe(make, pieces, options, (value) => all.push(value))
  return all
}

/** Two hashes of 32 bits over a transcript that is not kept; different transcripts give the same once in 2^64. */
export class TranscriptHash {
  #a = 0x811c9dc5 | 0
  #b = 0x9747b28c | 0
  readonly note: Note = (value) => {
    this.#a = Math.imul(this.#a ^ value, 0x01000193)
    this.#b = Math.imul((this.#b << 13) | (this.#b >>> 19), 0x5bd1e995) ^ Math.imul(value, 0x85ebca6b)
  }

  get text(): string {
    return [this.#a, this.#b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
  }
}

const WORDS: Readonly<Record<number, (take: () => number) => string>> = {
  [RECORD]: (take) => {
    const [number, line, start, end, fields] = [take(), take(), take(), take(), take()]
    return `record ${number}, line ${line}, bytes ${start} to ${end}, fields end at ${Array.from({ length: fields }, take).join(' ')}`
  },
  [REJECT]: (take) => `reject ${take()}, line ${take()}, byte ${take()}, ${take()} bytes`,
  [TOTALS]: (take) =>
    `${take()} records, ${take()} rejected, ${take()} blank lines, ${take()} lines, next ${take()}${take() === 1 ? ', in a line over the limit' : ''}`,
  [WARNING]: (take) => `${CODES[take()]}: ${take()}, first in record ${take()}, line ${take()}, byte ${take()}`,
}

/** A transcript in words, a line for each thing. */
export const inWords = (transcript: readonly number[]): string[] => {
  const said: string[] = []
  let at = 0
  const take = (): number => transcript[at++]!
  while (at < transcript.length) said.push(WORDS[take()]!(take))
  return said
}
