/**
 * How do values combine into others? Signs bind tightest, then `* / %`, then `+ -` and `||`; what stands in a row is read from left to right.
 * `||` next to `+` or `-` is refused: DuckDB binds it weaker than they, so that without parentheses nobody would know what was meant.
 */
import type { Additive, Ast, AstNode, Multiplicative } from './ast.ts'
import { fail, type Span } from './clause.ts'
import { type Cursor, isNext, nested, node, peek, type Rule, take } from './cursor.ts'
import type { Token } from './lexer.ts'
import { readPrimary } from './operand.ts'

const ADDITIVE: ReadonlySet<string> = new Set<Additive>(['+', '-'])
const MULTIPLICATIVE: ReadonlySet<string> = new Set<Multiplicative>(['*', '/', '%'])

const opposite = (digits: string): string => (digits.startsWith('-') ? digits.slice(1) : `-${digits}`)

/** A sign before a number is the number's own, also through parentheses. */
const readSigned = (c: Cursor): Ast => {
  const first = peek(c)
  if (first.sign !== '-' && first.sign !== '+') return readPrimary(c)
  const minus = take(c).sign === '-'
  return nested(c, first, () => {
    const operand = readSigned(c)
    if (operand.kind !== 'number') return node(c, first, { kind: 'sign', minus, operand })
    return node(c, first, { kind: 'number', digits: minus ? opposite(operand.digits) : operand.digits })
  })
}

/** Items of one rank: `kind` names the node, and a first item that is such a row itself is taken into it. */
const row =
  (kind: 'sum' | 'product', signs: ReadonlySet<string>, item: Rule): Rule =>
  (c) => {
    const first = peek(c)
    const left = item(c)
    if (!signs.has(peek(c).sign)) return left
    const begun = left.kind === kind ? left : { operators: [], items: [left] }
    const operators: string[] = [...begun.operators]
    const items = [...begun.items]
    while (signs.has(peek(c).sign)) {
      operators.push(take(c).sign)
      items.push(item(c))
    }
    return node(c, first, { kind, operators, items } as AstNode)
  }

const readSum = row('sum', ADDITIVE, row('product', MULTIPLICATIVE, readSigned))

/** True if the item is a row of `+` and `-` without parentheses: a node from within parentheses begins behind them. */
const isBareSum = (item: Ast, first: Span): boolean => item.kind === 'sum' && item.at === first.at

const refuseMixed = (join: Token): never =>
  fail('clause_invalid', join, 'Put parentheses around the part to the left or right: || next to + or - can be read in two ways.', {
    found: join.value,
    expected: 'parentheses',
  })

/** Reads what can stand on either side of a comparison. */
export const readOperand: Rule = (c) => {
  const first = peek(c)
  const left = readSum(c)
  if (!isNext(c, '||')) return left
  if (isBareSum(left, first)) refuseMixed(peek(c))
  const items = left.kind === 'concat' ? [...left.items] : [left]
  while (isNext(c, '||')) {
    const join = take(c)
    const start = peek(c)
    const item = readSum(c)
    if (isBareSum(item, start)) refuseMixed(join)
    items.push(...(item.kind === 'concat' ? item.items : [item]))
  }
  return node(c, first, { kind: 'concat', items })
}
