/**
 * How much do these records look like a table? Even rows times cells that look like something: the idea of "Wrangling messy CSV files" (van den Burg, Nazábal, Sutton 2019),
 * with the share of the commonest width instead of a sum over all widths, so that records cut apart by a wrong quote count for nothing.
 */
import { cellKind } from './cell-kind.ts'

/** One column is a table of sorts: better than two by accident in some rows, worse than any even one. */
const ONE_COLUMN = 0.1
/** The first record names the columns in nearly every file; where its width is another one, the delimiter is doubtful. */
const FIRST_DIFFERS = 0.25
/** Free text looks like nothing: a table of it keeps this share of its score. */
const TEXT_SHARE = 0.25
/** Cells looked at: enough to tell, and a bound for wide files. */
const CELLS_MAX = 5_000

const commonestWidth = (records: readonly (readonly string[])[]): { width: number; share: number } => {
  const counts = new Map<number, number>()
  for (const { length } of records) counts.set(length, (counts.get(length) ?? 0) + 1)
  let [width, best] = [1, 0]
  for (const [length, count] of counts) if (count > best) [width, best] = [length, count]
  return { width, share: records.length === 0 ? 0 : best / records.length }
}

/** 0 to 1: how even the rows are. */
export const patternScore = (records: readonly (readonly string[])[]): number => {
  const { width, share } = commonestWidth(records)
  const first = records[0]?.length === width ? 1 : FIRST_DIFFERS
  return share * first * (width === 1 ? ONE_COLUMN : 1)
}

/** 0 to 1: the share of cells, empty ones aside, that look like a value of some kind. */
export const typeScore = (records: readonly (readonly string[])[]): number => {
  let [seen, known] = [0, 0]
  for (const record of records) {
    for (const cell of record) {
      const kind = cellKind(cell)
      if (kind === 'empty') continue
      seen++
      if (kind !== 'other') known++
      if (seen === CELLS_MAX) return known / seen
    }
  }
  return seen === 0 ? 1 : known / seen
}

/** The whole score of a candidate. `strayShare`: fields with stray quotes per field; a right delimiter leaves hardly any. */
export const tableScore = (records: readonly (readonly string[])[], strayShare: number): number =>
  patternScore(records) * (TEXT_SHARE + (1 - TEXT_SHARE) * typeScore(records)) * (1 - strayShare)
