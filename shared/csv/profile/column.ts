/** What is kept of one column? Its eight sketches, fed by the same cells. */
import type { Capacity } from './capacity.ts'
import type { Cell } from './cell.ts'
import type { ByteReader, ByteWriter } from './codec.ts'
import { type CountState, count } from './count.ts'
import { type DistinctState, distinct } from './distinct.ts'
import { type ExtentState, extent } from './extent.ts'
import { type FrequentState, frequent } from './frequent.ts'
import { type HistogramState, histogram } from './histogram.ts'
import { type MomentsState, moments } from './moments.ts'
import { type SamplesState, samples } from './samples.ts'
import { movedBy, type SightingsState, sightings } from './sightings.ts'

export interface ColumnState {
  readonly count: CountState
  readonly sightings: SightingsState
  readonly extent: ExtentState
  readonly moments: MomentsState
  readonly histogram: HistogramState
  readonly distinct: DistinctState
  readonly frequent: FrequentState
  readonly samples: SamplesState
}

export const emptyColumn = (capacity: Capacity): ColumnState => ({
  count: count.empty(capacity),
  sightings: sightings.empty(capacity),
  extent: extent.empty(capacity),
  moments: moments.empty(capacity),
  histogram: histogram.empty(capacity),
  distinct: distinct.empty(capacity),
  frequent: frequent.empty(capacity),
  samples: samples.empty(capacity),
})

/** Takes a cell that is not empty into every sketch. */
export const addCell = (column: ColumnState, cell: Cell): void => {
  count.add(column.count, cell)
  sightings.add(column.sightings, cell)
  extent.add(column.extent, cell)
  moments.add(column.moments, cell)
  histogram.add(column.histogram, cell)
  distinct.add(column.distinct, cell)
  frequent.add(column.frequent, cell)
  samples.add(column.samples, cell)
}

/** Takes the column of the stretch to the right, which begins after `records` records, into `left` and returns it. */
export const mergeColumns = (left: ColumnState, right: ColumnState, records: number): ColumnState => ({
  count: count.merge(left.count, right.count),
  sightings: sightings.merge(left.sightings, movedBy(records, right.sightings)),
  extent: extent.merge(left.extent, right.extent),
  moments: moments.merge(left.moments, right.moments),
  histogram: histogram.merge(left.histogram, right.histogram),
  distinct: distinct.merge(left.distinct, right.distinct),
  frequent: frequent.merge(left.frequent, right.frequent),
  samples: samples.merge(left.samples, right.samples),
})

export const encodeColumn = (column: ColumnState, to: ByteWriter): void => {
  count.encode(column.count, to)
  sightings.encode(column.sightings, to)
  extent.encode(column.extent, to)
  moments.encode(column.moments, to)
  histogram.encode(column.histogram, to)
  distinct.encode(column.distinct, to)
  frequent.encode(column.frequent, to)
  samples.encode(column.samples, to)
}

/** In the order of encodeColumn. */
export const decodeColumn = (from: ByteReader, capacity: Capacity): ColumnState => ({
  count: count.decode(from, capacity),
  sightings: sightings.decode(from, capacity),
  extent: extent.decode(from, capacity),
  moments: moments.decode(from, capacity),
  histogram: histogram.decode(from, capacity),
  distinct: distinct.decode(from, capacity),
  frequent: frequent.decode(from, capacity),
  samples: samples.decode(from, capacity),
})
