/**
 * Which rows of this input are wanted? The clause and the rule for ragged rows first, then the sample, then offset and limit, which count what is left.
 * Rows that any of them drops are filtered; only ragged ones are ever rejected.
 */
import type { RecordBatch } from '../csv/record-batch.ts'
import { countSelected, eachSelected, roomFor, type Selection, selectNone, unselect } from '../csv/selection.ts'
import type { Input, RowCounts, Sink } from './operation.ts'
import { rowFilter } from './rows.ts'
import { sampler } from './sample.ts'
import { boundClause, type RowSpec } from './spec.ts'

/** Chooses the rows of one pass, batch after batch. The selection holds until the next call. */
export interface RowChoice {
  choose(batch: RecordBatch, sink: Sink): { readonly selected: Selection; readonly counts: RowCounts }
  /** Where offset and limit have come to, for a pass over what follows; empty without them. */
  state(): Uint8Array
}

/** What passes an offset and a limit, by counting. */
interface Window {
  /** Unselects what lies outside. */
  narrow(batch: RecordBatch, selected: Selection): void
  /** True: nothing can pass any more. */
  readonly isOver: boolean
  /** Rows that came so far, encoded; empty where nobody counts. */
  state(): Uint8Array
}

const NOTHING = new Uint8Array(0)

const OPEN: Window = { narrow: () => {}, isOver: false, state: () => NOTHING }

const encodeCount = (count: number): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, count)
  return bytes
}

const decodeCount = (state: Uint8Array): number => new DataView(state.buffer, state.byteOffset, state.length).getFloat64(0)

const windowOf = (offset: number, limit: number, before: Uint8Array | null): Window => {
  let seen = before ? decodeCount(before) : 0
  const end = offset + limit
  return {
    narrow: (batch, selected) => {
      const first = seen
      seen += countSelected(selected, batch.count)
      if (first >= offset && seen <= end) return
      let at = first
      eachSelected(selected, batch.count, (r) => {
        if (at < offset || at >= end) unselect(selected, r)
        at++
      })
    },
    get isOver() {
      return seen >= end
    },
    state: () => encodeCount(Math.min(seen, end)),
  }
}

const dropUnsampled = (batch: RecordBatch, selected: Selection, isIn: (byteOffset: number) => boolean): void =>
  eachSelected(selected, batch.count, (r) => {
    if (!isIn(batch.base + batch.starts[r]!)) unselect(selected, r)
  })

/** The rows that a specification wants of this input: compiled once, begun anew for each pass. Throws what is wrong with the clause for these columns. */
export const bindRows = (spec: RowSpec, { columns, dialect }: Input): ((before: Uint8Array | null) => RowChoice) => {
  const { where, ragged, sample, offset = 0, limit = Number.POSITIVE_INFINITY } = spec
  const clause = where === undefined ? null : boundClause(where, columns)
  const isIn = sample && sampler(sample)
  return (before) => {
    const rows = rowFilter(clause, dialect, columns.length, ragged)
    const window = isSequential(spec) ? windowOf(offset, limit, before) : OPEN
    let none: Selection = new Uint32Array(0)
    const nothing = (batch: RecordBatch) => {
      none = roomFor(none, batch.count)
      selectNone(none, batch.count)
      return { selected: none, counts: { out: 0, filtered: batch.count, rejected: 0 } }
    }
    return {
      choose: (batch, sink) => {
        if (window.isOver && ragged === 'keep') return nothing(batch)
        const { selected, rejected } = rows.select(batch, sink)
        if (isIn) dropUnsampled(batch, selected, isIn)
        window.narrow(batch, selected)
        const out = countSelected(selected, batch.count)
        return { selected, counts: { out, filtered: batch.count - out - rejected, rejected } }
      },
      state: () => window.state(),
    }
  }
}

/** Offset and limit count from the first row on. */
export const isSequential = ({ offset, limit }: Pick<RowSpec, 'offset' | 'limit'>): boolean => offset !== undefined || limit !== undefined
