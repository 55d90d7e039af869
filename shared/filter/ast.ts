/**
 * What a clause says, before anything is known about the columns: the tree that the parser makes and print.ts writes down again.
 * Parentheses are not kept, synonyms are one (`!=` is `<>`, CAST is TRY_CAST, REGEXP is regexp_matches), and what stands in a row is one node: an AND within an AND
 * is one AND of three, and so with `||` and with the operators of one rank, so that a long row is not a deep tree. The place of each node is kept.
 */
import type { Span } from './clause.ts'

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'IS DISTINCT FROM' | 'IS NOT DISTINCT FROM'
export type Additive = '+' | '-'
export type Multiplicative = '*' | '/' | '%'
export type CastType = 'DOUBLE' | 'VARCHAR' | 'DATE' | 'TIMESTAMP' | 'BOOLEAN'

export type AstNode =
  | { readonly kind: 'column'; readonly name: string }
  /** The digits as written, with a minus if negative. */
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  /** DATE '…' and TIMESTAMP '…'. */
  | { readonly kind: 'moment'; readonly type: 'DATE' | 'TIMESTAMP'; readonly value: string }
  | { readonly kind: 'cast'; readonly operand: Ast; readonly type: CastType }
  /** A sign before anything but a number. */
  | { readonly kind: 'sign'; readonly minus: boolean; readonly operand: Ast }
  /** Two or more items, read from left to right: operators[i] stands before items[i + 1]. The first item is no `sum` (no `product`) itself. */
  | { readonly kind: 'sum'; readonly operators: readonly Additive[]; readonly items: readonly Ast[] }
  | { readonly kind: 'product'; readonly operators: readonly Multiplicative[]; readonly items: readonly Ast[] }
  /** Two or more texts joined by `||`, none of them so joined. */
  | { readonly kind: 'concat'; readonly items: readonly Ast[] }
  /** `name` is the function's first name in the table, whichever was written. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Ast[] }
  /** With a subject each WHEN is compared with it, else each is a condition. Without ELSE, `otherwise` is null. */
  | { readonly kind: 'case'; readonly subject: Ast | null; readonly branches: readonly Branch[]; readonly otherwise: Ast | null }
  /** Two or more items, none of them of the same operator. */
  | { readonly kind: 'logic'; readonly operator: 'AND' | 'OR'; readonly items: readonly Ast[] }
  | { readonly kind: 'not'; readonly operand: Ast }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Ast; readonly right: Ast }
  | { readonly kind: 'in'; readonly negated: boolean; readonly operand: Ast; readonly list: readonly Ast[] }
  | { readonly kind: 'between'; readonly negated: boolean; readonly operand: Ast; readonly low: Ast; readonly high: Ast }
  | {
      readonly kind: 'like'
      readonly negated: boolean
      readonly fold: boolean
      readonly operand: Ast
      readonly pattern: Ast
      readonly escape: string | null
    }
  | { readonly kind: 'is'; readonly negated: boolean; readonly what: 'NULL' | 'TRUE' | 'FALSE'; readonly operand: Ast }

export interface Branch {
  readonly when: Ast
  readonly result: Ast
}

export type Ast = AstNode & Span
export type AstOf<K extends Ast['kind']> = Extract<Ast, { kind: K }>

const CHILDREN: { readonly [K in Ast['kind']]: (ast: AstOf<K>) => readonly Ast[] } = {
  column: () => [],
  number: () => [],
  text: () => [],
  boolean: () => [],
  null: () => [],
  moment: () => [],
  cast: (ast) => [ast.operand],
  sign: (ast) => [ast.operand],
  sum: (ast) => ast.items,
  product: (ast) => ast.items,
  concat: (ast) => ast.items,
  call: (ast) => ast.args,
  case: (ast) => [
    ...(ast.subject ? [ast.subject] : []),
    ...ast.branches.flatMap(({ when, result }) => [when, result]),
    ...(ast.otherwise ? [ast.otherwise] : []),
  ],
  logic: (ast) => ast.items,
  not: (ast) => [ast.operand],
  compare: (ast) => [ast.left, ast.right],
  in: (ast) => [ast.operand, ...ast.list],
  between: (ast) => [ast.operand, ast.low, ast.high],
  like: (ast) => [ast.operand, ast.pattern],
  is: (ast) => [ast.operand],
}

/** The nodes directly below, in the order of the text. */
export const childrenOf = (ast: Ast): readonly Ast[] => (CHILDREN[ast.kind] as (ast: Ast) => readonly Ast[])(ast)

/** The first node that lies more than `levels` levels deep (the root lies on level 1), or null. */
export const nodeBelow = (ast: Ast, levels: number): Ast | null => {
  if (levels === 0) return ast
  for (const child of childrenOf(ast)) {
    const deep = nodeBelow(child, levels - 1)
    if (deep) return deep
  }
  return null
}
