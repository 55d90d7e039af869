/** Runs an operation over a list in this process: what the processor does with a chunk, without bucket, queue and database. */
import { piecesOf } from '../../../shared/base/bytes.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import type { Replaced } from '../../../shared/csv/decode/text-decoding.ts'
import type { Engine } from '../../../shared/csv/engine.ts'
import type { Warning as ScanWarning } from '../../../shared/csv/scanner.ts'
import { bindSpec, normalSpec, operationOf } from '../../../shared/operations/index.ts'
import { type Ran, startRun } from '../../../shared/operations/run.ts'
import type { Order } from '../cut-order.ts'
import { byteSize, counted } from '../numbers.ts'
import type { Progress } from '../progress.ts'
import type { Warning } from '../summary.ts'
import { localEngine } from './compiled.ts'
import { refusedAsUsage } from './failure.ts'
import type { OpenList } from './list.ts'
import type { LocalOutput } from './output.ts'

/** What an operation found in the whole list. */
export interface Found extends Omit<Ran, 'state' | 'warnings'> {
  readonly warnings: readonly Warning[]
  /** What the operation answers: a profile, a count; {} where the rows are the answer. */
  readonly answer: Record<string, unknown>
}

/** The warnings as a job has them: places count from the beginning of the file. */
const fromFileStart = (warnings: readonly ScanWarning[], headerLines: number): Warning[] =>
  warnings.map(({ code, count, first: { record, line, byteOffset } }) => ({
    code,
    count,
    first: { record, line: line + headerLines, byte_offset: byteOffset },
  }))

/** What had to be replaced when the list was decoded. */
const replacedIn = (replaced: Replaced | null): Warning[] =>
  replaced ? [{ code: 'replaced_character', count: replaced.count, first: { byte_offset: replaced.byteOffset } }] : []

/** Rows go to `output`. Throws UsageError for a wrong specification before anything is read, the signal's reason when it is aborted. */
export const runHere = async (
  list: OpenList,
  { operation: name, spec, clause }: Order,
  output: LocalOutput,
  progress: Progress,
  signal: AbortSignal,
  engine: Engine = localEngine(),
): Promise<Found> => {
  const { dialect, columns, header } = list
  const operation = operationOf(name)
  const bound = refusedAsUsage(clause, () => bindSpec(operation, normalSpec(operation, spec), { file: '', etag: '', dialect, columns }))
  const options = { dialect, start: dialect.headerEnd, end: Number.POSITIVE_INFINITY, recordBytesMax: LIMITS.recordBytesMax }
  const { scanner } = engine.open({ ...options, columns: columns.length, stateBytes: bound.stateBytes ?? 0 })
  const run = startRun({ scanner, pass: bound.pass(), columns: columns.length, newline: dialect.newline }, output)
  if (operation.makes === 'file' && bound.output) output.keep(bound.output.header(header.bytes))
  for await (const block of list.data) {
    signal.throwIfAborted()
    for (const piece of piecesOf(block, bound.output?.blockBytes ?? LIMITS.blockBytes)) {
      run.push(piece)
      await output.drain()
    }
    progress.update(
      `${name}: ${byteSize(run.bytesIn)}, ${counted(run.accounts.rowsIn, 'row')} in, ${counted(run.accounts.rowsOut, 'row')} out`,
    )
  }
  const { state, ...ran } = run.finish()
  const warnings = [...replacedIn(list.replaced()), ...fromFileStart(ran.warnings, header.lines)]
  const totals = { rows: ran.rowsIn, blankLines: ran.blankLines, header: header.bytes, warnings }
  return { ...ran, bytesIn: dialect.headerEnd + ran.bytesIn, warnings, answer: bound.finish(state, totals) }
}
