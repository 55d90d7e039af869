/**
 * How many values of each type and with each oddity were seen, and which was the first? One counter and one example per row of CELL_TYPES and ODDITIES:
 * the type of a column and its warnings both come from here.
 */
import type { Cell } from './cell.ts'
import { ODDITIES } from './oddities.ts'
import type { Sketch } from './sketch.ts'
import { CELL_TYPES } from './type-code.ts'
import { keptBytes, keptText } from './value.ts'

/** The value that was seen first, and the number of its record from 1. */
interface First {
  readonly record: number
  readonly kept: Uint8Array
}

export interface SightingsState {
  readonly counts: Float64Array
  readonly firsts: (First | null)[]
}

export interface Sighting {
  readonly count: number
  readonly first: { readonly record: number; readonly value: string } | null
}

export interface SightingsResult {
  /** By CellType. */
  readonly types: readonly Sighting[]
  /** By row of ODDITIES. */
  readonly oddities: readonly Sighting[]
}

const ROWS = CELL_TYPES.length + ODDITIES.length
/** The oddities to look for in a cell of each type. */
const ODDITIES_OF = CELL_TYPES.map((_, type) =>
  ODDITIES.flatMap((oddity, row) => (oddity.types.some((one) => one === type) ? [{ is: oddity.is, row: CELL_TYPES.length + row }] : [])),
)

const see = (state: SightingsState, row: number, cell: Cell): void => {
  state.counts[row]!++
  state.firsts[row] ??= { record: cell.record, kept: keptBytes(cell) }
}

const earlier = (a: First | null, b: First | null): First | null => (a === null || (b !== null && b.record < a.record) ? b : a)

/** A copy whose records are counted from `records` further left: for the right one of two neighbours, before they are merged. */
export const movedBy = (records: number, { counts, firsts }: SightingsState): SightingsState => ({
  counts,
  firsts: firsts.map((first) => first && { ...first, record: first.record + records }),
})

export const sightings: Sketch<SightingsState, SightingsResult> = {
  commutes: true,
  empty: () => ({ counts: new Float64Array(ROWS), firsts: new Array<First | null>(ROWS).fill(null) }),
  add(state, cell) {
    see(state, cell.type, cell)
    for (const { is, row } of ODDITIES_OF[cell.type]!) if (is(cell)) see(state, row, cell)
  },
  merge(left, right) {
    for (let row = 0; row < ROWS; row++) {
      left.counts[row]! += right.counts[row]!
      left.firsts[row] = earlier(left.firsts[row]!, right.firsts[row]!)
    }
    return left
  },
  result({ counts, firsts }) {
    const all = firsts.map((first, row) => ({ count: counts[row]!, first: first && { record: first.record, value: keptText(first.kept) } }))
    return { types: all.slice(0, CELL_TYPES.length), oddities: all.slice(CELL_TYPES.length) }
  },
  encode({ counts, firsts }, to) {
    firsts.forEach((first, row) => {
      to.count(counts[row]!)
      if (first === null) return
      to.count(first.record)
      to.text(first.kept)
    })
  },
  decode(from, capacity) {
    const state = sightings.empty(capacity)
    for (let row = 0; row < ROWS; row++) {
      state.counts[row] = from.count()
      if (state.counts[row]! > 0) state.firsts[row] = { record: from.count(), kept: from.text() }
    }
    return state
  },
}
