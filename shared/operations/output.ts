/**
 * How do kept rows leave? Bound to an input: whether their bytes are copied as they came (the fast way) or written anew, what the output begins with, and what kind of file it is.
 *
 * Rules where rows are written anew. With `columns` a record has exactly these: what it lacks is empty, what it has beyond is left out (both are warned of as ragged). Without, a CSV has
 * the fields of each record as they are, and JSON has at least all columns, the missing ones null. The header has the names that the service shows, each of them once, in the bytes they came in.
 */
import { concatBytes, utf8 } from '../base/bytes.ts'
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { type Dialect, hasOwnEscape, type LineEnd } from '../csv/dialect.ts'
import { fieldBytes, textOfField } from '../csv/field.ts'
import { makeNaiveScanner } from '../csv/naive.ts'
import { ByteBuffer } from '../csv/writer/byte-buffer.ts'
import { makeCsvWriter, type OutputDialect } from '../csv/writer/csv-writer.ts'
import { makeJsonWriter } from '../csv/writer/json-writer.ts'
import type { NoteChange, RecordWriter } from '../csv/writer/record-writer.ts'
import { type OutputColumn, selectColumns } from './columns.ts'
import { type Keeper, verbatimKeeper, writingKeeper } from './keeper.ts'
import type { Input, Output } from './operation.ts'
import type { OutputSpec } from './output-spec.ts'

const BOM = Uint8Array.of(0xef, 0xbb, 0xbf)
const NO_BYTES = new Uint8Array(0)
const LINE_ENDS: Readonly<Record<'lf' | 'crlf' | 'cr', LineEnd>> = { lf: '\n', crlf: '\r\n', cr: '\r' }

/** Everything about an output that follows from its specification and its input. */
export interface BoundOutput extends Output {
  /** Makes what hands the records of one pass on. */
  keeper(): Keeper
}

/** The columns of the output; those of the input, unchanged, where the specification says nothing. */
interface Columns {
  readonly list: readonly OutputColumn[]
  /** Which fields make a record; null: all that it has. */
  readonly picks: readonly number[] | null
  readonly isRenamed: boolean
}

const columnsOf = ({ columns: wanted }: OutputSpec, { columns }: Input): Columns => {
  const list = wanted ? selectColumns(wanted, columns) : columns.map((name, index) => ({ index, name }))
  return {
    list,
    picks: wanted ? list.map(({ index }) => index) : null,
    isRenamed: list.some(({ index, name }) => name !== columns[index]),
  }
}

/**
 * The quote of a CSV output. A file that has none stays one only where nothing can come to need quotes: another delimiter, line end or name could, and so could
 * an empty field alone on its line, or a field whose escapes are undone.
 */
const quoteOf = (
  { format, output_dialect: said = {}, formula_guard }: OutputSpec,
  input: Dialect,
  delimiter: string,
  columns: Columns,
): string | null => {
  if (said.quote !== undefined) return said.quote
  if (format) return '"'
  const isWrittenAnew = said.newline || said.quoting || formula_guard || columns.picks !== null
  const isTouched =
    delimiter !== input.delimiter || said.newline || said.quoting || formula_guard || columns.isRenamed || columns.picks?.length === 1
  if (isWrittenAnew && hasOwnEscape(input)) return input.quote ?? '"'
  return input.quote ?? (isTouched ? '"' : null)
}

const csvDialect = (spec: OutputSpec, input: Dialect, columns: Columns): OutputDialect => {
  const { format, output_dialect: said = {} } = spec
  const delimiter = said.delimiter ?? (format === 'csv' ? ',' : format === 'tsv' ? '\t' : input.delimiter)
  const quote = quoteOf(spec, input, delimiter, columns)
  const escaper = said.quote === undefined && !format ? (input.escape ?? quote) : quote
  if (delimiter === quote || delimiter === escaper) {
    const detail = `An output cannot have ${JSON.stringify(delimiter)} both between its fields and as their quote or escape.`
    throw new AppError('dialect_invalid', detail, { errors: [{ pointer: '/spec/output_dialect', code: 'dialect_invalid', detail }] })
  }
  return {
    delimiter,
    quote,
    escape: escaper,
    quoting: said.quoting ?? 'kept',
    lineEnd: said.newline ? LINE_ENDS[said.newline] : input.lineEnd,
  }
}

/** True where the rows would come out byte for byte as they came in. */
const isVerbatim = (spec: OutputSpec, input: Dialect, output: OutputDialect): boolean =>
  !spec.columns &&
  !spec.formula_guard &&
  spec.output_dialect?.quoting === undefined &&
  spec.output_dialect?.newline === undefined &&
  output.delimiter === input.delimiter &&
  output.quote === input.quote &&
  output.escape === (input.escape ?? input.quote)

/** The names of the output's columns as bytes: those of the header record where it has them, for they need not be UTF-8. */
const nameBytes = (record: Uint8Array, { dialect, columns }: Input, list: readonly OutputColumn[]): Uint8Array[] => {
  const scanner = makeNaiveScanner({
    dialect: { ...dialect, bom: false },
    start: 0,
    end: Number.POSITIVE_INFINITY,
    recordBytesMax: LIMITS.recordBytesMax,
  })
  const batch = scanner.push(record)
  return list.map(({ index, name }) => {
    const found = name === columns[index] && batch.count > 0 ? fieldBytes(batch, 0, index, dialect) : NO_BYTES
    return textOfField(found) === name ? found.slice() : utf8(name)
  })
}

const NOBODY: NoteChange = () => {}

const namesLine = (writer: RecordWriter, names: readonly Uint8Array[]): Uint8Array => {
  const buffer = new ByteBuffer()
  writer.writeNames(names, buffer)
  return buffer.take()
}

/** How much input is handed over at once, so that no more than `gatheredBytesMax` comes of it. The shortest record is two bytes long: one, and its line end. */
const blockBytesFor = ({ shortestBytes }: RecordWriter): number =>
  Math.max(1, Math.min(LIMITS.blockBytes, Math.floor((2 * LIMITS.gatheredBytesMax) / (shortestBytes + 1))))

const jsonOutput = (spec: OutputSpec, input: Input, format: 'ndjson' | 'arrays'): BoundOutput => {
  const { list, picks, isRenamed } = columnsOf(spec, input)
  const names = list.map(({ name }) => name)
  const makeWriter = (note: NoteChange): RecordWriter =>
    makeJsonWriter({ form: format === 'ndjson' ? 'objects' : 'arrays', input: input.dialect, picks, names, note })
  const hasHeader = spec.output_dialect?.header ?? (input.dialect.header || isRenamed)
  return {
    format,
    suffix: format === 'ndjson' ? '.cut.ndjson' : '.cut.jsonl',
    contentType: 'application/x-ndjson',
    columns: names,
    hints: {},
    blockBytes: blockBytesFor(makeWriter(NOBODY)),
    header: () => (hasHeader ? namesLine(makeWriter(NOBODY), names.map(utf8)) : NO_BYTES),
    keeper: () => writingKeeper(makeWriter, input.dialect),
  }
}

const csvOutput = (spec: OutputSpec, input: Input): BoundOutput => {
  const columns = columnsOf(spec, input)
  const { list, picks, isRenamed } = columns
  const output = csvDialect(spec, input.dialect, columns)
  const isAsItCame = isVerbatim(spec, input.dialect, output)
  const makeWriter = (note: NoteChange): RecordWriter =>
    makeCsvWriter({ input: input.dialect, output, picks, guard: spec.formula_guard ?? false, note })
  const { header = input.dialect.header || isRenamed, bom = false } = spec.output_dialect ?? {}
  const names = (record: Uint8Array): Uint8Array => {
    if (!header) return NO_BYTES
    return isAsItCame && record.length > 0 ? record : namesLine(makeWriter(NOBODY), nameBytes(record, input, list))
  }
  const { delimiter, quote, lineEnd } = output
  return {
    format: 'csv',
    suffix: delimiter === '\t' ? '.cut.tsv' : '.cut.csv',
    contentType: `${delimiter === '\t' ? 'text/tab-separated-values' : 'text/csv'}; charset=utf-8`,
    columns: list.map(({ name }) => name),
    hints: { delimiter, quote, escape: output.escape, comment: null, newline: lineEnd === '\r' ? 'cr' : 'lf', header },
    blockBytes: isAsItCame ? LIMITS.blockBytes : blockBytesFor(makeWriter(NOBODY)),
    header: (record) => concatBytes([bom ? BOM : NO_BYTES, names(record)]),
    keeper: () => (isAsItCame ? verbatimKeeper(input.dialect) : writingKeeper(makeWriter, input.dialect)),
  }
}

/** How the rows of this input leave by this specification; throws what is wrong with it for these columns and this dialect. */
export const bindOutput = (spec: OutputSpec, input: Input): BoundOutput =>
  spec.format === 'ndjson' || spec.format === 'arrays' ? jsonOutput(spec, input, spec.format) : csvOutput(spec, input)
