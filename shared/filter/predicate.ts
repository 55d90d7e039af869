/**
 * What can be said about a value? Comparisons, IS, IN, BETWEEN, LIKE and REGEXP, read behind the operand that they speak of.
 * Without parentheses DuckDB binds IS weaker than `=` and LIKE tighter; a row of predicates that only this knowledge could read is refused.
 */
import { LIMITS } from '../base/limits.ts'
import type { Ast, Comparison } from './ast.ts'
import { fail, type Span, spanning } from './clause.ts'
import { type Cursor, eat, isNext, last, need, node, peek, take, unexpected } from './cursor.ts'
import { COMPARISONS } from './vocabulary.ts'

/** What a predicate without parentheses ends with: a later one may follow `closed` ones only, and a LIKE or BETWEEN may be compared. */
type Ending = 'operand' | 'compare' | 'match' | 'distinct' | 'closed'

interface Tail {
  /** After which endings the predicate can be read in one way only. */
  readonly after: readonly Ending[]
  readonly ending: Ending
  readonly read: (c: Cursor, left: Ast, first: Span, negated: boolean) => Ast
}

const readList = (c: Cursor): Ast[] => {
  if (!isNext(c, '(')) unexpected(c, 'a list in parentheses')
  const open = take(c)
  if (isNext(c, ')'))
    fail('clause_invalid', spanning(open, peek(c)), 'An IN list needs at least one value.', { found: '()', expected: 'a value' })
  const list = [c.rules.operand(c)]
  while (eat(c, ',')) {
    if (list.length === LIMITS.clauseInMax) fail('clause_invalid', peek(c), `An IN list holds at most ${LIMITS.clauseInMax} values.`)
    list.push(c.rules.operand(c))
  }
  if (!isNext(c, ')')) unexpected(c, 'a comma or )')
  take(c)
  return list
}

const readEscape = (c: Cursor): string | null => {
  if (!eat(c, 'ESCAPE')) return null
  const token = peek(c)
  if (token.kind !== 'text') return unexpected(c, 'a text of one character')
  if ([...token.value].length > 1)
    fail('clause_invalid', token, 'ESCAPE takes one character.', { found: `'${token.value}'`, expected: 'a text of one character' })
  take(c)
  return token.value === '' ? null : token.value
}

const readCompare = (operator: Comparison): Tail => ({
  after: ['operand', 'match', 'closed'],
  ending: 'compare',
  read: (c, left, first) => node(c, first, { kind: 'compare', operator, left, right: c.rules.operand(c) }),
})

const readLike = (fold: boolean): Tail => ({
  after: ['operand', 'closed'],
  ending: 'match',
  read: (c, operand, first, negated) => {
    const pattern = c.rules.operand(c)
    const escapedBy = readEscape(c)
    return node(c, first, { kind: 'like', negated, fold, operand, pattern, escape: escapedBy })
  },
})

/** `x REGEXP 'p'` is the function by another spelling. */
const REGEXP: Tail = {
  after: ['operand', 'closed'],
  ending: 'match',
  read: (c, operand, first, negated) => {
    const pattern = c.rules.operand(c)
    const call = node(c, first, { kind: 'call', name: 'regexp_matches', args: [operand, pattern] })
    return negated ? node(c, first, { kind: 'not', operand: call }) : call
  },
}

const IN: Tail = {
  after: ['operand', 'closed'],
  ending: 'closed',
  read: (c, operand, first, negated) => {
    const list = readList(c)
    return node(c, first, { kind: 'in', negated, operand, list })
  },
}

const BETWEEN: Tail = {
  after: ['operand', 'closed'],
  ending: 'match',
  read: (c, operand, first, negated) => {
    const low = c.rules.operand(c)
    need(c, 'AND')
    const high = c.rules.operand(c)
    return node(c, first, { kind: 'between', negated, operand, low, high })
  },
}

const IS: Tail = {
  after: ['operand', 'compare', 'match', 'closed'],
  ending: 'closed',
  read: (c, operand, first) => {
    const negated = eat(c, 'NOT')
    const token = peek(c)
    if (token.sign !== 'NULL' && token.sign !== 'TRUE' && token.sign !== 'FALSE')
      return unexpected(c, 'NULL, TRUE, FALSE or DISTINCT FROM', ['NOT', 'NULL', 'TRUE', 'FALSE', 'DISTINCT'])
    take(c)
    return node(c, first, { kind: 'is', negated, what: token.sign, operand })
  },
}

const IS_DISTINCT: Tail = {
  after: IS.after,
  ending: 'distinct',
  read: (c, left, first) => {
    const operator = eat(c, 'NOT') ? 'IS NOT DISTINCT FROM' : 'IS DISTINCT FROM'
    take(c)
    need(c, 'FROM')
    return node(c, first, { kind: 'compare', operator, left, right: c.rules.operand(c) })
  },
}

const NEGATABLE: Readonly<Record<string, Tail>> = { IN, BETWEEN, LIKE: readLike(false), ILIKE: readLike(true), REGEXP }

/** The predicate that begins at the next token, or null; takes NOT and the word or sign that names it. */
const takeTail = (c: Cursor): { tail: Tail; negated: boolean } | null => {
  const { sign } = peek(c)
  if (sign === 'IS') {
    take(c)
    return { tail: isNext(c, 'DISTINCT') || (isNext(c, 'NOT') && peek(c, 1).sign === 'DISTINCT') ? IS_DISTINCT : IS, negated: false }
  }
  const operator = COMPARISONS[sign]
  const negated = sign === 'NOT'
  const tail = operator ? readCompare(operator) : NEGATABLE[peek(c, negated ? 1 : 0).sign]
  if (tail) c.next += negated ? 2 : 1
  return tail ? { tail, negated } : null
}

const refuseAmbiguous = (c: Cursor, at: Span, ending: Ending): never =>
  ending === 'compare' && COMPARISONS[last(c).sign]
    ? fail('clause_invalid', at, 'Comparisons cannot be chained: write a < b AND b < c.', { found: last(c).value, expected: 'AND or OR' })
    : fail('clause_invalid', at, 'Put parentheses around the part to the left or right: without them this can be read in two ways.', {
        expected: 'parentheses',
      })

/** Reads an operand and all that is said about it: `age`, `age > 60`, `name LIKE 'A%' IS TRUE`. */
export const readPredicate = (c: Cursor): Ast => {
  const first = peek(c)
  let ast = c.rules.operand(c)
  let ending: Ending = 'operand'
  for (;;) {
    const at = peek(c)
    const found = takeTail(c)
    if (!found) return ast
    if (!found.tail.after.includes(ending)) refuseAmbiguous(c, at, ending)
    ast = found.tail.read(c, ast, first, found.negated)
    ending = found.tail.ending
  }
}
