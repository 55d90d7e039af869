/**
 * What are the mean and the standard deviation of the numbers? Both from exact sums of the doubles and of their squares, rounded at the very end:
 * the same digits in any order and any split, and no cancellation however far from zero the values lie.
 *
 * The mean is the double nearest to the true mean of the doubles; the deviation is that of a sample (n - 1), to one unit in the last place.
 */
import type { Cell } from './cell.ts'
import {
  addExact,
  decodeExact,
  type ExactSum,
  encodeExact,
  exactOf,
  exactWhole,
  exactZero,
  mergeExact,
  ratio,
  ratioRoot,
} from './exact-sum.ts'
import type { Sketch } from './sketch.ts'
import { DECIMAL, INTEGER } from './type-code.ts'

export interface MomentsState {
  /** Finite numbers so far. */
  numbers: number
  /** Sums of small whole numbers, taken into `sums` before they could round. Made at the first number: most columns have none. */
  whole: number
  wholeSquares: number
  sums: { readonly first: ExactSum; readonly second: ExactSum } | null
}

export interface MomentsResult {
  readonly mean: number | null
  readonly stddev: number | null
}

/** The least bit of a double, and past its greatest; squares have twice that. */
const LOWEST = -1_074
const HIGHEST = 1_024
/** Whole numbers up to this size have squares that a double adds exactly for a while. */
const SMALL_MAX = 2 ** 25
const FLUSH_AT = 2 ** 52
/** Splits a double of 53 bits in two of 26 (Veltkamp; T. J. Dekker, "A floating-point technique for extending the available precision", 1971). */
const SPLITTER = 2 ** 27 + 1

const scratch = new DataView(new ArrayBuffer(8))

const noMoments = (): MomentsState => ({ numbers: 0, whole: 0, wholeSquares: 0, sums: null })

const newSums = () => ({ first: exactZero(LOWEST, HIGHEST), second: exactZero(2 * LOWEST, 2 * HIGHEST) })

/** The state of `numbers` numbers whose sum is `sum` times 2^-1074, and that of their squares `squares` times 2^-2148. */
export const momentsOf = (numbers: number, sum: bigint, squares: bigint): MomentsState => {
  if (numbers === 0) return noMoments()
  const { first, second } = newSums()
  return { numbers, whole: 0, wholeSquares: 0, sums: { first: exactOf(sum, first), second: exactOf(squares, second) } }
}

/** What whole × whole loses when it is rounded to a double. */
const squareLoss = (whole: number, square: number): number => {
  const big = SPLITTER * whole
  const high = big - (big - whole)
  const low = whole - high
  return low * low - (square - high * high - 2 * high * low)
}

/** Adds whole × 2^exponent and its square. `whole` has at most 53 bits, its square two parts of at most 54 bits. */
const addProduct = (sums: { first: ExactSum; second: ExactSum }, whole: number, exponent: number): void => {
  addExact(sums.first, whole, exponent)
  const square = whole * whole
  const lost = squareLoss(whole, square)
  const cut = Math.floor(square / FLUSH_AT)
  addExact(sums.second, cut, 2 * exponent + 52)
  addExact(sums.second, square - cut * FLUSH_AT + lost, 2 * exponent)
}

/** A double as whole × 2^exponent. */
const addDouble = (state: MomentsState, value: number): void => {
  state.sums ??= newSums()
  scratch.setFloat64(0, value)
  const word = scratch.getUint32(0)
  const biased = (word >>> 20) & 0x7ff
  const size = ((word & 0xfffff) + (biased === 0 ? 0 : 0x100000)) * 2 ** 32 + scratch.getUint32(4)
  addProduct(state.sums, value < 0 ? -size : size, Math.max(biased, 1) - 1_075)
}

/** Takes the plain sums of small whole numbers into the exact ones. */
const flush = (state: MomentsState): { first: ExactSum; second: ExactSum } => {
  state.sums ??= newSums()
  addExact(state.sums.first, state.whole, 0)
  addExact(state.sums.second, state.wholeSquares, 0)
  state.whole = 0
  state.wholeSquares = 0
  return state.sums
}

const addSmall = (state: MomentsState, whole: number): void => {
  state.whole += whole
  state.wholeSquares += whole * whole
  if (state.wholeSquares > FLUSH_AT) flush(state)
}

const add = (state: MomentsState, { type, number }: Cell): void => {
  if ((type !== INTEGER && type !== DECIMAL) || !Number.isFinite(number)) return
  state.numbers++
  if (Number.isInteger(number) && Math.abs(number) <= SMALL_MAX) addSmall(state, number)
  else addDouble(state, number)
}

const result = (state: MomentsState): MomentsResult => {
  if (state.numbers === 0) return { mean: null, stddev: null }
  const { first, second } = flush(state)
  const n = BigInt(state.numbers)
  const sum = exactWhole(first)
  const squares = exactWhole(second)
  return {
    mean: ratio(sum, n, LOWEST),
    stddev: state.numbers === 1 ? null : ratioRoot(n * squares - sum * sum, n * (n - 1n), 2 * LOWEST),
  }
}

export const moments: Sketch<MomentsState, MomentsResult> = {
  commutes: true,
  empty: noMoments,
  add,
  merge(left, right) {
    if (right.numbers === 0) return left
    const { first, second } = flush(left)
    left.numbers += right.numbers
    if (right.sums !== null) mergeExact(first, right.sums.first)
    if (right.sums !== null) mergeExact(second, right.sums.second)
    addExact(first, right.whole, 0)
    addExact(second, right.wholeSquares, 0)
    return left
  },
  result,
  encode(state, to) {
    to.count(state.numbers)
    if (state.numbers === 0) return
    const { first, second } = flush(state)
    encodeExact(first, to)
    encodeExact(second, to)
  },
  decode(from, capacity) {
    const numbers = from.count()
    if (numbers === 0) return moments.empty(capacity)
    const { first, second } = newSums()
    return { numbers, whole: 0, wholeSquares: 0, sums: { first: decodeExact(from, first), second: decodeExact(from, second) } }
  },
}
