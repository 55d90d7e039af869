/** `npm run cut -- FILE|- --where CLAUSE --local`: the main job in this process, from a file or stdin to stdout or a file. */
import { safeText } from '../../../shared/client/terminal-text.ts'
import type { Replaced } from '../../../shared/csv/decode/text-decoding.ts'
import { EXIT } from '../command.ts'
import type { CutRequest } from '../cut-args.ts'
import { orderFor, refuseWrongOrder } from '../cut-order.ts'
import { byteSize, counted, duration, speed } from '../numbers.ts'
import type { Progress } from '../progress.ts'
import { checkAccounts, type RowNumbers, rowsLine, summaryLines, type Warning, warningLine } from '../summary.ts'
import { type Found, runHere } from './engine.ts'
import { asFailure } from './failure.ts'
import type { OpenList } from './list.ts'
import { LocalOutput } from './output.ts'
import { withList } from './source.ts'

interface Cut extends Found {
  readonly name: string
  readonly notes: readonly string[]
  readonly replaced: Replaced | null
  /** A path, `stdout`, or null for a count. */
  readonly place: string | null
  readonly bytesOut: number
  readonly rejectsPath: string | null
  readonly ms: number
}

const placeOf = ({ target }: CutRequest): string | null =>
  target.kind === 'path' ? target.path : target.kind === 'stream' ? (target.path ?? 'stdout') : null

const cutList = async (list: OpenList, name: string, request: CutRequest, progress: Progress, signal: AbortSignal): Promise<Cut> => {
  const startedAt = performance.now()
  refuseWrongOrder(orderFor(request), list)
  const output = await LocalOutput.open(request.target, list.header.lines)
  try {
    const found = await runHere(list, orderFor(request), output, progress, signal)
    checkAccounts(rowNumbers(found))
    await output.finish()
    const { byteCount: bytesOut, rejectsPath } = output
    return {
      ...found,
      name,
      notes: list.notes,
      replaced: list.replaced(),
      place: placeOf(request),
      bytesOut,
      rejectsPath,
      ms: performance.now() - startedAt,
    }
  } catch (error) {
    await output.abort()
    throw error
  }
}

const rowNumbers = ({ rowsIn, rowsOut, rowsFiltered, rowsRejected, blankLines }: Found): RowNumbers => ({
  rows_in: rowsIn,
  rows_out: rowsOut,
  rows_filtered: rowsFiltered,
  rows_rejected: rowsRejected,
  blank_lines: blankLines,
})

const warningsOf = ({ warnings, replaced }: Cut): Warning[] => [
  ...(replaced ? [{ code: 'replaced_character', count: replaced.count, first: { byte_offset: replaced.byteOffset } }] : []),
  ...warnings.map(({ code, count, first: { record, line, byteOffset } }) => ({
    code,
    count,
    first: { record, line, byte_offset: byteOffset },
  })),
]

const rejectsText = ({ rowsRejected, rejectsPath }: Cut): string =>
  rejectsPath ?? `${counted(rowsRejected, 'row')}, counted and let go: with --out FILE they are put beside it`

const summaryText = (cut: Cut, { where }: CutRequest): string => {
  const { name, place, rowsOut, bytesOut, bytesIn, rowsRejected, notes, ms } = cut
  return summaryLines(rowsLine(name, rowNumbers(cut)), [
    ...(where === null ? [] : [['where', safeText(where)] as const]),
    ...(place === null ? [] : [['out', `${place}  ${counted(rowsOut, 'row')}, ${byteSize(bytesOut)}`] as const]),
    ...(rowsRejected > 0 ? [['rejects', rejectsText(cut)] as const] : []),
    ['time', `${byteSize(bytesIn)} in ${duration(ms)} (${speed(bytesIn, ms)})`],
    ...notes.map((note) => ['note', safeText(note)] as const),
    ...warningsOf(cut).map((warning) => ['warning', warningLine(warning)] as const),
  ])
}

/** For programs: the members that the service's answer has too, by the same names. */
const summaryJson = (cut: Cut, { where, target }: CutRequest) => ({
  operation: target.kind === 'answer' ? 'count' : 'filter',
  where,
  input: { file: null, name: cut.name, bytes: cut.bytesIn },
  output: cut.place === null ? null : { place: cut.place, bytes: cut.bytesOut, rows: cut.rowsOut },
  rejects: cut.rejectsPath === null ? null : { place: cut.rejectsPath },
  ...rowNumbers(cut),
  bytes_in: cut.bytesIn,
  ms: Math.round(cut.ms),
  notes: cut.notes,
  warnings: warningsOf(cut),
  ...(target.kind === 'answer' ? { head: cut.answer.head ?? '' } : {}),
})

/** Results go to stdout, what was done to stderr. */
const tell = (cut: Cut, request: CutRequest): void => {
  const { target, isJson, isQuiet } = request
  if (!isQuiet) process.stderr.write(summaryText(cut, request))
  if (cut.answer.head_truncated) process.stderr.write('The rows shown were cut short: they are too long to show them all.\n')
  if (isJson) process.stdout.write(`${JSON.stringify(summaryJson(cut, request), null, 2)}\n`)
  else if (target.kind === 'answer') process.stdout.write(target.head > 0 ? String(cut.answer.head) : `${cut.rowsOut}\n`)
}

/** Cuts and tells; returns the exit code. Throws UsageError, CommandError, or the signal's reason. */
export const cutHere = async (request: CutRequest, progress: Progress, signal: AbortSignal): Promise<number> => {
  // Before a byte is read: the writer of a pipe may be slow.
  refuseWrongOrder(orderFor(request), null)
  try {
    const { source, hints } = request
    const cut = await withList(source, hints, progress, signal, (list, name) => cutList(list, name, request, progress, signal))
    progress.clear()
    tell(cut, request)
    return EXIT.done
  } catch (error) {
    progress.clear()
    throw signal.aborted ? signal.reason : asFailure('write the result', error)
  }
}
