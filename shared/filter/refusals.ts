/** What does a clause try that the language does not have? Queries and whole statements get a sentence of their own, so that nobody takes it for a slip of the pen. */
import { fail } from './clause.ts'
import { type Cursor, peek } from './cursor.ts'

const PREDICATE_WORDS = new Set(['IS', 'IN', 'BETWEEN', 'LIKE', 'ILIKE', 'AND', 'OR', 'REGEXP'])

/** True if the token `ahead` of the next one can only begin an operand, so that the word before it is no column. */
export const beginsOperand = (c: Cursor, ahead: number): boolean => {
  const token = peek(c, ahead)
  if (token.sign === 'NOT') return !PREDICATE_WORDS.has(peek(c, ahead + 1).sign)
  if (token.kind === 'word') return !PREDICATE_WORDS.has(token.sign)
  return token.kind === 'number' || token.kind === 'text' || token.kind === 'name' || token.sign === '(' || token.sign === '*'
}

/** Fails if the operand that begins here is a query. */
export const refuseQuery = (c: Cursor): void => {
  const token = peek(c)
  if (token.sign === 'SELECT' && beginsOperand(c, 1))
    fail('clause_invalid', token, 'A clause cannot hold a query: list the values.', { found: token.value })
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
