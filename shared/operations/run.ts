/**
 * A run: the records of one stretch of input, from the scanner through a pass of an operation, with the accounts of every row.
 * Whoever reads bytes (a worker from the bucket, a command from a pipe) pushes them here and decides what the sink does; nothing here waits for anything.
 */
import type { Dialect } from '../csv/dialect.ts'
import type { RecordBatch } from '../csv/record-batch.ts'
import type { Scanner, Warning } from '../csv/scanner.ts'
import { WarningTally } from '../csv/warning-tally.ts'
import type { Pass, Sink } from './operation.ts'
import { noteRagged } from './rows.ts'

/** rowsIn = rowsOut + rowsFiltered + rowsRejected, at every moment. */
export interface Accounts {
  readonly rowsIn: number
  readonly rowsOut: number
  readonly rowsFiltered: number
  readonly rowsRejected: number
}

/** What a run came to. */
export interface Ran extends Accounts {
  readonly bytesIn: number
  readonly blankLines: number
  /** Physical lines that ended. */
  readonly lines: number
  /** Places count from where the scan began. */
  readonly warnings: readonly Warning[]
  readonly state: Uint8Array
}

export interface Run {
  /** Takes the next bytes, as many as the scanner takes at once; they may be overwritten afterwards. */
  push(block: Uint8Array): void
  /** Says that the stretch ends here. */
  finish(): Ran
  readonly bytesIn: number
  readonly accounts: Accounts
}

export interface RunParts {
  /** At the first line of the stretch; nothing was pushed into it yet. */
  readonly scanner: Scanner
  readonly pass: Pass
  /** How many columns a row should have. */
  readonly columns: number
  readonly newline: Dialect['newline']
}

const NO_BYTES = new Uint8Array(0)

type Counts = { -readonly [K in keyof Accounts]: number }

const addBatch = (counts: Counts, batch: RecordBatch, pass: Pass, sink: Sink): void => {
  const done = pass.add(batch, sink)
  for (const [i, { before, line, byteOffset, reason }] of batch.rejects.entries()) {
    sink.reject({ record: batch.firstRecord + before + i + 1, line, byteOffset, reason, raw: NO_BYTES })
  }
  counts.rowsIn += batch.count + batch.rejects.length
  counts.rowsOut += done.out
  counts.rowsFiltered += done.filtered
  counts.rowsRejected += done.rejected + batch.rejects.length
}

export const startRun = ({ scanner, pass, columns, newline }: RunParts, sink: Sink): Run => {
  const counts: Counts = { rowsIn: 0, rowsOut: 0, rowsFiltered: 0, rowsRejected: 0 }
  const ragged = new WarningTally()
  let bytesIn = 0
  const take = (batch: RecordBatch): void => {
    addBatch(counts, batch, pass, sink)
    if (batch.width !== columns) noteRagged(ragged, batch, columns, newline)
  }
  return {
    push: (block) => {
      bytesIn += block.length
      take(scanner.push(block))
    },
    finish: () => {
      take(scanner.finish())
      const warnings = [...scanner.warnings, ...ragged.list(), ...(pass.warnings?.() ?? [])]
      const { blankLines, lines } = scanner.counts
      return { bytesIn, ...counts, blankLines, lines, warnings, state: pass.state() }
    },
    get bytesIn() {
      return bytesIn
    },
    get accounts() {
      return { ...counts }
    },
  }
}
