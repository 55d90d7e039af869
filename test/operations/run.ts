/** Runs an operation over a CSV in memory, as a job would: header, records, counts, warnings. */
import { concatBytes, textOf } from '../../shared/base/bytes.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import type { Dialect } from '../../shared/csv/dialect.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import { sniff } from '../../shared/csv/sniff/sniff.ts'
import { headerRecord } from '../../shared/operations/header-record.ts'
import { bindSpec, normalSpec, operationOf } from '../../shared/operations/index.ts'
import type { Bound } from '../../shared/operations/operation.ts'
import { startRun } from '../../shared/operations/run.ts'
import { bytesOf } from '../support/scan.ts'

export interface Cut {
  readonly bytes: Uint8Array
  readonly text: string
  readonly bound: Bound
  readonly counts: { readonly in: number; readonly out: number; readonly filtered: number; readonly rejected: number }
  readonly warnings: readonly { readonly code: string; readonly count: number; readonly first: object }[]
}

/** `change`: what of the dialect is not as it is sniffed. `blockBytes`: how much is pushed at once. */
export const runFilter = (csv: string | Uint8Array, spec: object, change: Partial<Dialect> = {}, blockBytes = 1 << 16): Cut => {
  const bytes = bytesOf(csv)
  const sniffed = sniff(bytes, true, {})
  if (!sniffed.ok) throw new Error(sniffed.problem.detail)
  const dialect = { ...sniffed.dialect, ...change }
  const operation = operationOf('filter')
  const bound = bindSpec(operation, normalSpec(operation, spec), { file: 'file_x', etag: 'e', dialect, columns: sniffed.columns })
  const pieces: Uint8Array[] = []
  const sink = { keep: (piece: Uint8Array) => void pieces.push(piece.slice()), reject: () => {} }
  sink.keep(bound.output!.header(headerRecord(bytes.subarray(0, dialect.headerEnd), dialect).bytes))
  const scanner = makeNaiveScanner({
    dialect,
    start: dialect.headerEnd,
    end: Number.POSITIVE_INFINITY,
    recordBytesMax: LIMITS.recordBytesMax,
  })
  const run = startRun({ scanner, pass: bound.pass(), columns: sniffed.columns.length, newline: dialect.newline }, sink)
  for (let at = dialect.headerEnd; at < bytes.length; at += blockBytes) run.push(bytes.subarray(at, at + blockBytes))
  const { rowsIn, rowsOut, rowsFiltered, rowsRejected, warnings } = run.finish()
  const out = concatBytes(pieces)
  return {
    bytes: out,
    text: textOf(out),
    bound,
    counts: { in: rowsIn, out: rowsOut, filtered: rowsFiltered, rejected: rowsRejected },
    warnings,
  }
}
