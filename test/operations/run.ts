/** Runs an operation over a CSV in memory, as a job would: header, records, counts, warnings. With every scanner there is: they must agree. */
import { expect } from 'vitest'
import { concatBytes, piecesOf, textOf } from '../../shared/base/bytes.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import type { Dialect } from '../../shared/csv/dialect.ts'
import type { MakeScanner } from '../../shared/csv/scanner.ts'
import { type Sniffed, sniff } from '../../shared/csv/sniff/sniff.ts'
import { headerRecord } from '../../shared/operations/header-record.ts'
import { bindSpec, normalSpec, operationOf } from '../../shared/operations/index.ts'
import type { Bound } from '../../shared/operations/operation.ts'
import { startRun } from '../../shared/operations/run.ts'
import { bytesOf, SCANNERS } from '../support/scan.ts'

export interface Ran {
  readonly bytes: Uint8Array
  readonly text: string
  readonly counts: { readonly in: number; readonly out: number; readonly filtered: number; readonly rejected: number }
  readonly warnings: readonly { readonly code: string; readonly count: number; readonly first: object }[]
  readonly answer: Record<string, unknown>
}

type Shape = Extract<Sniffed, { ok: true }>

const runWith = (make: MakeScanner, bound: Bound, bytes: Uint8Array, { dialect, columns }: Shape, blockBytes: number): Ran => {
  const pieces: Uint8Array[] = []
  const sink = { keep: (piece: Uint8Array) => void pieces.push(piece.slice()), reject: () => {} }
  const header = headerRecord(bytes.subarray(0, dialect.headerEnd), dialect).bytes
  sink.keep(bound.output!.header(header))
  const { recordBytesMax } = LIMITS
  const scanner = make({ dialect, start: dialect.headerEnd, end: Number.POSITIVE_INFINITY, recordBytesMax, columns: columns.length })
  const run = startRun({ scanner, pass: bound.pass(), columns: columns.length, newline: dialect.newline }, sink)
  for (const piece of piecesOf(bytes.subarray(dialect.headerEnd), blockBytes)) run.push(piece)
  const { rowsIn, rowsOut, rowsFiltered, rowsRejected, warnings, blankLines, state } = run.finish()
  const out = concatBytes(pieces)
  return {
    bytes: out,
    text: textOf(out),
    counts: { in: rowsIn, out: rowsOut, filtered: rowsFiltered, rejected: rowsRejected },
    warnings,
    answer: bound.finish(state, { rows: rowsIn, blankLines, header }),
  }
}

/** `change`: what of the dialect is not as it is sniffed. `blockBytes`: how much is pushed at once. */
export const runOperation = (
  name: string,
  csv: string | Uint8Array,
  spec: object,
  change: Partial<Dialect> = {},
  blockBytes = 1 << 16,
): Ran & { readonly bound: Bound } => {
  const bytes = bytesOf(csv)
  const sniffed = sniff(bytes, true, {})
  if (!sniffed.ok) throw new Error(sniffed.problem.detail)
  const shape = { ...sniffed, dialect: { ...sniffed.dialect, ...change } }
  const operation = operationOf(name)
  const bound = bindSpec(operation, normalSpec(operation, spec), { file: 'file_x', etag: 'e', ...shape })
  const [first, ...others] = Object.values(SCANNERS).map((make) => runWith(make, bound, bytes, shape, blockBytes))
  for (const other of others) expect(other).toEqual(first)
  return { ...first!, bound }
}

export const runFilter = (csv: string | Uint8Array, spec: object, change: Partial<Dialect> = {}, blockBytes?: number) =>
  runOperation('filter', csv, spec, change, blockBytes)
