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
  call: 0,
  case: 0,
  sign: 1,
  product: 2,
  sum: 3,
  concat: 3,
  compare: 4,
  in: 4,
  between: 4,
  like: 4,
  is: 4,
  not: 5,
  logic: 6,
}

const LOOSENESS_OF_AND = LOOSENESS.logic
const LOOSENESS_OF_OR = LOOSENESS_OF_AND + 1

const looseness = (ast: Ast): number => (ast.kind === 'logic' && ast.operator === 'OR' ? LOOSENESS_OF_OR : LOOSENESS[ast.kind])

const BARE = /^[A-Za-z_][A-Za-z0-9_]*$/

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

const name = (value: string): string => (BARE.test(value) && !isVocabulary(value) ? value : `"${value.replaceAll('"', '""')}"`)

/** The name that a column is printed with: as in the clause, or as in the file. */
type NameOf = (name: string) => string

/** An operand where nothing looser than `most` may stand bare. */
const within = (ast: Ast, most: number, nameOf: NameOf): string =>
  looseness(ast) > most ? `(${printClause(ast, nameOf)})` : printClause(ast, nameOf)

/** Either side of a comparison: anything that is no condition itself. */
const operand = (ast: Ast, nameOf: NameOf): string => within(ast, LOOSENESS.concat, nameOf)

/** What stands in a row; nothing looser than `most` may stand bare in it. */
const row = ({ operators, items }: AstOf<'sum'> | AstOf<'product'>, most: number, nameOf: NameOf): string =>
  items.map((item, i) => `${i === 0 ? '' : ` ${operators[i - 1]} `}${within(item, most, nameOf)}`).join('')

const branches = (ast: AstOf<'case'>, nameOf: NameOf): string =>
  ast.branches.map(({ when, result }) => ` WHEN ${printClause(when, nameOf)} THEN ${printClause(result, nameOf)}`).join('')

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
  sign: (ast, nameOf) => `${ast.minus ? '-' : '+'}${within(ast.operand, 0, nameOf)}`,
  sum: (ast, nameOf) => row(ast, LOOSENESS.product, nameOf),
  product: (ast, nameOf) => row(ast, LOOSENESS.sign, nameOf),
  concat: (ast, nameOf) => ast.items.map((item) => within(item, LOOSENESS.sign, nameOf)).join(' || '),
  call: (ast, nameOf) => `${ast.name}(${ast.args.map((arg) => printClause(arg, nameOf)).join(', ')})`,
  case: (ast, nameOf) => {
    const subject = ast.subject ? ` ${operand(ast.subject, nameOf)}` : ''
    const otherwise = ast.otherwise ? ` ELSE ${printClause(ast.otherwise, nameOf)}` : ''
    return `CASE${subject}${branches(ast, nameOf)}${otherwise} END`
  },
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
