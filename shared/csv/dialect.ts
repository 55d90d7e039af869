/**
 * How a CSV is written down: decided once, by the sniffer, stored with the file and never re-decided.
 * Quotes follow Python's csv and rust-csv: a quote opens only at a field's start, and after a closing quote the field goes on unquoted.
 */
import type { Decoding } from './decode/decoding.ts'

export type LineEnd = '\n' | '\r\n' | '\r'

export interface Dialect {
  /** One single-byte character, or up to LIMITS.delimiterBytesMax of them. */
  readonly delimiter: string
  /** One single-byte character; null: nothing is ever quoted. */
  readonly quote: string | null
  /** How a quote stands inside quotes: equal to `quote` means doubled; another single-byte character makes data of the byte after it, inside quotes and outside. */
  readonly escape: string | null
  /** One single-byte character: a line that begins with it is a comment and no record; null: there are no comments. */
  readonly comment: string | null
  /** `lf`: LF ends a line, one CR before it belongs to the end, other CRs are data. `cr`: CR ends a line, LF is data. */
  readonly newline: 'lf' | 'cr'
  /** What a last record without a line end gets when it is written. */
  readonly lineEnd: LineEnd
  /** True: the first record names the columns. */
  readonly header: boolean
  /** Always the encoding of the bytes as they are scanned. `unknown-8bit`: not UTF-8, cut as the bytes it is. */
  readonly encoding: 'utf-8' | 'unknown-8bit'
  /** How the file's bytes become the bytes that are scanned; null: they are the same. Every byte offset counts bytes that are scanned. */
  readonly decodedFrom: Decoding | null
  /** The file begins with a UTF-8 byte order mark (three bytes, dropped from every output). */
  readonly bom: boolean
  /** Offset of the first byte after the header record and its line end; without a header, of the first byte after the BOM. */
  readonly headerEnd: number
}

/** Comma, double quote, LF, with a header. */
export const DEFAULT_DIALECT: Dialect = {
  delimiter: ',',
  quote: '"',
  escape: '"',
  comment: null,
  newline: 'lf',
  lineEnd: '\n',
  header: true,
  encoding: 'utf-8',
  decodedFrom: null,
  bom: false,
  headerEnd: 0,
}

/** The dialect as JSON, the shape that the API shows and the database keeps. */
export interface DialectView {
  readonly delimiter: string
  readonly quote: string | null
  readonly escape: string | null
  readonly comment: string | null
  readonly newline: 'lf' | 'cr'
  readonly line_end: LineEnd
  readonly header: boolean
  readonly encoding: Dialect['encoding']
  readonly decoded_from: Decoding | null
  readonly bom: boolean
  readonly header_end: number
}

export const dialectView = ({ lineEnd, headerEnd, decodedFrom, ...rest }: Dialect): DialectView => ({
  ...rest,
  line_end: lineEnd,
  header_end: headerEnd,
  decoded_from: decodedFrom,
})

/** What was stored before these members came has none of them. */
type Newer = 'comment' | 'decoded_from'
type StoredDialect = Omit<DialectView, Newer> & Partial<Pick<DialectView, Newer>>

export const dialectOf = ({ line_end, header_end, decoded_from = null, ...rest }: StoredDialect): Dialect => ({
  comment: null,
  ...rest,
  lineEnd: line_end,
  headerEnd: header_end,
  decodedFrom: decoded_from,
})

/** True where an escape stands for itself: fields may hold it outside quotes too. */
export const hasOwnEscape = ({ quote, escape: escaper }: Dialect): boolean => escaper !== null && escaper !== quote

/** Why the fast scanner does not cover this dialect, as a sentence for the user; null: it does. */
export const needsTwin = (dialect: Dialect): string | null => {
  const { delimiter, comment } = dialect
  const reasons = [
    ...(delimiter.length > 1 ? ['a delimiter of several characters'] : []),
    ...(hasOwnEscape(dialect) ? ['an escape that is not the quote'] : []),
    ...(comment === null ? [] : ['comment lines']),
  ]
  return reasons.length === 0
    ? null
    : `The file has ${reasons.join(' and ')}, which the fast scanner does not read: it is read by the plain one, which takes longer.`
}
