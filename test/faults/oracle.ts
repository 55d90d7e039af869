/** What a job must come to: its operation run by the twin over the whole input at once, in memory. */
import { concatBytes } from '../../shared/base/bytes.ts'
import { decodedSample } from '../../shared/csv/decode/text-decoding.ts'
import { dialectOf, dialectView } from '../../shared/csv/dialect.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import { sniff } from '../../shared/csv/sniff/sniff.ts'
import { headerRecord } from '../../shared/operations/header-record.ts'
import { bindSpec, normalSpec, operationOf } from '../../shared/operations/index.ts'
import type { Reject } from '../../shared/operations/operation.ts'
import { REJECTS_HEADER, rejectRows } from '../../shared/operations/rejects.ts'
import { startRun } from '../../shared/operations/run.ts'

export interface Expected {
  readonly output: Uint8Array | null
  readonly rejects: Uint8Array | null
  readonly answer: Record<string, unknown>
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rowsFiltered: number
  readonly rowsRejected: number
  readonly blankLines: number
}

/** What an answer says about its input, and the record limit. */
export interface Asked {
  readonly file: string
  readonly etag: string
  readonly recordBytesMax: number
}

/** Runs an operation over a stored list. */
export const expectedOf = (name: string, spec: object, stored: Uint8Array, { file, etag, recordBytesMax }: Asked): Expected => {
  const sniffed = sniff(stored, true, {})
  if (!sniffed.ok) throw new Error(sniffed.problem.detail)
  const { columns } = sniffed
  const dialect = dialectOf(dialectView(sniffed.dialect))
  const bytes = dialect.decodedFrom?.encoding ? decodedSample(stored, true, dialect.decodedFrom.encoding) : stored
  const operation = operationOf(name)
  const bound = bindSpec(operation, normalSpec(operation, spec), { file, etag, dialect, columns })
  const header = headerRecord(bytes.subarray(0, dialect.headerEnd), dialect)
  const kept: Uint8Array[] = []
  const rejects: Reject[] = []
  const sink = {
    keep: (piece: Uint8Array) => void kept.push(piece.slice()),
    reject: (reject: Reject) => void rejects.push({ ...reject, raw: reject.raw.slice() }),
  }
  const scanner = makeNaiveScanner({
    dialect,
    start: dialect.headerEnd,
    end: Number.POSITIVE_INFINITY,
    recordBytesMax,
    columns: columns.length,
  })
  const run = startRun({ scanner, pass: bound.pass(), columns: columns.length, newline: dialect.newline }, sink)
  run.push(bytes.subarray(dialect.headerEnd))
  const { rowsIn, rowsOut, rowsFiltered, rowsRejected, blankLines, state } = run.finish()
  return {
    output: operation.makes === 'file' ? concatBytes([bound.output!.header(header.bytes), ...kept]) : null,
    rejects: rejects.length > 0 ? concatBytes([REJECTS_HEADER, rejectRows(rejects, header.lines)]) : null,
    answer: bound.finish(state, { rows: rowsIn, blankLines, header: header.bytes }),
    rowsIn,
    rowsOut,
    rowsFiltered,
    rowsRejected,
    blankLines,
  }
}

/** The rows of an output as elements: what is lost, doubled, or was never asked for. */
export const compareRows = (
  name: string,
  expected: Uint8Array,
  actual: Uint8Array,
): { lost: string[]; duplicated: string[]; unexpected: string[] } => {
  const rows = (bytes: Uint8Array): string[] =>
    Buffer.from(bytes)
      .toString('latin1')
      .split(/(?<=\n)/)
  const want = rows(expected)
  const left = new Map<string, number>()
  for (const row of want) left.set(row, (left.get(row) ?? 0) + 1)
  const sets = { lost: [] as string[], duplicated: [] as string[], unexpected: [] as string[] }
  for (const row of rows(actual)) {
    const count = left.get(row)
    if (count === undefined) sets.unexpected.push(`${name} row ${JSON.stringify(row)}`)
    else if (count === 0) sets.duplicated.push(`${name} row ${JSON.stringify(row)}`)
    else left.set(row, count - 1)
  }
  for (const [row, count] of left) for (let i = 0; i < count; i++) sets.lost.push(`${name} row ${JSON.stringify(row)}`)
  return sets
}
