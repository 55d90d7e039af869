/**
 * What must be computed for a record? The checked clause: columns are places, every node has a static type, both sides of a comparison have the same one, and every conversion is spelt out.
 * Types are decided once, from the clause alone: a column is text, and text next to a number, date, timestamp or boolean is cast to that (TRY_CAST: what does not fit is NULL).
 */
import type { Additive, Comparison, Multiplicative } from './ast.ts'

/** `null` is the type of NULL itself, which fits everywhere. */
export type Type = 'text' | 'number' | 'boolean' | 'date' | 'timestamp' | 'null'

/** What a value of a type is at run time. NULL is null for every type. */
export interface ValueOf {
  /** Bytes, UTF-8 or not. */
  text: Uint8Array
  number: number
  boolean: boolean
  /** Days since 1970-01-01; infinite for 'infinity'. */
  date: number
  /** Microseconds since 1970-01-01; a bigint where a number would not be exact. The two compare exactly. */
  timestamp: number | bigint
  null: never
}
export type Value = ValueOf[Type] | null

export type Expr =
  /** `index` counts columns from 0. */
  | { readonly kind: 'column'; readonly type: 'text'; readonly index: number }
  | { readonly kind: 'literal'; readonly type: Type; readonly value: Value }
  | { readonly kind: 'cast'; readonly type: Type; readonly operand: Expr }
  | { readonly kind: 'logic'; readonly type: 'boolean'; readonly operator: 'AND' | 'OR'; readonly items: readonly Expr[] }
  | { readonly kind: 'not'; readonly type: 'boolean'; readonly operand: Expr }
  /** `of` is the type of both sides. */
  | {
      readonly kind: 'compare'
      readonly type: 'boolean'
      readonly operator: Comparison
      readonly of: Type
      readonly left: Expr
      readonly right: Expr
    }
  | {
      readonly kind: 'in'
      readonly type: 'boolean'
      readonly negated: boolean
      readonly of: Type
      readonly operand: Expr
      readonly list: readonly Expr[]
    }
  | {
      readonly kind: 'like'
      readonly type: 'boolean'
      readonly negated: boolean
      readonly fold: boolean
      readonly operand: Expr
      readonly pattern: Expr
      readonly escape: Uint8Array | null
    }
  | {
      readonly kind: 'is'
      readonly type: 'boolean'
      readonly negated: boolean
      readonly what: 'NULL' | 'TRUE' | 'FALSE'
      readonly operand: Expr
    }
  | { readonly kind: 'negate'; readonly type: 'number'; readonly operand: Expr }
  /** Two or more numbers from left to right; operators[i] stands before items[i + 1]. */
  | {
      readonly kind: 'arith'
      readonly type: 'number'
      readonly operators: readonly (Additive | Multiplicative)[]
      readonly items: readonly Expr[]
    }
  /** Two or more texts; NULL if one of them is. */
  | { readonly kind: 'concat'; readonly type: 'text'; readonly items: readonly Expr[] }
  /** The first branch whose condition is TRUE; all results are of the type of the whole. */
  | {
      readonly kind: 'case'
      readonly type: Type
      readonly branches: readonly { readonly when: Expr; readonly result: Expr }[]
      readonly otherwise: Expr
    }
  /** A row of the table of functions. `of` is the common type of the arguments of any type; arguments that must be literals are. */
  | { readonly kind: 'call'; readonly type: Type; readonly name: string; readonly of: Type; readonly args: readonly Expr[] }

export type ExprOf<K extends Expr['kind']> = Extract<Expr, { kind: K }>

const OPERANDS: { readonly [K in Expr['kind']]: (expr: ExprOf<K>) => readonly Expr[] } = {
  column: () => [],
  literal: () => [],
  cast: (expr) => [expr.operand],
  logic: (expr) => expr.items,
  not: (expr) => [expr.operand],
  compare: (expr) => [expr.left, expr.right],
  in: (expr) => [expr.operand, ...expr.list],
  like: (expr) => [expr.operand, expr.pattern],
  is: (expr) => [expr.operand],
  negate: (expr) => [expr.operand],
  arith: (expr) => expr.items,
  concat: (expr) => expr.items,
  case: (expr) => [...expr.branches.flatMap(({ when, result }) => [when, result]), expr.otherwise],
  call: (expr) => expr.args,
}

/** What a node is computed from. One node may be an operand of several: both comparisons of a BETWEEN hold the same one. */
export const operandsOf = (expr: Expr): readonly Expr[] => (OPERANDS[expr.kind] as (expr: Expr) => readonly Expr[])(expr)

/** The nodes that are computed from others and are operands of more than one. Each is visited once, however many ways lead to it. */
export const repeatedIn = (root: Expr): ReadonlySet<Expr> => {
  const met = new Set<Expr>()
  const repeated = new Set<Expr>()
  const visit = (expr: Expr): void => {
    if (expr.kind === 'column' || expr.kind === 'literal') return
    if (met.has(expr)) {
      repeated.add(expr)
      return
    }
    met.add(expr)
    operandsOf(expr).forEach(visit)
  }
  visit(root)
  return repeated
}
