/**
 * A second opinion on malformed input: the same meaning as the scanner's, reached another way. It has the whole text at hand (latin1, a byte is a character), cuts a window
 * of at most M characters at a line's start and eats one field after the other from it by regular expression. No states, no blocks.
 */
import type { Dialect } from '../../shared/csv/dialect.ts'

export interface SlowLine {
  readonly kind: 'record' | 'blank' | 'comment' | 'rejected'
  readonly from: number
  readonly to: number
  readonly fields: readonly string[]
}

export interface SlowSplit {
  readonly lines: readonly SlowLine[]
  /** Places of quotes that did not close within the limit. */
  readonly unclosed: readonly number[]
}

const literal = (text: string): string => [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')

const ownEscape = ({ quote, escape: escaper }: Dialect): string | null => (escaper === quote ? null : escaper)

/** What is inside quotes, up to the quote that closes or the end of the window. */
const insideOf = ({ quote, escape: escaper }: Dialect): string => {
  const q = literal(quote ?? '')
  if (escaper === null) return `[^${q}]*`
  const e = literal(escaper)
  return escaper === quote ? `(?:[^${q}]|${q}${q})*` : `(?:[^${q}${e}]|${e}[^]|${e}$)*`
}

/** What is outside quotes, up to a delimiter, a newline or the end of the window. */
const restOf = (dialect: Dialect): string => {
  const escaper = ownEscape(dialect)
  const newline = dialect.newline === 'lf' ? '\\n' : '\\r'
  const plain = `(?!${literal(dialect.delimiter)})[^${newline}${literal(escaper ?? '')}]`
  return escaper === null ? `(?:${plain})*` : `(?:${plain}|${literal(escaper)}[^]|${literal(escaper)}$)*`
}

const patternsOf = (dialect: Dialect) => {
  const rest = restOf(dialect)
  const escaper = ownEscape(dialect)
  const plainEscape = escaper === null ? '()' : `(${literal(escaper)}?)`
  return {
    quoted:
      dialect.quote === null
        ? null
        : new RegExp(`${literal(dialect.quote)}(${insideOf(dialect)})(?:(${literal(dialect.quote)})${plainEscape}(${rest}))?`, 'y'),
    unquoted: new RegExp(rest, 'y'),
  }
}

const unescaped = (text: string, escaper: string | null): string =>
  escaper === null ? text : text.replace(new RegExp(`${literal(escaper)}([^])`, 'g'), '$1')

const undoQuoting = (inside: string, dialect: Dialect): string =>
  dialect.escape === dialect.quote
    ? inside.replaceAll(`${dialect.quote}${dialect.quote}`, `${dialect.quote}`)
    : unescaped(inside, dialect.escape)

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
  for (let at = 0; ; at += dialect.delimiter.length) {
    const isQuoted = quoted !== null && window[at] === dialect.quote && at !== plain
    const pattern = isQuoted ? quoted : unquoted
    pattern.lastIndex = at
    const [all, inside = '', closing, plainEscape = '', tail = ''] = pattern.exec(window) ?? ['']
    const end = at + all.length
    const isLast = !window.startsWith(dialect.delimiter, end)
    const endsInCr = isLast && dialect.newline === 'lf' && end < window.length && all.endsWith('\r') && (!isQuoted || closing !== undefined)
    const text = isQuoted ? plainEscape + tail : all
    const whole = endsInCr ? text.slice(0, -1) : text
    const literally = whole.slice(0, plainEscape.length)
    const outside = literally + unescaped(whole.slice(literally.length), ownEscape(dialect))
    fields.push(isQuoted ? undoQuoting(inside, dialect) + outside : outside)
    const start = at
    at += all.length
    if (isQuoted && closing === undefined) return { fields, newline: null, open: start }
    if (at === window.length) return { fields, newline: null, open: null }
    if (isLast) return { fields, newline: at, open: null }
  }
}

const isBlank = (line: string, { newline }: Dialect): boolean => line === '' || (newline === 'lf' && line === '\r')

const lineEndAfter = (text: string, from: number, { newline }: Dialect): number => {
  const at = text.indexOf(newline === 'lf' ? '\n' : '\r', from)
  return at < 0 ? text.length : at + 1
}

const oneLine = (text: string, from: number, dialect: Dialect, limit: number): SlowLine & { unclosed: number | null } => {
  if (text[from] === dialect.comment) return { kind: 'comment', from, to: lineEndAfter(text, from, dialect), fields: [], unclosed: null }
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
  return { kind: 'rejected', from, to: lineEndAfter(text, from + limit, dialect), fields: [], unclosed }
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
