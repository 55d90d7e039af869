import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Ast } from '../../shared/filter/ast.ts'
import { parseClause } from '../../shared/filter/parser.ts'
import { printClause } from '../../shared/filter/print.ts'
import { clause } from './clauses.ts'

const PLACES = new Set(['at', 'length'])

/** The tree without its places. */
const shapeOf = (ast: Ast): unknown =>
  JSON.parse(JSON.stringify(ast, (key, value) => (PLACES.has(key) && typeof value === 'number' ? undefined : value)))

const treeOf = (text: string): Ast => {
  const parsed = parseClause(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.text}`)
  return parsed.ast
}

describe('the print of a clause', () => {
  it('reads as the same tree, and prints as the same text', () => {
    fc.assert(
      fc.property(clause, (text) => {
        const tree = treeOf(text)
        const printed = printClause(tree)
        expect(shapeOf(treeOf(printed))).toEqual(shapeOf(tree))
        expect(printClause(treeOf(printed))).toBe(printed)
      }),
      { numRuns: 2000 },
    )
  })

  it.each<[fact: string, text: string, printed: string]>([
    ['quotes a name with a space', '"First Name"=1', '"First Name" = 1'],
    ['quotes a name that is a word of the language', '"Not" = 1', '"Not" = 1'],
    ['quotes a name beyond ASCII', 'größe = 1', '"größe" = 1'],
    ['quotes an empty name', '"" = 1', '"" = 1'],
    ['leaves a plain name bare', '"age" = 1', 'age = 1'],
    ['doubles quotes', `"a""b" = 'c''d'`, `"a""b" = 'c''d'`],
    ['keeps parentheses around an OR in an AND', 'a AND (b OR c)', 'a AND (b OR c)'],
    ['drops them around an AND in an OR', '(a AND b) OR c', 'a AND b OR c'],
    ['drops them around a predicate in a NOT', 'NOT (a = 1)', 'NOT a = 1'],
    ['keeps them around an AND in a NOT', 'NOT (a AND b)', 'NOT (a AND b)'],
    ['keeps them around a sum on the right', 'a - (b - c) = 1', 'a - (b - c) = 1'],
    ['drops them around a sum on the left', '(a - b) - c = 1', 'a - b - c = 1'],
    ['keeps them around a product on the right', 'a / (b / c) = 1', 'a / (b / c) = 1'],
    ['keeps them around a sum in a product', '(a + b) * c = 1', '(a + b) * c = 1'],
    ['drops them around a product in a sum', 'a + (b * c) = 1', 'a + b * c = 1'],
    ['keeps them behind a sign', '-(a * b) = -(-c)', '-(a * b) = -(-c)'],
    ['keeps them around a condition that is computed with', "(a > 1) || 'x' = b", "(a > 1) || 'x' = b"],
    ['drops them around an argument', 'lower((a || b)) = 1', 'lower(a || b) = 1'],
    ['drops them around a condition in a CASE', 'CASE WHEN (a OR b) THEN (c) END', 'CASE WHEN a OR b THEN c END'],
    ['keeps them around a condition that is the subject of a CASE', 'CASE (a > 1) WHEN b THEN c END', 'CASE (a > 1) WHEN b THEN c END'],
    ['keeps them around a condition in an IN list', 'TRUE IN ((a = 1), (NOT b))', 'TRUE IN ((a = 1), (NOT b))'],
  ])('%s', (_fact, text, printed) => {
    expect(printClause(treeOf(text))).toBe(printed)
  })

  it('can call columns by other names', () => {
    expect(printClause(treeOf('AGE > 60 AND "first name" = age'), (name) => name.toLowerCase().replace('f', 'F'))).toBe(
      'age > 60 AND "First name" = age',
    )
  })
})
