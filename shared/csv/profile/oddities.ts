/**
 * What looks off in a value? One row per oddity: which types can have it, how it is told, and what it means for who filters by the column.
 * A row is run on every cell of its types, so each begins with the cheapest test that says no.
 */
import { textOf, utf8 } from '../../base/bytes.ts'
import type { Cell } from './cell.ts'
import { BOOLEAN, type CellType, DATE, DECIMAL, INTEGER, TEXT, TIMESTAMP } from './type-code.ts'

/** The oddities' names in a profile. */
export type OddityCode =
  | 'edge_blanks'
  | 'leading_zeros'
  | 'beyond_double'
  | 'not_finite'
  | 'utc_offset'
  | 'local_date'
  | 'dressed_number'
  | 'null_like'
  | 'blank'

export interface Oddity {
  readonly code: OddityCode
  /** What it is, as the beginning of a sentence. */
  readonly what: string
  /** What follows from it, as a sentence. */
  readonly so: string
  readonly types: readonly CellType[]
  readonly is: (cell: Cell) => boolean
}

const EVERY_TYPE = [BOOLEAN, INTEGER, DECIMAL, DATE, TIMESTAMP, TEXT] as const
/** Longer values are prose. */
const NUMBER_BYTES_MAX = 32
const CURRENCY = '[$€£¥]?'
const DRESSED_NUMBER = new RegExp(`^[-+]?${CURRENCY}\\s?(?:\\d{1,3}(?:[,.' ]\\d{3})+(?:[,.]\\d+)?|\\d+(?:[,.]\\d+)?)\\s?(?:%|${CURRENCY})$`)
const LOCAL_DATE = /^\d{1,2}(?:([/-])\d{1,2}\1(?:\d{4}|\d{2})|\.\d{1,2}\.\d{4})(?:[ T,].*)?$/

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39

const isLetter = (byte: number): boolean => (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a

/** Short, with no ASCII letter and a digit: only such text can be a number that no cast reads. */
const mayBeNumber = ({ bytes, trimmedFrom, trimmedTo }: Cell): boolean => {
  if (trimmedTo - trimmedFrom > NUMBER_BYTES_MAX || trimmedTo - trimmedFrom < 2) return false
  let hasDigit = false
  for (let at = trimmedFrom; at < trimmedTo; at++) {
    if (isLetter(bytes[at]!)) return false
    hasDigit ||= isDigit(bytes[at]!)
  }
  return hasDigit
}

/** Two digits at most, then a separator. */
const mayBeLocalDate = ({ bytes, trimmedFrom: from, trimmedTo }: Cell): boolean => {
  if (trimmedTo - from < 6 || trimmedTo - from > NUMBER_BYTES_MAX || !isDigit(bytes[from]!)) return false
  const separator = isDigit(bytes[from + 1]!) ? bytes[from + 2]! : bytes[from + 1]!
  return separator >= 0x2d && separator <= 0x2f
}

const matches = ({ bytes, trimmedFrom, trimmedTo }: Cell, pattern: RegExp): boolean =>
  pattern.test(textOf(bytes.subarray(trimmedFrom, trimmedTo)))

/** Up to four bytes as one number, letters in lower case. */
const packed = (bytes: Uint8Array, from: number, to: number): number => {
  let word = 0
  for (let at = from; at < to; at++) word = word * 256 + (bytes[at]! >= 0x41 && bytes[at]! <= 0x5a ? bytes[at]! | 0x20 : bytes[at]!)
  return word
}

const MISSING_MARKS = new Set(
  ['na', 'n/a', '#n/a', 'null', 'none', 'nil', '-', '--', '?', '.', '\\n'].map((mark) => packed(utf8(mark), 0, mark.length)),
)

const hasLeadingZero = ({ bytes, trimmedFrom, trimmedTo }: Cell): boolean => {
  const from = isDigit(bytes[trimmedFrom]!) ? trimmedFrom : trimmedFrom + 1
  return bytes[from] === 0x30 && trimmedTo - from > 1
}

/** A Z, UTC or ±hours behind a time of day: only there can these bytes stand, ten bytes into a timestamp. */
const hasOffset = ({ bytes, trimmedFrom, trimmedTo }: Cell): boolean => {
  if (!isDigit(bytes[trimmedTo - 1]!)) return true
  for (let at = trimmedTo - 6; at < trimmedTo; at++) if (at > trimmedFrom + 10 && (bytes[at] === 0x2b || bytes[at] === 0x2d)) return true
  return false
}

export const ODDITIES: readonly Oddity[] = [
  {
    code: 'edge_blanks',
    what: 'Blanks at the beginning or end',
    so: 'Comparisons as text see them.',
    types: EVERY_TYPE,
    is: ({ from, to, trimmedFrom, trimmedTo }) => trimmedFrom < trimmedTo && (from !== trimmedFrom || to !== trimmedTo),
  },
  {
    code: 'leading_zeros',
    what: 'Leading zeros',
    so: 'If this is an identifier, compare it as text: as numbers 007 and 7 are equal.',
    types: [INTEGER],
    is: hasLeadingZero,
  },
  {
    code: 'beyond_double',
    what: 'Integers too large for a double',
    so: 'As numbers, neighbours are equal: compare them as text.',
    types: [INTEGER],
    is: ({ number }) => !Number.isSafeInteger(number) && Number.isFinite(number),
  },
  {
    code: 'not_finite',
    what: 'NaN or infinite numbers',
    so: 'They are left out of min, max, mean and standard deviation.',
    types: [INTEGER, DECIMAL],
    is: ({ number }) => !Number.isFinite(number),
  },
  { code: 'utc_offset', what: 'Offsets from UTC', so: 'Comparisons ignore them.', types: [TIMESTAMP], is: hasOffset },
  {
    code: 'local_date',
    what: 'Dates that do not begin with the year',
    so: 'No comparison with a DATE reads them right.',
    types: [TEXT],
    is: (cell) => mayBeLocalDate(cell) && matches(cell, LOCAL_DATE),
  },
  {
    code: 'dressed_number',
    what: 'Numbers with separators, currency or percent signs',
    so: 'Comparisons with a number do not read them.',
    types: [TEXT],
    is: (cell) => mayBeNumber(cell) && matches(cell, DRESSED_NUMBER),
  },
  {
    code: 'null_like',
    what: 'Marks for a missing value',
    so: 'They are text, not NULL.',
    types: [TEXT],
    is: ({ bytes, trimmedFrom: from, trimmedTo: to }) => to - from <= 4 && from < to && MISSING_MARKS.has(packed(bytes, from, to)),
  },
  {
    code: 'blank',
    what: 'Nothing but blanks',
    so: 'They are text, not NULL.',
    types: [TEXT],
    is: ({ trimmedFrom, trimmedTo }) => trimmedFrom === trimmedTo,
  },
]
