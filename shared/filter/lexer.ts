/**
 * What words and signs does a clause consist of? Text in, tokens with their places out.
 * The lexer never fails: what no token can be becomes a token that carries its mistake, so that the parser reports the first mistake of the clause, whichever of the two saw it.
 */
import type { Hints, Span } from './clause.ts'
import { MISREADINGS } from './misreadings.ts'

export interface Token extends Span {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'symbol' | 'wrong' | 'end'
  /** What it stands for: a word or number as written, a quoted name or text without its quotes. */
  readonly value: string
  /** A word in upper case or a symbol: what the grammar looks for. Empty for all others, so that "and" in double quotes is never AND. */
  readonly sign: string
  /** Of kind `wrong`: what to say about it. */
  readonly mistake?: { readonly text: string } & Hints
}

const SPACE = /\s+/y
const SYMBOL = /<>|!=|==|<=|>=|\|\||[=<>+\-*/%(),]/y
const WORD = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const NUMBER_TAIL = /[\p{L}\p{N}_.]+/uy
const ANYTHING = /./suy

const QUOTED = {
  "'": { kind: 'text', closed: /'[^']*(?:''[^']*)*'/y, double: "''", missing: 'The text that begins here has no closing quote.' },
  '"': {
    kind: 'name',
    closed: /"[^"]*(?:""[^"]*)*"/y,
    double: '""',
    missing: 'The column name that begins here has no closing double quote.',
  },
} as const

const match = (pattern: RegExp, text: string, at: number): string => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

const wrong = (at: number, value: string, mistake: Token['mistake'] & object): Token => ({
  kind: 'wrong',
  value,
  sign: '',
  at,
  length: value.length,
  mistake,
})

const readQuoted = (text: string, at: number): Token | null => {
  const quote = text[at]
  if (quote !== "'" && quote !== '"') return null
  const { kind, closed, double, missing } = QUOTED[quote]
  const raw = match(closed, text, at)
  if (!raw) return wrong(at, text.slice(at), { text: missing, expected: quote })
  return { kind, value: raw.slice(1, -1).replaceAll(double, quote), sign: '', at, length: raw.length }
}

const GROUPED = /^\d[\d_]*$/

const readNumber = (text: string, at: number): Token | null => {
  const digits = match(NUMBER, text, at)
  if (!digits) return null
  const tail = match(NUMBER_TAIL, text, at + digits.length)
  if (!tail) return { kind: 'number', value: digits, sign: '', at, length: digits.length }
  const found = digits + tail
  const [advice, suggestion] = GROUPED.test(found)
    ? ['digits are not grouped', found.replaceAll('_', '')]
    : ['a text stands in single quotes', `'${found}'`]
  return wrong(at, found, { text: `${found} is not a number; ${advice}.`, found, expected: 'a number', suggestion })
}

const readWord = (text: string, at: number): Token | null => {
  const value = match(WORD, text, at)
  return value ? { kind: 'word', value, sign: value.toUpperCase(), at, length: value.length } : null
}

const readMisreading = (text: string, at: number): Token | null => {
  for (const { pattern, say } of MISREADINGS) {
    const found = match(pattern, text, at)
    if (found) return wrong(at, found, { found, ...say(found) })
  }
  return null
}

const readSymbol = (text: string, at: number): Token | null => {
  const value = match(SYMBOL, text, at)
  return value ? { kind: 'symbol', value, sign: value, at, length: value.length } : null
}

const readAnything = (text: string, at: number): Token => {
  const found = match(ANYTHING, text, at)
  return wrong(at, found, {
    text: 'This character means nothing here; a column of an unusual name stands in double quotes, a text in single quotes.',
    found,
  })
}

/** The tokens of a clause; the last is of kind `end` and empty. */
export const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = []
  let at = match(SPACE, text, 0).length
  while (at < text.length) {
    const token =
      readQuoted(text, at) ??
      readNumber(text, at) ??
      readWord(text, at) ??
      readMisreading(text, at) ??
      readSymbol(text, at) ??
      readAnything(text, at)
    tokens.push(token)
    at += token.length
    at += match(SPACE, text, at).length
  }
  tokens.push({ kind: 'end', value: '', sign: '', at: text.length, length: 0 })
  return tokens
}
