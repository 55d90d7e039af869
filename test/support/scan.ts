/**
 * Runs bytes through every scanner there is, in every way they can arrive, and says in absolute terms what came out.
 * A new scanner is put beside the twin by one row in SCANNERS; all case tables then judge it too.
 */
import { expect } from 'vitest'
import { DEFAULT_DIALECT, type Dialect } from '../../shared/csv/dialect.ts'
import { fieldText } from '../../shared/csv/field.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import { fieldCount, fieldEnd, fieldStart, type RecordBatch } from '../../shared/csv/record-batch.ts'
import type { MakeScanner, ScanCounts, ScanOptions, Warning } from '../../shared/csv/scanner.ts'
import { makeKernelScanner } from './kernel.ts'

export const SCANNERS: Readonly<Record<string, MakeScanner>> = { twin: makeNaiveScanner, kernel: makeKernelScanner }

export interface ScannedRecord {
  readonly number: number
  readonly line: number
  readonly byteOffset: number
  readonly byteEnd: number
  /** Where each field begins and ends. */
  readonly fields: readonly (readonly [from: number, to: number])[]
  readonly texts: readonly string[]
}

export interface ScannedReject {
  readonly number: number
  readonly line: number
  readonly byteOffset: number
  readonly byteLength: number
}

/** All that a scan says, with nothing of how the bytes were cut. */
export interface Scanned {
  readonly records: readonly ScannedRecord[]
  readonly rejects: readonly ScannedReject[]
  readonly counts: ScanCounts
  readonly warnings: readonly Warning[]
  readonly next: number
  readonly isSkipping: boolean
}

/** Bytes of a case: latin1, so that \xff is the byte FF; what lies above is written as UTF-8. */
export const bytesOf = (input: string | Uint8Array): Uint8Array =>
  typeof input !== 'string'
    ? input
    : /^[\0-\xff]*$/.test(input)
      ? Uint8Array.from(input, (c) => c.charCodeAt(0))
      : new TextEncoder().encode(input)

export const dialectWith = (changes: Partial<Dialect> = {}): Dialect => ({ ...DEFAULT_DIALECT, ...changes })

export const scanOptions = (changes: Partial<ScanOptions> = {}): ScanOptions => ({
  dialect: DEFAULT_DIALECT,
  start: 0,
  end: Number.POSITIVE_INFINITY,
  recordBytesMax: 1 << 20,
  ...changes,
})

const newlinesBefore = ({ bytes }: RecordBatch, at: number, newline: number): number =>
  bytes.subarray(0, at).filter((byte) => byte === newline).length

const recordOf = (batch: RecordBatch, r: number, dialect: Dialect): ScannedRecord => {
  const { base, starts, ends, rejects } = batch
  const columns = Array.from({ length: fieldCount(batch, r) }, (_, f) => f)
  return {
    number: batch.firstRecord + r + rejects.filter(({ before }) => before <= r).length + 1,
    line: batch.firstLine + newlinesBefore(batch, starts[r]!, dialect.newline === 'lf' ? 10 : 13),
    byteOffset: base + starts[r]!,
    byteEnd: base + ends[r]!,
    fields: columns.map((f) => [base + fieldStart(batch, r, f), base + fieldEnd(batch, r, f)] as const),
    texts: columns.map((f) => fieldText(batch, r, f, dialect)),
  }
}

const rejectsOf = ({ rejects, firstRecord }: RecordBatch): ScannedReject[] =>
  rejects.map(({ before, line, byteOffset, byteLength }, i) => ({ number: firstRecord + before + i + 1, line, byteOffset, byteLength }))

/** Scans the bytes from options.start on, pushed in the given pieces. */
export const scanPieces = (make: MakeScanner, pieces: Iterable<Uint8Array>, options: ScanOptions): Scanned => {
  const scanner = make(options)
  const records: ScannedRecord[] = []
  const rejects: ScannedReject[] = []
  const take = (batch: RecordBatch): void => {
    for (let r = 0; r < batch.count; r++) records.push(recordOf(batch, r, options.dialect))
    rejects.push(...rejectsOf(batch))
  }
  for (const piece of pieces) take(scanner.push(piece.slice()))
  take(scanner.finish())
  expect(scanner.done).toBe(true)
  const { counts, warnings, next, isSkipping } = scanner
  return { records, rejects, counts, warnings, next, isSkipping }
}

/** The bytes in pieces that end at the given places. */
export function* cutAt(bytes: Uint8Array, places: readonly number[]): Generator<Uint8Array> {
  let from = 0
  for (const place of [...places, bytes.length]) {
    yield bytes.subarray(from, place)
    from = place
  }
}

/** The bytes in pieces of one size. */
export const inPieces = (bytes: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))

/**
 * Runs every scanner over `bytes` (which begin at options.start) whole, cut in two at every byte, and byte by byte; each of them also knowing how many fields the first record has, because
 * a scanner may take another way where all have as many. All must agree; what they agree on is returned.
 */
export const scanEveryWay = (bytes: Uint8Array, options: ScanOptions = scanOptions()): Scanned => {
  const first = scanPieces(makeNaiveScanner, [bytes], options)
  const columns = first.records[0]?.fields.length
  const known = columns === undefined ? [] : [{ ...options, columns }]
  for (const make of Object.values(SCANNERS))
    for (const one of [options, ...known]) for (const scan of everyWay(make, bytes, one)) expect(scan).toEqual(first)
  return first
}

const everyWay = (make: MakeScanner, bytes: Uint8Array, options: ScanOptions): Scanned[] => [
  scanPieces(make, [bytes], options),
  scanPieces(make, inPieces(bytes, 1), options),
  ...Array.from({ length: bytes.length + 1 }, (_, place) => scanPieces(make, cutAt(bytes, [place]), options)),
]

/** Rows as texts, whichever way the bytes arrive. */
export const rowsEveryWay = (input: string | Uint8Array, options?: ScanOptions): string[][] =>
  scanEveryWay(bytesOf(input), options).records.map(({ texts }) => [...texts])
