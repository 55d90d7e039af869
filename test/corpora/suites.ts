/**
 * The suites of other readers, as cases for ours: what each case asks of the dialect, which cases are ours to read, and what comes out.
 * A case is not ours where it needs something that no dialect of ours has; `notOurs` names that something.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { decodedSample } from '../../shared/csv/decode/text-decoding.ts'
import { DEFAULT_DIALECT, type Dialect } from '../../shared/csv/dialect.ts'
import { columnNames } from '../../shared/csv/header.ts'
import { encodingOf } from '../../shared/csv/sniff/encoding.ts'
import { type DialectHints, sniff } from '../../shared/csv/sniff/sniff.ts'
import { dialectWith, rowsEveryWay, scanOptions } from '../support/scan.ts'

export const SHARED = path.join(import.meta.dirname, '../../../shared')

export type Rows = readonly (readonly string[])[]

export interface Case {
  /** Unique within its suite. */
  readonly name: string
  readonly input: Uint8Array
  readonly options: Options
  readonly expected?: Rows
  readonly portable?: boolean
  readonly delimiterAuto?: boolean
}

interface Options {
  readonly delimiter?: unknown
  readonly quote?: unknown
  readonly escape?: unknown
  readonly comment?: unknown
  readonly newline?: unknown
  readonly terminator?: string
  readonly doubleQuote?: boolean | number
  /** Python's: 0 minimal, 1 all, 2 nonnumeric, 3 none. */
  readonly quoting?: number
  readonly skipInitialSpace?: boolean
  readonly header?: boolean
  readonly preview?: number
  readonly trim?: unknown
  readonly ltrim?: unknown
  readonly rtrim?: unknown
}

/** The cases of a suite; names that a suite uses more than once are numbered. */
export const casesOf = (file: string): Case[] => {
  const raw = JSON.parse(readFileSync(path.join(SHARED, 'corpora', file), 'utf8')) as (Omit<Case, 'input'> & { input: string })[]
  const seen = new Map<string, number>()
  return raw.map((one) => {
    const count = (seen.get(one.name) ?? 0) + 1
    seen.set(one.name, count)
    return { ...one, name: count === 1 ? one.name : `${one.name} #${count}`, input: new Uint8Array(Buffer.from(one.input, 'base64')) }
  })
}

/** A character of the dialect that an option names: undefined where it is not given, null where it is switched off. */
const character = (said: unknown): string | null | undefined =>
  said === undefined ? undefined : typeof said === 'string' && said !== '' ? said : said === true ? '"' : null

const isOneAscii = (said: unknown): boolean => typeof said !== 'string' || /^[\0-\x7f]?$/.test(said)

/** What a case needs that no dialect of ours has; null: it is ours. In the order in which it is told. */
export const notOurs = ({ options, portable, expected }: Case): string | null => {
  const { delimiter, newline, terminator, trim, ltrim, rtrim } = options
  if (portable === false) return 'options of that reader only'
  if (expected === undefined) return 'expects an error or objects'
  if (trim === true || ltrim === true || rtrim === true) return 'trims blanks: whitespace is data'
  if (terminator !== undefined || (newline !== undefined && !['\n', '\r\n', '\r'].includes(newline as string)))
    return 'another line end than LF, CR LF or CR'
  if (delimiter !== undefined && !(typeof delimiter === 'string' && /^[\0-\x7f]{1,8}$/.test(delimiter)))
    return 'several delimiters, none, or one that is not ASCII'
  if (![options.quote, options.escape, options.comment].every(isOneAscii)) return 'a quote, escape or comment of several bytes'
  return null
}

/** What a user would say to get what the options ask for. */
const hintsOf = ({ options, delimiterAuto }: Case): DialectHints => {
  const { quoting, doubleQuote = true } = options
  const quote = quoting === 3 ? null : character(options.quote)
  const said = character(options.escape)
  const escaper = said ?? (doubleQuote ? quote : null)
  return {
    ...(delimiterAuto ? {} : { delimiter: (options.delimiter as string | undefined) ?? ',' }),
    quote: quote === undefined ? '"' : quote,
    escape: escaper === undefined ? '"' : escaper,
    comment: character(options.comment) ?? null,
    header: false,
  }
}

/** The lines' ends as the sniffer decides them: CR mode where there are CRs and no LF. */
const newlineOf = (bytes: Uint8Array): Dialect['newline'] => (bytes.includes(13) && !bytes.includes(10) ? 'cr' : 'lf')

const isBomFirst = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

/** The bytes that are scanned: UTF-16 with a mark is decoded first, as for any file. */
const scannedBytes = ({ input }: Case): Uint8Array => {
  const found = encodingOf(input, true, undefined)
  return found.ok && found.decode !== null ? decodedSample(input, true, found.decode) : input
}

/** The dialect that reads a case: what its options say; the sniffer finds a delimiter that the case leaves open. */
const dialectFor = (one: Case, bytes: Uint8Array): Dialect => {
  const { header: _, ...hints } = hintsOf(one)
  if (one.delimiterAuto) {
    const sniffed = sniff(bytes, true, hints)
    return sniffed.ok ? sniffed.dialect : DEFAULT_DIALECT
  }
  return dialectWith({ ...(hints as Partial<Dialect>), newline: newlineOf(bytes), bom: isBomFirst(bytes) })
}

/** The rows as we read them, whole and cut at every byte. */
export const rowsOf = (one: Case): Rows => {
  const bytes = scannedBytes(one)
  const rows = rowsEveryWay(bytes, scanOptions({ dialect: dialectFor(one, bytes) }))
  const named = one.options.header === true && rows[0] ? [[...columnNames(rows[0]).names], ...rows.slice(1)] : rows
  return one.options.preview ? named.slice(0, one.options.preview) : named
}

/** Blank lines are no records of ours; other readers give a record without fields, or with one empty field. */
const isBlank = (row: readonly string[]): boolean => row.length === 0 || (row.length === 1 && row[0] === '')

export const withoutBlank = (rows: Rows): Rows => rows.filter((row) => !isBlank(row))
