/**
 * Is the first record a header? Told column by column: where the values below look like something a name never looks like (numbers, dates, addresses),
 * the first cell either does too, or it names them. When in doubt there is a header: a data row taken for names is seen at once, a header taken for data is filtered away in silence.
 */
import { type CellKind, cellKind, isTelling } from './cell-kind.ts'

/** A column is of a kind if this share of its cells is, empty ones aside. */
const KIND_SHARE = 0.8
/** Records looked at. */
const RECORDS_MAX = 200
/** Years name the columns of many tables. */
const YEAR = /^(1[5-9]|20)\d\d$/

const kindBelow = (records: readonly (readonly string[])[], column: number): CellKind => {
  const counts = new Map<CellKind, number>()
  let seen = 0
  for (const record of records) {
    const kind = cellKind(record[column] ?? '')
    if (kind === 'empty' || kind === 'null') continue
    seen++
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  for (const [kind, count] of counts) if (count >= seen * KIND_SHARE) return kind
  return 'other'
}

/** True unless the first record looks like the ones below it. */
export const hasHeader = (records: readonly (readonly string[])[]): boolean => {
  const [first = [], ...rest] = records.slice(0, RECORDS_MAX)
  if (rest.length === 0) return true
  let [names, values] = [0, 0]
  first.forEach((cell, column) => {
    const kind = cellKind(cell)
    const below = kindBelow(rest, column)
    if (kind === 'null' || (isTelling(kind) && kind === below && !YEAR.test(cell))) values++
    else if (kind !== 'empty' && !isTelling(kind) && isTelling(below)) names++
  })
  return values === 0 || names >= values
}
