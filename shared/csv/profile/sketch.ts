/**
 * What is a sketch? A small summary of the cells of one column that can be made in parts and joined.
 *
 * Its laws, proven for every sketch by one shared property test, for the cells A, B, C of neighbouring stretches:
 * - split: merge(A, B) has the same result as one sketch that saw A and then B
 * - associative: merge(merge(A, B), C) = merge(A, merge(B, C))
 * - commutative, where `commutes` says so: merge(A, B) = merge(B, A)
 * - round trip: decode(encode(A)) = A
 * The frequent values alone keep the first law in a weaker form once their table was purged: their stated bounds hold, their counts may differ.
 */
import type { Capacity } from './capacity.ts'
import type { Cell } from './cell.ts'
import type { ByteReader, ByteWriter } from './codec.ts'

export interface Sketch<State, Result> {
  /** The order of merging does not matter. */
  readonly commutes: boolean
  /** The sketch of no cells. */
  readonly empty: (capacity: Capacity) => State
  /** Takes one cell that is not empty into `state`. Keeps no reference to the cell or its bytes. */
  readonly add: (state: State, cell: Cell) => void
  /** Takes `right` into `left` and returns it; `left` is used up, `right` stays as it was. Both have the same capacity. */
  readonly merge: (left: State, right: State) => State
  readonly result: (state: State) => Result
  readonly encode: (state: State, to: ByteWriter) => void
  readonly decode: (from: ByteReader, capacity: Capacity) => State
}
