/**
 * A list scanned in chunks, as jobs do it but in memory: chunks run in any order from known or guessed starts, reports are joined from the left, numbers are made absolute by prefix sums.
 * What it tells must be what one scan of the whole list tells.
 */
import { assert } from '../../shared/base/assert.ts'
import { type ByteSpan, type ChunkStart, endOfChunk, joinStart, joinStep, readTo } from '../../shared/csv/chunks.ts'
import type { Dialect } from '../../shared/csv/dialect.ts'
import { guessStart, guessWindow } from '../../shared/csv/guess-start.ts'
import { fieldCount, fieldEnd, type RecordBatch } from '../../shared/csv/record-batch.ts'
import { addCounts, type MakeScanner, type ScanCounts, type Warning } from '../../shared/csv/scanner.ts'
import { lineCounter, recordNumber } from '../../shared/operations/rows.ts'

/** A list: its data begins at dialect.headerEnd. */
export interface ChunkedList {
  readonly bytes: Uint8Array
  readonly dialect: Dialect
  readonly columns: number
  readonly recordBytesMax: number
  /** Pushed at once, at most. */
  readonly blockBytes: number
}

/** All that a scan says. A record: number, line, from, to, ends of its fields. A reject: number, line, from, to. */
export interface Told {
  readonly records: readonly (readonly number[])[]
  readonly rejects: readonly (readonly number[])[]
  readonly counts: ScanCounts
  readonly warnings: readonly Warning[]
}

/** A chunk's run; numbers and lines count from its start. */
interface Part extends Told {
  readonly first: ChunkStart
  readonly next: ChunkStart
}

const NO_COUNTS: ScanCounts = { records: 0, rejected: 0, blankLines: 0, lines: 0 }

const noteBatch = (batch: RecordBatch, newline: Dialect['newline'], records: number[][], rejects: number[][]): void => {
  const { base, starts, ends, firstRecord } = batch
  const lineOf = lineCounter(batch, newline)
  for (let r = 0; r < batch.count; r++) {
    const fieldEnds = Array.from({ length: fieldCount(batch, r) }, (_, f) => base + fieldEnd(batch, r, f))
    records.push([recordNumber(batch, r), lineOf(r), base + starts[r]!, base + ends[r]!, ...fieldEnds])
  }
  for (const [i, { before, line, byteOffset, byteLength }] of batch.rejects.entries())
    rejects.push([firstRecord + before + i + 1, line, byteOffset, byteOffset + byteLength])
}

/** Reads from `start` as a chunk with this range does. */
const runFrom = (make: MakeScanner, list: ChunkedList, range: ByteSpan, first: ChunkStart): Part => {
  const { bytes, dialect, columns, recordBytesMax, blockBytes } = list
  const to = readTo(range, bytes.length, recordBytesMax)
  const scanner = make({ dialect, start: first.at, end: range.end, recordBytesMax, columns, skips: first.skips })
  const [records, rejects]: [number[][], number[][]] = [[], []]
  for (let at = first.at; at < to && !scanner.done; at += blockBytes)
    noteBatch(scanner.push(bytes.slice(at, Math.min(to, at + blockBytes))), dialect.newline, records, rejects)
  noteBatch(scanner.finish(), dialect.newline, records, rejects)
  return { first, next: endOfChunk(scanner, range, bytes.length), records, rejects, counts: scanner.counts, warnings: scanner.warnings }
}

/** What one scan says. */
export const scanWhole = (make: MakeScanner, list: ChunkedList): Told => {
  const { records, rejects, counts, warnings } = runFrom(
    make,
    list,
    { start: list.dialect.headerEnd, end: list.bytes.length },
    { at: list.dialect.headerEnd, skips: false },
  )
  return { records, rejects, counts, warnings }
}

/** The chunk to the left could not say how long its last line is: it ends where this one ceases to skip. */
const lengthen = (rejects: number[][], { first, next }: Part, { bytes, dialect }: ChunkedList): void => {
  const newline = bytes.indexOf(dialect.newline === 'lf' ? 10 : 13, first.at)
  const last = rejects.at(-1)
  if (first.skips && last?.[3] === first.at) last[3] = newline < 0 ? next.at : Math.min(next.at, newline + 1)
}

const together = (parts: readonly Part[], list: ChunkedList): Told => {
  const [records, rejects]: [number[][], number[][]] = [[], []]
  const warnings = new Map<string, Warning>()
  let counts = NO_COUNTS
  for (const part of parts) {
    const recordsBefore = counts.records + counts.rejected
    const absolute = ([number, line, ...places]: readonly number[]): number[] => [number! + recordsBefore, line! + counts.lines, ...places]
    lengthen(rejects, part, list)
    records.push(...part.records.map(absolute))
    rejects.push(...part.rejects.map(absolute))
    for (const { code, count, first } of part.warnings) {
      const here = { ...first, record: first.record + recordsBefore, line: first.line + counts.lines }
      const known = warnings.get(code)
      warnings.set(code, { code, count: count + (known?.count ?? 0), first: known?.first ?? here })
    }
    counts = addCounts(counts, part.counts)
  }
  return { records, rejects, counts, warnings: [...warnings.values()].sort((a, b) => (a.code < b.code ? -1 : 1)) }
}

/** Where a chunk whose start is not known begins; null: it does not know either. */
export type Guess = (range: ByteSpan) => ChunkStart | null

export const guessFrom =
  ({ bytes, ...options }: ChunkedList, guessBytes: number): Guess =>
  (range) => {
    const { start, end } = guessWindow(range, bytes.length, guessBytes)
    return guessStart(bytes.subarray(start, end), range, options)
  }

export interface InChunks {
  readonly told: Told
  /** Chunks that were joined with lines of theirs, and those that had to run once more. */
  readonly joined: readonly number[]
  readonly rerun: readonly number[]
}

export interface ChunkedScan {
  readonly list: ChunkedList
  readonly ranges: readonly ByteSpan[]
  /** In which order the chunks run: each of them once. */
  readonly order: readonly number[]
  readonly guess: Guess
  /** How they are joined: by the rule, unless a test says otherwise. */
  readonly step?: typeof joinStep
}

/** Runs the chunks and joins them as far as it goes after each. */
export const scanInChunks = (make: MakeScanner, { list, ranges, order, guess, step: stepOf = joinStep }: ChunkedScan): InChunks => {
  const reports: (Part | { first: null; next: null } | null)[] = ranges.map(() => null)
  const parts = new Map<number, Part>()
  const rerun: number[] = []
  let cursor = joinStart(list.dialect)
  const run = (k: number, start: ChunkStart | null) => {
    reports[k] = start === null ? { first: null, next: null } : runFrom(make, list, ranges[k]!, start)
  }
  const join = (): void => {
    while (cursor.k < ranges.length) {
      const { k } = cursor
      const report = reports[k]!
      const step = stepOf(cursor, ranges[k]!, report)
      if (step.kind === 'wait') return
      if (step.kind === 'rerun') {
        rerun.push(k)
        run(k, step.from)
      } else {
        if (step.kind === 'joined' && report?.first) parts.set(k, report)
        cursor = step.cursor
      }
    }
  }
  for (const k of order) {
    if (cursor.k <= k) run(k, cursor.k === k ? { at: cursor.at, skips: cursor.skips } : guess(ranges[k]!))
    join()
  }
  assert(cursor.k === ranges.length && cursor.at === list.bytes.length, 'the chunks are joined up to the end of the list')
  return { told: together([...parts.values()], list), joined: [...parts.keys()], rerun }
}
