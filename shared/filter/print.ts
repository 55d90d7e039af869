/**
 * How is a clause written in its one canonical way? Reading the print gives the same tree again, and printing that gives the same text.
 * Parentheses stand where the grammar needs them, and around a condition that is itself compared or tested: there the grammar may not need them, but a reader does.
 */
import type { Ast, AstOf } from './ast.ts'
import { isVocabulary } from './vocabulary.ts'

/** How tightly a form holds together: an operand inside something tighter than itself needs parentheses. */
const LOOSENESS: Readonly<Record<Ast['kind'], number>> = {
  column: 0,
  number: 0,
  text: 0,
  boolean: 0,
  null: 0,
  moment: 0,
  cast: 0,
  compare: 1,
  in: 1,
  between: 1,
  like: 1,
  is: 1,
  not: 2,
  logic: 3,
}

const LOOSENESS_OF_AND = 3
const LOOSENESS_OF_OR = 4

const looseness = (ast: Ast): number => (ast.kind === 'logic' && ast.operator === 'OR' ? LOOSENESS_OF_OR : LOOSENESS[ast.kind])

const BARE = /^[A-Za-z_][A-Za-z0-9_]*$/

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

const name = (value: string): string => (BARE.test(value) && !isVocabulary(value) ? value : `"${value.replaceAll('"', '""')}"`)

/** The name that a column is printed with: as in the clause, or as in the file. */
type NameOf = (name: string) => string

/** An operand where nothing looser than `most` may stand bare. */
const within = (ast: Ast, most: number, nameOf: NameOf): string =>
  looseness(ast) > most ? `(${printClause(ast, nameOf)})` : printClause(ast, nameOf)

const operand = (ast: Ast, nameOf: NameOf): string => within(ast, 0, nameOf)

const not = (negated: boolean): string => (negated ? 'NOT ' : '')

const escaping = (character: string | null): string => (character === null ? '' : ` ESCAPE ${text(character)}`)

const PRINT: { readonly [K in Ast['kind']]: (ast: AstOf<K>, nameOf: NameOf) => string } = {
  column: (ast, nameOf) => name(nameOf(ast.name)),
  number: (ast) => ast.digits,
  text: (ast) => text(ast.value),
  boolean: (ast) => (ast.value ? 'TRUE' : 'FALSE'),
  null: () => 'NULL',
  moment: (ast) => `${ast.type} ${text(ast.value)}`,
  cast: (ast, nameOf) => `TRY_CAST(${printClause(ast.operand, nameOf)} AS ${ast.type})`,
  logic: (ast, nameOf) =>
    ast.items.map((item) => within(item, ast.operator === 'OR' ? LOOSENESS_OF_AND : LOOSENESS.not, nameOf)).join(` ${ast.operator} `),
  not: (ast, nameOf) => `NOT ${within(ast.operand, LOOSENESS.not, nameOf)}`,
  compare: (ast, nameOf) => `${operand(ast.left, nameOf)} ${ast.operator} ${operand(ast.right, nameOf)}`,
  in: (ast, nameOf) =>
    `${operand(ast.operand, nameOf)} ${not(ast.negated)}IN (${ast.list.map((item) => operand(item, nameOf)).join(', ')})`,
  between: (ast, nameOf) =>
    `${operand(ast.operand, nameOf)} ${not(ast.negated)}BETWEEN ${operand(ast.low, nameOf)} AND ${operand(ast.high, nameOf)}`,
  like: (ast, nameOf) =>
    `${operand(ast.operand, nameOf)} ${not(ast.negated)}${ast.fold ? 'ILIKE' : 'LIKE'} ${operand(ast.pattern, nameOf)}${escaping(ast.escape)}`,
  is: (ast, nameOf) => `${operand(ast.operand, nameOf)} IS ${not(ast.negated)}${ast.what}`,
}

/** The canonical text of a clause's tree; `nameOf` says how a column is called there, as in the clause unless told otherwise. */
export const printClause = (ast: Ast, nameOf: NameOf = (name) => name): string =>
  (PRINT[ast.kind] as (ast: Ast, nameOf: NameOf) => string)(ast, nameOf)
