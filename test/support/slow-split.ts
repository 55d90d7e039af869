/**
 * A second opinion on malformed input: the same meaning as the scanner's, reached another way. It has the whole text at hand (latin1, a byte is a character), cuts a window
 * of at most M characters at a line's start and eats one field after the other from it by regular expression. No states, no blocks.
 */
import type { Dialect } from '../../shared/csv/dialect.ts'

export interface SlowLine {
  readonly kind: 'record' | 'blank' | 'rejected'
  readonly from: number
  readonly to: number
  readonly fields: readonly string[]
}

export interface SlowSplit {
  readonly lines: readonly SlowLine[]
  /** Places of quotes that did not close within the limit. */
  readonly unclosed: readonly number[]
}

const literal = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** What is inside quotes, up to the quote that closes or the end of the window. */
const insideOf = ({ quote, escape: escaper }: Dialect): string => {
  const q = literal(quote ?? '')
  if (escaper === null) return `[^${q}]*`
  const e = literal(escaper)
  return escaper === quote ? `(?:[^${q}]|${q}${q})*` : `(?:[^${q}${e}]|${e}[^]|${e}$)*`
}

const patternsOf = (dialect: Dialect) => {
  const rest = `[^${literal(dialect.delimiter)}${dialect.newline === 'lf' ? '\\n' : '\\r'}]*`
  return {
    quoted:
      dialect.quote === null
        ? null
        : new RegExp(`${literal(dialect.quote)}(${insideOf(dialect)})(?:(${literal(dialect.quote)})(${rest}))?`, 'y'),
    unquoted: new RegExp(rest, 'y'),
  }
}

const undoQuoting = (inside: string, { quote, escape: escaper }: Dialect): string => {
  if (escaper === null) return inside
  return escaper === quote
    ? inside.replaceAll(`${quote}${quote}`, `${quote}`)
    : inside.replace(new RegExp(`${literal(escaper)}([^])`, 'g'), '$1')
}

interface Attempt {
  readonly fields: string[]
  /** Where the newline stands; null: the window ended first. */
  readonly newline: number | null
  /** Where the quote stands that was still open then. */
  readonly open: number | null
}

/** Eats fields from the window until a newline or its end; the quote at `plain` opens nothing. */
const attempt = (window: string, dialect: Dialect, plain: number | null): Attempt => {
  const { quoted, unquoted } = patternsOf(dialect)
  const fields: string[] = []
  for (let at = 0; ; at++) {
    const isQuoted = quoted !== null && window[at] === dialect.quote && at !== plain
    const pattern = isQuoted ? quoted : unquoted
    pattern.lastIndex = at
    const [all, inside = '', closing, tail = ''] = pattern.exec(window) ?? ['']
    const isLast = window[at + all.length] !== dialect.delimiter
    const text = isQuoted ? tail : all
    const ending = isLast && dialect.newline === 'lf' && at + all.length < window.length && text.endsWith('\r') ? text.slice(0, -1) : text
    fields.push(isQuoted ? undoQuoting(inside, dialect) + ending : ending)
    const start = at
    at += all.length
    if (isQuoted && closing === undefined) return { fields, newline: null, open: start }
    if (at === window.length) return { fields, newline: null, open: null }
    if (isLast) return { fields, newline: at, open: null }
  }
}

const isBlank = (line: string, { newline }: Dialect): boolean => line === '' || (newline === 'lf' && line === '\r')

const oneLine = (text: string, from: number, dialect: Dialect, limit: number): SlowLine & { unclosed: number | null } => {
  const window = text.slice(from, from + limit)
  const isEnd = from + limit >= text.length
  const first = attempt(window, dialect, null)
  const isOpen = first.newline === null && first.open !== null
  const again = isOpen && !isEnd
  const { fields, newline } = again ? attempt(window, dialect, first.open) : first
  const unclosed = isOpen ? from + first.open! : null
  const content = window.slice(0, newline ?? window.length)
  if (newline !== null || isEnd)
    return {
      kind: isBlank(content, dialect) ? 'blank' : 'record',
      from,
      to: from + content.length + (newline === null ? 0 : 1),
      fields,
      unclosed,
    }
  const end = text.indexOf(dialect.newline === 'lf' ? '\n' : '\r', from + limit)
  return { kind: 'rejected', from, to: end < 0 ? text.length : end + 1, fields: [], unclosed }
}

/** All lines of a text, from its first character on. */
export const slowSplit = (text: string, dialect: Dialect, limit: number): SlowSplit => {
  const lines: SlowLine[] = []
  const unclosed: number[] = []
  for (let from = 0; from < text.length; from = lines.at(-1)!.to) {
    const { unclosed: quote, ...line } = oneLine(text, from, dialect, limit)
    if (quote !== null) unclosed.push(quote)
    lines.push(line)
  }
  return { lines, unclosed }
}
