/**
 * What is a single value? Literals, columns, casts, calls, CASE, and whole conditions in parentheses.
 * Words are looked at with what follows them: DATE before a text is a literal, a word before ( is a function, CASE is one only if a WHEN follows; else they are columns.
 */
import type { Ast, AstNode, CastType } from './ast.ts'
import { readCall } from './call.ts'
import { beginsCase, readCase } from './case.ts'
import { fail } from './clause.ts'
import { type Cursor, isNext, need, nested, node, peek, take, unexpected } from './cursor.ts'
import { refuseQuery } from './refusals.ts'
import { AFTER_OPERAND, CAST_TYPES, COMPARISONS, FOREIGN_TYPES, RESERVED } from './vocabulary.ts'

const readParenthesis = (c: Cursor): Ast => {
  const open = take(c)
  return nested(c, open, () => {
    const inner = c.rules.condition(c)
    if (!isNext(c, ')')) unexpected(c, 'AND, OR or )', AFTER_OPERAND)
    take(c)
    return inner
  })
}

const readType = (c: Cursor): CastType => {
  const token = peek(c)
  const type = CAST_TYPES[token.sign]
  const meant = FOREIGN_TYPES[token.sign]
  if (meant)
    fail('clause_invalid', token, `There is no type ${token.value} here: use ${meant}.`, {
      found: token.value,
      expected: 'a type',
      suggestion: meant,
    })
  if (!type) return unexpected(c, 'DOUBLE, VARCHAR, DATE, TIMESTAMP or BOOLEAN', Object.keys(CAST_TYPES))
  take(c)
  return type
}

const readCast = (c: Cursor): Ast => {
  const first = take(c)
  take(c)
  return nested(c, first, () => {
    const operand = c.rules.condition(c)
    need(c, 'AS')
    const type = readType(c)
    need(c, ')')
    return node(c, first, { kind: 'cast', operand, type })
  })
}

const readMoment = (c: Cursor): Ast => {
  const first = take(c)
  return node(c, first, { kind: 'moment', type: first.sign === 'DATE' ? 'DATE' : 'TIMESTAMP', value: take(c).value })
}

const WORDS: Readonly<Record<string, AstNode>> = {
  NULL: { kind: 'null' },
  TRUE: { kind: 'boolean', value: true },
  FALSE: { kind: 'boolean', value: false },
}

const refuseReserved = (c: Cursor): never => {
  const token = peek(c)
  if (!COMPARISONS[peek(c, 1).sign]) return unexpected(c, 'a value or a column')
  const quoted = `"${token.value}"`
  return fail('clause_invalid', token, `${token.value} is a word of the language; a column of this name is written ${quoted}.`, {
    found: token.value,
    expected: 'a value or a column',
    suggestion: quoted,
  })
}

const readWord = (c: Cursor): Ast => {
  const token = peek(c)
  const isMoment = (token.sign === 'DATE' || token.sign === 'TIMESTAMP') && peek(c, 1).kind === 'text'
  if (isMoment) return readMoment(c)
  if ((token.sign === 'CAST' || token.sign === 'TRY_CAST') && peek(c, 1).sign === '(') return readCast(c)
  const constant = WORDS[token.sign]
  if (!constant && RESERVED.has(token.sign)) return refuseReserved(c)
  if (!constant && beginsCase(c)) return readCase(c)
  if (!constant && peek(c, 1).sign === '(') return readCall(c)
  take(c)
  return node(c, token, constant ?? { kind: 'column', name: token.value })
}

/** Reads one value: a literal, a column, a cast, a call, a CASE, or a condition in parentheses. */
export const readPrimary = (c: Cursor): Ast => {
  const token = peek(c)
  refuseQuery(c)
  if (token.kind === 'word') return readWord(c)
  if (token.kind === 'number') return node(c, take(c), { kind: 'number', digits: token.value })
  if (token.sign === '(') return readParenthesis(c)
  if (token.kind === 'name') return node(c, take(c), { kind: 'column', name: token.value })
  if (token.kind === 'text') return node(c, take(c), { kind: 'text', value: token.value })
  return unexpected(c, 'a value or a column')
}
