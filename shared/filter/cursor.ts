/**
 * Where is the parser, and what does it say when the next token is not what the grammar wants?
 * One token is looked at at a time; the sentence for an unexpected one is found here, so that the grammar itself stays readable.
 */
import { LIMITS } from '../base/limits.ts'
import type { Ast, AstNode } from './ast.ts'
import { fail, type Span, spanning } from './clause.ts'
import type { Token } from './lexer.ts'
import { nearest } from './nearest.ts'

/** Reads one form of the grammar. */
export type Rule = (c: Cursor) => Ast

export interface Cursor {
  readonly tokens: readonly Token[]
  /** Index of the next token. */
  next: number
  /** The two rules that others begin again with: handed along, so that a file for each level of the grammar need not import the level above it. */
  readonly rules: { readonly condition: Rule; readonly operand: Rule }
  /** How many parentheses, NOTs and casts are open: bounded, because the grammar is recursive. */
  depth: number
}

/** The next token, or one further on; past the end it is the end. */
export const peek = (c: Cursor, ahead = 0): Token => c.tokens[Math.min(c.next + ahead, c.tokens.length - 1)]!

/** The last token that was taken. */
export const last = (c: Cursor): Token => c.tokens[Math.max(c.next - 1, 0)]!

export const take = (c: Cursor): Token => {
  const token = peek(c)
  if (token.kind !== 'end') c.next++
  return token
}

export const isNext = (c: Cursor, sign: string): boolean => peek(c).sign === sign

export const eat = (c: Cursor, sign: string): boolean => {
  const found = isNext(c, sign)
  if (found) take(c)
  return found
}

/** Takes the sign that must come now. */
export const need = (c: Cursor, sign: string): Token => (isNext(c, sign) ? take(c) : unexpected(c, sign, [sign]))

/** How a token is called in a sentence. */
const nameOf = (token: Token): string => {
  if (token.kind === 'end') return 'the end of the clause'
  if (token.kind === 'text') return `the text '${token.value}'`
  if (token.kind === 'name') return `the column "${token.value}"`
  return token.value
}

interface Slip {
  readonly is: (before: Token, token: Token, after: Token) => boolean
  readonly text: string
  readonly suggestion?: string
}

const touch = (left: Token, right: Token): boolean => left.at + left.length === right.at

/** Mistakes that show only in the neighbours of the token that is one too many. */
const SLIPS: readonly Slip[] = [
  {
    is: (before, token) => before.kind === 'text' && token.kind === 'word' && touch(before, token),
    text: "The text ends before this; an apostrophe within a text is written twice, as in 'it''s'.",
    suggestion: "''",
  },
  {
    is: (before, token, after) =>
      before.kind === 'number' && token.sign === ',' && after.kind === 'number' && touch(before, token) && touch(token, after),
    text: 'Digits are not grouped: write 5000 and not 5,000.',
  },
]

/**
 * Says what is wrong with the next token. `expected` is what could stand here, in words; `words` are those words of the language among it, for a misspelt one.
 */
export const unexpected = (c: Cursor, expected: string, words: readonly string[] = []): never => {
  const token = peek(c)
  if (token.mistake) {
    const { text, ...hints } = token.mistake
    return fail('clause_invalid', token, text, hints)
  }
  const found = nameOf(token)
  const slip = SLIPS.find(({ is }) => c.next > 0 && is(last(c), token, peek(c, 1)))
  if (slip)
    return fail('clause_invalid', token, slip.text, { found, expected, ...(slip.suggestion ? { suggestion: slip.suggestion } : {}) })
  const meant = token.kind === 'word' ? nearest(token.value, words) : null
  const sentence = token.kind === 'end' ? `The clause ends where ${expected} should follow.` : `Expected ${expected}, but found ${found}.`
  return fail('clause_invalid', token, meant ? `${sentence} Did you mean ${meant}?` : sentence, {
    found,
    expected,
    ...(meant ? { suggestion: meant } : {}),
  })
}

/** Runs `work` one level deeper; `opener` is what opened the level. */
export const nested = <T>(c: Cursor, opener: Span, work: () => T): T => {
  if (++c.depth > LIMITS.clauseDepthMax) fail('clause_invalid', opener, `This is nested more than ${LIMITS.clauseDepthMax} levels deep.`)
  const result = work()
  c.depth--
  return result
}

/** The tree of a node whose text runs from `first` to the token taken last. */
export const node = (c: Cursor, first: Span, shape: AstNode): Ast => ({ ...shape, ...spanning(first, last(c)) })
