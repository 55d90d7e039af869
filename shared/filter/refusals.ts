/**
 * What does a clause try that the language does not have, or not yet? Each gets a sentence of its own, so that nobody takes it for a slip of the pen.
 * What is not supported yet is known to the grammar here and nowhere else: a version that brings it takes its row away.
 */
import { fail, type Hints, type Span } from './clause.ts'
import { type Cursor, peek } from './cursor.ts'
import { nearest } from './nearest.ts'
import { RESERVED } from './vocabulary.ts'

const notYet = (at: Span, what: string, hints: Hints): never => fail('clause_invalid', at, `${what} not supported yet.`, hints)

/** Signs and words that go on after an operand. */
const AFTER_OPERAND: Readonly<Record<string, string>> = {
  '+': 'Arithmetic is',
  '-': 'Arithmetic is',
  '*': 'Arithmetic is',
  '/': 'Arithmetic is',
  '%': 'Arithmetic is',
  '||': 'Joining texts with || (for a logical or, write OR) is',
  REGEXP: 'REGEXP is',
}

const PREDICATE_WORDS = new Set(['IS', 'IN', 'BETWEEN', 'LIKE', 'ILIKE', 'AND', 'OR', 'REGEXP'])

/** True if the token `ahead` of the next one can only begin an operand, so that the word before it is no column. */
const beginsOperand = (c: Cursor, ahead: number): boolean => {
  const token = peek(c, ahead)
  if (token.sign === 'NOT') return !PREDICATE_WORDS.has(peek(c, ahead + 1).sign)
  if (token.kind === 'word') return !PREDICATE_WORDS.has(token.sign)
  return token.kind === 'number' || token.kind === 'text' || token.kind === 'name' || token.sign === '(' || token.sign === '*'
}

/** Fails if what follows an operand is not supported yet. */
export const refuseAfterOperand = (c: Cursor): void => {
  const negated = peek(c).sign === 'NOT' && peek(c, 1).sign === 'REGEXP'
  const token = peek(c, negated ? 1 : 0)
  const what = AFTER_OPERAND[token.sign]
  if (what) notYet(token, what, { found: token.value })
}

/** Fails if the operand that begins here is a function call, a CASE or a query. */
export const refuseOperand = (c: Cursor): void => {
  const token = peek(c)
  if (token.kind !== 'word' || RESERVED.has(token.sign)) return
  const found = token.value
  if (token.sign === 'SELECT' && beginsOperand(c, 1))
    fail('clause_invalid', token, 'A clause cannot hold a query: list the values.', { found })
  if (token.sign === 'CASE' && c.tokens.some((later) => later.at > token.at && later.sign === 'WHEN')) notYet(token, 'CASE is', { found })
  if (peek(c, 1).sign !== '(' || token.sign === 'CAST' || token.sign === 'TRY_CAST') return
  const meant = nearest(found, ['NOT', 'CAST', 'TRY_CAST'])
  notYet(token, `The function ${found}() is`, { found, ...(meant ? { suggestion: meant } : {}) })
}

/** Fails if the clause is a whole statement, or begins with the WHERE that the language does without. */
export const refuseStatement = (c: Cursor): void => {
  const token = peek(c)
  if (!beginsOperand(c, 1)) return
  if (token.sign === 'WHERE')
    fail('clause_invalid', token, 'Leave out WHERE: the clause begins after it.', { found: token.value, expected: 'a condition' })
  if (token.sign === 'SELECT')
    fail('clause_invalid', token, 'Write only the condition, what would stand after WHERE.', {
      found: token.value,
      expected: 'a condition',
    })
}
