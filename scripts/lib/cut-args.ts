/** What does this command line of `npm run cut` ask for? */
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { LIMITS } from '../../shared/base/limits.ts'
import type { DialectHints } from '../../shared/csv/sniff/sniff.ts'
import { type Command, UsageError, type Values } from './command.ts'
import { DIALECT_OPTIONS, hintsFrom } from './dialect-args.ts'
import { endingOf, OUTPUT_OPTIONS, type OutputRequest, outputFrom } from './output-args.ts'
import { type Source, sourceFrom } from './source.ts'

export const CUT: Command = {
  usage: 'npm run cut -- [FILE] [--where CLAUSE] [options]',
  about:
    'Keeps the rows of a CSV for which a clause is true, in the columns and the format that you want. Without FILE it cuts a generated sample list; FILE may also be - for stdin, or the id of a file that the service has.',
  options: {
    where: { type: 'string', short: 'w', value: 'CLAUSE', help: `Which rows to keep, as in SQL: "age > 60 AND state = 'NY'".` },
    out: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'Where to put them; - is stdout. Otherwise NAME.cut.csv in this folder (stdout with --local or from stdin).',
    },
    force: { type: 'boolean', short: 'f', help: 'Replace the output file if it exists.' },
    local: {
      type: 'boolean',
      help: 'Cut in this process, without the service: from a file or - (stdin) to stdout or --out. Nothing is kept but the result.',
    },
    count: { type: 'boolean', help: 'Only say how many rows would be kept; makes no file.' },
    head: { type: 'string', value: 'N', help: 'Only show the first N rows that would be kept; makes no file.' },
    ragged: {
      type: 'string',
      value: 'keep|reject',
      help: 'What happens to rows with too few or too many fields (keep). Rejected ones go to OUT.rejects.csv.',
    },
    ...OUTPUT_OPTIONS,
    ...DIALECT_OPTIONS,
    json: { type: 'boolean', help: 'Say what was done as JSON on stdout.' },
    quiet: { type: 'boolean', short: 'q', help: 'Say nothing but failures.' },
  },
  notes: [
    'For a pipe call npm silently: … | npm run -s cut -- - --where "…" --local | …',
    'Exit codes: 0 done, 1 failed, 2 wrong use (also a wrong clause), 130 canceled by Ctrl-C.',
  ].join('\n'),
}

export const SAMPLE_CLAUSE = "age > 60 AND state = 'NY'"

/** Where the rows go. */
export type Target =
  /** A file, complete as soon as it is there; rejected rows beside it. */
  | { readonly kind: 'path'; readonly path: string; readonly rejects: string; readonly isReplacing: boolean }
  /** Stdout (null), or a device or pipe: written as the rows come. */
  | { readonly kind: 'stream'; readonly path: string | null }
  /** Counted, not kept. `head`: how many are shown. */
  | { readonly kind: 'answer'; readonly head: number }

export interface CutRequest {
  readonly source: Source
  /** Null: every row. */
  readonly where: string | null
  readonly target: Target
  readonly ragged: 'keep' | 'reject'
  readonly output: OutputRequest
  readonly hints: DialectHints
  /** In this process, without a service. */
  readonly isLocal: boolean
  readonly isJson: boolean
  readonly isQuiet: boolean
}

/** `lists/people.csv` -> `people.cut.csv` */
export const cutName = (name: string, ending: string): string =>
  `${path.basename(name).replace(/(?:\.[^.]+)?(?:\.gz)?$/i, '')}.cut.${ending}`

/** `cut.csv` -> `cut.rejects.csv` */
export const rejectsPath = (out: string): string => `${out.replace(/\.(csv|tsv|ndjson|jsonl)$/i, '')}.rejects.csv`

const headCount = (text: string): number => {
  const count = Number(text)
  if (!/^\d+$/.test(text) || count > LIMITS.headRowsMax)
    throw new UsageError(`--head takes a number from 0 to ${LIMITS.headRowsMax}, not '${text}'.`)
  return count
}

const refuseExisting = (files: readonly string[]): void => {
  const found = files.find((file) => existsSync(file))
  if (found) throw new UsageError(`${found} is already there. Use --force to replace it, or --out for another name.`)
}

const targetPath = (file: string, isReplacing: boolean): Target => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isDirectory()) throw new UsageError(`${file} is a folder: name a file in it.`)
  // A device is written to, never replaced.
  if (found && !found.isFile()) return { kind: 'stream', path: file }
  if (!existsSync(path.dirname(file))) throw new UsageError(`There is no folder ${path.dirname(file)}.`)
  const rejects = rejectsPath(file)
  if (!isReplacing) refuseExisting([file, rejects])
  return { kind: 'path', path: file, rejects, isReplacing }
}

const STDOUT: Target = { kind: 'stream', path: null }

/** Without --out: beside where the caller is; the sample's result stays with the sample and is replaced each time. */
const defaultTarget = (source: Source, folder: string, sampleFolder: string, ending: string, isReplacing: boolean): Target => {
  if (source.kind === 'sample')
    return {
      kind: 'path',
      path: path.join(sampleFolder, cutName('sample.csv', ending)),
      rejects: path.join(sampleFolder, 'sample.cut.rejects.csv'),
      isReplacing: true,
    }
  if (source.kind === 'stdin') return STDOUT
  return targetPath(path.join(folder, cutName(source.kind === 'path' ? source.name : source.id, ending)), isReplacing)
}

const targetFrom = (values: Values, source: Source, folder: string, sampleFolder: string, ending: string): Target => {
  const { out, count, head, force, local, limit, offset } = values
  if (count || head !== undefined) {
    if (out !== undefined) throw new UsageError('--count and --head make no file: leave out --out.')
    if (limit !== undefined || offset !== undefined)
      throw new UsageError('--count and --head look at all rows that would be kept: leave out --limit and --offset.')
    return { kind: 'answer', head: typeof head === 'string' ? headCount(head) : 0 }
  }
  if (out === '-' || (out === undefined && local)) return STDOUT
  if (out === '') throw new UsageError('--out takes the name of a file, or - for stdout.')
  return typeof out === 'string'
    ? targetPath(path.resolve(folder, out), force === true)
    : defaultTarget(source, folder, sampleFolder, ending, force === true)
}

/** The clause; null where something else says what is wanted. */
const clauseFrom = ({ where, ragged, count, head }: Values, output: OutputRequest, source: Source): string | null => {
  if (typeof where === 'string' && where.trim() !== '') return where
  if (where === undefined && source.kind === 'sample') return SAMPLE_CLAUSE
  const isAsked = count === true || head !== undefined || ragged === 'reject' || Object.keys(output).length > 0
  if (where === undefined && isAsked) return null
  throw new UsageError(`Say which rows to keep: --where "age > 60 AND state = 'NY'" (or what else to do with them all: --help).`)
}

const raggedFrom = ({ ragged = 'keep' }: Values): 'keep' | 'reject' => {
  if (ragged === 'keep' || ragged === 'reject') return ragged
  throw new UsageError(`--ragged takes keep or reject, not '${ragged}'.`)
}

/** The request in these options and words, checked as far as that needs no service. `folder`: the caller's. Throws UsageError. */
export const cutRequest = (values: Values, words: readonly string[], folder: string, sampleFolder: string): CutRequest => {
  const source = sourceFrom(words, folder)
  const output = outputFrom(values)
  const where = clauseFrom(values, output, source)
  const target = targetFrom(values, source, folder, sampleFolder, endingOf(output))
  if (values.json && target.kind === 'stream' && target.path === null)
    throw new UsageError('--json and the rows both want stdout: put the rows into a file with --out FILE.')
  return {
    source,
    where,
    target,
    ragged: raggedFrom(values),
    output,
    hints: hintsFrom(values),
    isLocal: values.local === true,
    isJson: values.json === true,
    isQuiet: values.quiet === true,
  }
}
