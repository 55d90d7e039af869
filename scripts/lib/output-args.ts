/** Which rows by their number, which columns, written how? The options of cut beside its clause, as members of a specification (shared/operations/). */
import { OUTPUT_FORMATS, type OutputFormat } from '../../shared/operations/output-spec.ts'
import { columnList } from './column-list.ts'
import { type Option, UsageError, type Values } from './command.ts'
import { character } from './dialect-args.ts'

export const OUTPUT_OPTIONS: Readonly<Record<string, Option>> = {
  columns: {
    type: 'string',
    short: 'c',
    value: 'LIST',
    help: 'The columns of the output, in this order: id,age=years,"last, first"=name.',
  },
  except: { type: 'string', value: 'LIST', help: 'All columns but these.' },
  limit: { type: 'string', value: 'N', help: 'Keep at most N rows.' },
  offset: { type: 'string', value: 'N', help: 'Pass over the first N of the rows that would be kept.' },
  sample: { type: 'string', value: 'RATE', help: 'Keep a random part of the rows, the same every time: 0.01 is one in a hundred.' },
  seed: { type: 'string', value: 'N', help: 'Draw another sample.' },
  format: {
    type: 'string',
    value: OUTPUT_FORMATS.join('|'),
    help: 'What is written: CSV with commas, with tabs, a JSON object a line, a JSON array a line. Otherwise as it came.',
  },
  'out-delimiter': { type: 'string', value: 'CHAR', help: 'What separates the fields of the output.' },
  'out-quote': { type: 'string', value: 'CHAR', help: 'What quotes a field of the output.' },
  'out-quoting': { type: 'string', value: 'minimal|all', help: 'Quote only what must be, or everything. Otherwise also what came quoted.' },
  'out-newline': { type: 'string', value: 'lf|crlf|cr', help: 'How the lines of the output end.' },
  'out-header': { type: 'boolean', help: 'The output begins with the names (--no-out-header: it does not). Otherwise as in the list.' },
  'out-bom': { type: 'boolean', help: 'The output begins with a byte order mark.' },
  'formula-guard': { type: 'boolean', help: 'Put an apostrophe before cells that a spreadsheet could run as a formula.' },
}

/** The members of a specification that these options set; those that were not given are absent. */
export type OutputRequest = Readonly<Record<string, unknown>>

const integer = (name: string, text: string): number => {
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new UsageError(`--${name} takes a number from 0 on, not '${text}'.`)
  return number
}

const columnsFrom = ({ columns, except }: Values): OutputRequest => {
  if (typeof columns === 'string' && typeof except === 'string')
    throw new UsageError('--columns says which columns, --except which not: take one of them.')
  if (typeof columns === 'string')
    return { columns: columnList('columns', columns).map(({ name, as }) => (as === null ? name : { name, as })) }
  if (typeof except !== 'string') return {}
  const names = columnList('except', except)
  if (names.some(({ as }) => as !== null)) throw new UsageError('--except leaves columns out: they have no use for another name.')
  return { columns: { except: names.map(({ name }) => name) } }
}

const sampleFrom = ({ sample, seed }: Values): OutputRequest => {
  if (typeof sample !== 'string') {
    if (seed !== undefined) throw new UsageError('--seed draws another sample: say how large with --sample.')
    return {}
  }
  const rate = Number(sample)
  if (sample.trim() === '' || !(rate > 0 && rate <= 1)) throw new UsageError(`--sample takes a share above 0 and up to 1, not '${sample}'.`)
  return { sample: { rate, ...(typeof seed === 'string' ? { seed: integer('seed', seed) } : {}) } }
}

const isOneOf = <T extends string>(list: readonly T[], text: string): text is T => (list as readonly string[]).includes(text)

const choice = (name: string, list: readonly string[], given: Values[string]): string | undefined => {
  if (typeof given !== 'string' || isOneOf(list, given)) return given as string | undefined
  throw new UsageError(`--${name} takes ${list.join(', ')}, not '${given}'.`)
}

const dialectFrom = (values: Values): OutputRequest => {
  const said = {
    delimiter: typeof values['out-delimiter'] === 'string' ? character('out-delimiter', values['out-delimiter']) : undefined,
    quote: typeof values['out-quote'] === 'string' ? character('out-quote', values['out-quote']) : undefined,
    quoting: choice('out-quoting', ['minimal', 'all'], values['out-quoting']),
    newline: choice('out-newline', ['lf', 'crlf', 'cr'], values['out-newline']),
    header: values['out-header'],
    bom: values['out-bom'],
  }
  const members = Object.entries(said).filter(([, value]) => value !== undefined)
  return members.length > 0 ? { output_dialect: Object.fromEntries(members) } : {}
}

/** What these options ask for. Throws UsageError. */
export const outputFrom = (values: Values): OutputRequest => {
  const format = choice('format', OUTPUT_FORMATS, values.format)
  return {
    ...columnsFrom(values),
    ...sampleFrom(values),
    ...(typeof values.offset === 'string' ? { offset: integer('offset', values.offset) } : {}),
    ...(typeof values.limit === 'string' ? { limit: integer('limit', values.limit) } : {}),
    ...(format === undefined ? {} : { format }),
    ...dialectFrom(values),
    ...(values['formula-guard'] === true ? { formula_guard: true } : {}),
  }
}

const ENDINGS: Readonly<Record<OutputFormat, string>> = { csv: 'csv', tsv: 'tsv', ndjson: 'ndjson', arrays: 'jsonl' }

/** What the name of such an output ends with. */
export const endingOf = ({ format }: OutputRequest): string => ENDINGS[(format as OutputFormat | undefined) ?? 'csv']
