/**
 * Which questions does the kernel answer by itself? A column (or a column cast to number, date, timestamp or boolean) against literals.
 * Each kind is one row: what it looks like, what it costs beside the others, what has to lie in the kernel's memory, and the call.
 */
import type { KernelExports } from '../../csv/kernel-memory.ts'
import type { Comparison } from '../ast.ts'
import type { Expr, ExprOf, Type, Value } from '../expr.ts'
import { cutPattern } from '../like.ts'
import type { Constants } from './constants.ts'

/** Puts the question to the records that the bitmaps name; 1: some of them are left to the host. */
export type Ask = (exports: KernelExports) => number

export interface Leaf {
  /** Time per record beside the other kinds: about a nanosecond each. */
  readonly cost: number
  /** Null: there is no room for what it compares with. */
  bind(constants: Constants): Ask | null
}

/** shared/csv/kernel/comparison.ts: 1 a smaller, 2 an equal, 4 a greater left side. */
const MASKS: Readonly<Partial<Record<Comparison, number>>> = { '<': 1, '=': 2, '<=': 3, '>': 4, '<>': 5, '>=': 6 }
const MIRRORED: Readonly<Record<number, number>> = { 1: 4, 2: 2, 3: 6, 4: 1, 5: 5, 6: 3 }

const EQUAL = 2
const DIFFERENT = 5

/** The ends of 64 bits stand for infinity. */
const MICROS_MAX = 2n ** 63n - 1n
const MICROS_MIN = -(2n ** 63n)

/** The column of an expression that is one, or a cast of one to `type`; -1 for anything else. */
const columnAs = (expr: Expr, type: Type): number => {
  if (type === 'text') return expr.kind === 'column' ? expr.index : -1
  return expr.kind === 'cast' && expr.type === type && expr.operand.kind === 'column' ? expr.operand.index : -1
}

type Bind = Leaf['bind']

const free =
  (ask: Ask): Bind =>
  () =>
    ask

const micros = (value: number | bigint): bigint => {
  if (value === Number.POSITIVE_INFINITY) return MICROS_MAX
  return value === Number.NEGATIVE_INFINITY ? MICROS_MIN : BigInt(value)
}

const compareTexts =
  (column: number, mask: number, text: Uint8Array): Bind =>
  (constants) => {
    const at = constants.text(text)
    if (at === null) return null
    return mask === EQUAL || mask === DIFFERENT
      ? ({ equalsText }) => equalsText(column, mask === EQUAL ? 1 : 0, at, text.length)
      : ({ compareText }) => compareText(column, mask, at, text.length)
  }

const MS_PER_DAY = 86_400_000
/** 0000-01-01 and 9999-12-31. */
const [DAY_MIN, DAY_MAX] = [-719_528, 2_932_896]
const KEY_MAX = 100_000_000

/** year * 10000 + month * 100 + day; below or above all keys where the year has not four digits. */
const dateKey = (days: number): number => {
  if (days < DAY_MIN) return -1
  if (days > DAY_MAX) return KEY_MAX
  const date = new Date(days * MS_PER_DAY)
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate()
}

/** By the type of both sides. */
const COMPARE: Readonly<Partial<Record<Type, (column: number, mask: number, value: never) => Leaf>>> = {
  text: (column, mask, value: Uint8Array) => ({
    cost: mask === EQUAL || mask === DIFFERENT ? 3 : 5,
    bind: compareTexts(column, mask, value),
  }),
  number: (column, mask, value: number) => ({ cost: 5, bind: free(({ compareNumber }) => compareNumber(column, mask, value)) }),
  date: (column, mask, value: number) => {
    const key = dateKey(value)
    return { cost: 6, bind: free(({ compareDate }) => compareDate(column, mask, value, key)) }
  },
  timestamp: (column, mask, value: number | bigint) => {
    const moment = micros(value)
    return { cost: 11, bind: free(({ compareTimestamp }) => compareTimestamp(column, mask, moment)) }
  },
}

const compareLeaf = ({ operator, of, left, right }: ExprOf<'compare'>): Leaf | null => {
  const mask = MASKS[operator]
  const make = COMPARE[of] as ((column: number, mask: number, value: Value) => Leaf) | undefined
  if (mask === undefined || make === undefined) return null
  const isMirrored = left.kind === 'literal'
  const [side, literal] = isMirrored ? [right, left] : [left, right]
  const column = columnAs(side, of)
  if (column < 0 || literal.kind !== 'literal' || literal.value === null) return null
  return make(column, isMirrored ? MIRRORED[mask]! : mask, literal.value)
}

const textIn =
  (column: number, texts: readonly Uint8Array[]): Bind =>
  (constants) => {
    const table = constants.table(texts)
    return table && (({ textIn }) => textIn(column, table.at, table.slots))
  }

const numberIn =
  (column: number, numbers: readonly number[]): Bind =>
  (constants) => {
    const at = constants.numbers(numbers)
    return at === null ? null : ({ numberIn }) => numberIn(column, at, numbers.length)
  }

/** An IN list of literals, none of them NULL or NaN; NOT IN is the planner's. */
const inLeaf = ({ of, operand, list }: ExprOf<'in'>): Leaf | null => {
  const column = columnAs(operand, of)
  const values = list.map((item) => (item.kind === 'literal' ? item.value : null))
  if (column < 0 || values.includes(null)) return null
  if (of === 'text') return { cost: 5, bind: textIn(column, values as Uint8Array[]) }
  if (of !== 'number' || values.some((value) => Number.isNaN(value))) return null
  return { cost: 7, bind: numberIn(column, values as number[]) }
}

/** A pattern that is a literal; NOT LIKE is the planner's. */
const likeLeaf = ({ operand, pattern, escape: escapedBy, fold }: ExprOf<'like'>): Leaf | null => {
  const column = columnAs(operand, 'text')
  if (column < 0 || pattern.kind !== 'literal' || pattern.value === null) return null
  const cut = cutPattern(pattern.value as Uint8Array, escapedBy, fold)
  if (!cut) return null
  const folding = fold ? 1 : 0
  if (cut.kind === 'parts')
    return {
      cost: 30 + 10 * folding,
      bind: (constants) => {
        const at = constants.parts(cut.parts)
        return at === null ? null : ({ likeParts }) => likeParts(column, at, cut.parts.length, folding)
      },
    }
  return {
    cost: 4 + 4 * Math.max(0, cut.pieces.length - 2) + 6 * folding,
    bind: (constants) => {
      const at = constants.pieces(cut.pieces)
      return at === null ? null : ({ likePieces }) => likePieces(column, at, cut.pieces.length, folding)
    },
  }
}

const isNullLeaf = ({ what, operand }: ExprOf<'is'>): Leaf | null => {
  const column = columnAs(operand, 'text')
  return what === 'NULL' && column >= 0 ? { cost: 1, bind: free(({ isNull }) => isNull(column)) } : null
}

const truthLeaf = (expr: ExprOf<'cast'>): Leaf | null => {
  const column = columnAs(expr, 'boolean')
  return column < 0 ? null : { cost: 3, bind: free(({ truth }) => truth(column)) }
}

const LEAVES: { readonly [K in Expr['kind']]?: (expr: ExprOf<K>) => Leaf | null } = {
  compare: compareLeaf,
  in: inLeaf,
  like: likeLeaf,
  is: isNullLeaf,
  cast: truthLeaf,
}

/** The kernel's question for a condition, `negated` left aside; null: the kernel has none. */
export const leafOf = (expr: Expr): Leaf | null => (LEAVES[expr.kind] as ((expr: Expr) => Leaf | null) | undefined)?.(expr) ?? null
