/**
 * What a clause says, before anything is known about the columns: the tree that the parser makes and print.ts writes down again.
 * Parentheses are not kept, synonyms are one (`!=` is `<>`, CAST is TRY_CAST), and an AND within an AND is one AND of three. The place of each node is.
 */
import type { Span } from './clause.ts'

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'IS DISTINCT FROM' | 'IS NOT DISTINCT FROM'
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
