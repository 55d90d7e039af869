/** What was done? The end of a cut, for people (stderr) and for programs (--json). */
import type { JobInfo, LineageEdge } from '../../shared/client/api.ts'
import { safeText } from '../../shared/client/terminal-text.ts'
import { CommandError } from './command.ts'
import { byteSize, counted, duration, grouped, speed } from './numbers.ts'

export interface Warning {
  readonly code: string
  readonly count: number
  readonly first?: { readonly record?: number; readonly line?: number; readonly byte_offset: number }
}

/** Everything there is to say about a cut. */
export interface Done {
  readonly name: string
  /** Null: every row was wanted. */
  readonly clause: string | null
  readonly job: JobInfo
  /** Where the result was put: a path, `stdout`, or null for a count. */
  readonly place: string | null
  readonly output: { readonly file: string; readonly bytes: number; readonly rows: number; readonly sha256: string | null } | null
  readonly rejects: { readonly file: string; readonly place: string | null } | null
  readonly edge: LineageEdge | null
  readonly ms: number
}

/** How long the service worked on the job, in milliseconds. */
const workedMs = ({ started_at, ended_at }: JobInfo): number => (started_at && ended_at ? Date.parse(ended_at) - Date.parse(started_at) : 0)

const warningsOf = (job: JobInfo): readonly Warning[] => job.warnings as Warning[]

export const warningLine = ({ code, count, first }: Warning): string =>
  `${code}: ${grouped(count)}${first ? `, first ${placeOf(first)}` : ''}`

/** What was found before there were records has only its byte. */
const placeOf = ({ record, line, byte_offset }: NonNullable<Warning['first']>): string =>
  record === undefined || line === undefined ? `at byte ${byte_offset}` : `in record ${record}, line ${line}, byte ${byte_offset}`

/** `file_a --filter--> file_b  (CUT_FROM, spec 0123456789ab, engine 0.1.0)` */
export const lineageLine = ({ parent, child, kind, operation, spec_sha256, engine_version }: LineageEdge): string =>
  `${parent} --${operation}--> ${child}  (${kind}, spec ${spec_sha256.slice(0, 12)}, engine ${engine_version})`

/** What became of the rows. */
export interface RowNumbers {
  readonly rows_in: number
  readonly rows_out: number
  readonly rows_filtered: number
  readonly rows_rejected: number
  readonly blank_lines: number
}

/** `people.csv: 4 rows in = 2 out + 2 filtered + 0 rejected` */
export const rowsLine = (name: string, p: RowNumbers): string => {
  const blank = p.blank_lines > 0 ? `; ${counted(p.blank_lines, 'blank line')} left out` : ''
  return `${safeText(name)}: ${counted(p.rows_in, 'row')} in = ${grouped(p.rows_out)} out + ${grouped(p.rows_filtered)} filtered + ${grouped(p.rows_rejected)} rejected${blank}`
}

/** Throws CommandError unless every row that came in is accounted for. */
export const checkAccounts = (p: RowNumbers): void => {
  const accounted = p.rows_out + p.rows_filtered + p.rows_rejected
  if (accounted === p.rows_in) return
  throw new CommandError(
    `The rows do not add up: ${p.rows_in} in, but ${p.rows_out} out + ${p.rows_filtered} filtered + ${p.rows_rejected} rejected = ${accounted}.`,
  )
}

/** The first line, and the others under it, each with its label and its line end. */
export const summaryLines = (first: string, labelled: readonly (readonly [label: string, text: string])[]): string =>
  [first, ...labelled.map(([label, text]) => `  ${label.padEnd(8)} ${text}`), ''].join('\n')

const labelled = ({ clause, job, place, output, rejects, edge, ms }: Done): readonly (readonly [string, string])[] => {
  const bytesIn = job.progress.bytes_in
  return [
    ...(clause === null ? [] : [['where', safeText(clause)] as const]),
    ...(output ? [['out', `${place}  ${counted(output.rows, 'row')}, ${byteSize(output.bytes)}`] as const] : []),
    ...(rejects ? [['rejects', `${rejects.place ?? 'not downloaded'}  (${rejects.file})`] as const] : []),
    ['time', `${byteSize(bytesIn)} in ${duration(workedMs(job))} (${speed(bytesIn, workedMs(job))}), ${duration(ms)} in all`],
    ...(output ? [['file', output.file] as const] : []),
    ...(edge ? [['lineage', lineageLine(edge)] as const] : []),
    ['profile', `npm run analyse -- ${job.input.file}`],
    ...job.notes.map((note) => ['note', note] as const),
    ...warningsOf(job).map((warning) => ['warning', warningLine(warning)] as const),
  ]
}

/** Several lines, each with its line end. */
export const summaryText = (done: Done): string => summaryLines(rowsLine(done.name, done.job.progress), labelled(done))

/** The same for programs. */
export const summaryJson = ({ name, clause, job, place, output, rejects, edge, ms }: Done) => ({
  job: job.id,
  operation: job.operation,
  where: clause,
  input: { file: job.input.file, name, bytes: job.input.bytes },
  output: output && { ...output, place },
  rejects,
  rows_in: job.progress.rows_in,
  rows_out: job.progress.rows_out,
  rows_filtered: job.progress.rows_filtered,
  rows_rejected: job.progress.rows_rejected,
  blank_lines: job.progress.blank_lines,
  bytes_in: job.progress.bytes_in,
  job_ms: workedMs(job),
  ms,
  lineage: edge,
  notes: job.notes,
  warnings: job.warnings,
})
