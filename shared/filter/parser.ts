/**
 * What does a clause say? Tokens in, a tree out, by recursive descent; columns and types come later (check.ts).
 *
 *   condition  = and { OR and }
 *   and        = not { AND not }
 *   not        = NOT not | predicate
 *   predicate  = operand { comparison operand | IS … | [NOT] IN (…) | [NOT] BETWEEN … | [NOT] LIKE … | [NOT] REGEXP … }
 *   operand    = sum { || sum }
 *   sum        = product { (+ | -) product }
 *   product    = signed { (* | / | %) signed }
 *   signed     = { + | - } primary
 *   primary    = literal | column | CAST ( condition AS type ) | function ( condition, … ) | CASE … END | ( condition )
 *
 * This file reads the first three rules; predicate.ts, arithmetic.ts and operand.ts the others.
 */
import { utf8 } from '../base/bytes.ts'
import { LIMITS } from '../base/limits.ts'
import { readOperand } from './arithmetic.ts'
import { type Ast, nodeBelow } from './ast.ts'
import { attempt, type ClauseError, fail } from './clause.ts'
import { type Cursor, eat, isNext, nested, node, peek, type Rule, unexpected } from './cursor.ts'
import { functionNamed } from './functions.ts'
import { tokensOf } from './lexer.ts'
import { readPredicate } from './predicate.ts'
import { refuseStatement } from './refusals.ts'
import { AFTER_OPERAND } from './vocabulary.ts'

const logic =
  (operator: 'AND' | 'OR', item: Rule): Rule =>
  (c) => {
    const first = peek(c)
    const items = [item(c)]
    while (eat(c, operator)) items.push(item(c))
    if (items.length === 1) return items[0]!
    return node(c, first, {
      kind: 'logic',
      operator,
      items: items.flatMap((ast) => (ast.kind === 'logic' && ast.operator === operator ? ast.items : [ast])),
    })
  }

const readNot = (c: Cursor): Ast => {
  const first = peek(c)
  if (!eat(c, 'NOT')) return readPredicate(c)
  return nested(c, first, () => node(c, first, { kind: 'not', operand: readNot(c) }))
}

const readCondition: Rule = logic('OR', logic('AND', readNot))

const SAYS: ReadonlySet<Ast['kind']> = new Set(['compare', 'in', 'between', 'like', 'is'] as const)

/** True if the clause so far ends with a value that nothing is said about yet. */
const endsWithOperand = (ast: Ast): boolean => {
  if (ast.kind === 'logic') return endsWithOperand(ast.items.at(-1)!)
  if (ast.kind === 'not') return endsWithOperand(ast.operand)
  return ast.kind === 'call' ? functionNamed(ast.name)?.result !== 'boolean' : !SAYS.has(ast.kind)
}

const readClause = (text: string): Ast => {
  if (utf8(text).length > LIMITS.clauseBytesMax)
    fail('clause_invalid', { at: 0, length: text.length }, `A clause is at most ${LIMITS.clauseBytesMax} bytes long.`)
  const c: Cursor = { tokens: tokensOf(text), next: 0, depth: 0, rules: { condition: readCondition, operand: readOperand } }
  if (peek(c).kind === 'end')
    fail('clause_invalid', peek(c), 'The clause is empty: write a condition such as age > 60.', { expected: 'a condition' })
  refuseStatement(c)
  const ast = readCondition(c)
  if (isNext(c, ')'))
    fail('clause_invalid', peek(c), 'This ) closes no parenthesis.', { found: ')', expected: 'AND, OR or the end of the clause' })
  if (peek(c).kind !== 'end') unexpected(c, endsWithOperand(ast) ? 'a comparison' : 'AND, OR or the end of the clause', AFTER_OPERAND)
  const deep = nodeBelow(ast, LIMITS.clauseDepthMax)
  return deep ? fail('clause_invalid', deep, `This is nested more than ${LIMITS.clauseDepthMax} levels deep.`) : ast
}

/** The tree of a clause, or its first mistake: syntax only, for when the columns are not known yet. */
export const parseClause = (text: string): { ok: true; ast: Ast } | { ok: false; error: ClauseError } => {
  const read = attempt(() => readClause(text))
  return read.ok ? { ok: true, ast: read.value } : read
}
