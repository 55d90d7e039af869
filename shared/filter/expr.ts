/**
 * What must be computed for a record? The checked clause: columns are places, every node has a static type, both sides of a comparison have the same one, and every conversion is spelt out.
 * Types are decided once, from the clause alone: a column is text, and text next to a number, date, timestamp or boolean is cast to that (TRY_CAST: what does not fit is NULL).
 */
import type { Comparison } from './ast.ts'

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

export type ExprOf<K extends Expr['kind']> = Extract<Expr, { kind: K }>
