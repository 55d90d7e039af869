/** How is a column shown? Its sketches' results as one JSON object, and what looks off as sentences. */
import type { ColumnState } from './column.ts'
import { count } from './count.ts'
import { distinct } from './distinct.ts'
import { extent } from './extent.ts'
import { frequent } from './frequent.ts'
import { isUnique } from './keys.ts'
import { moments } from './moments.ts'
import { ODDITIES } from './oddities.ts'
import { samples } from './samples.ts'
import { type Sighting, type SightingsResult, sightings } from './sightings.ts'
import { spreadOf } from './spread.ts'
import { CELL_TYPES, columnType } from './type-code.ts'
import type { ColumnProfile, ColumnType, Example } from './view.ts'

const firstOf = ({ first }: Sighting): string => (first === null ? '' : `, first in record ${first.record}: ${JSON.stringify(first.value)}`)

const oddityWarnings = (seen: SightingsResult, values: number): string[] =>
  ODDITIES.flatMap(({ what, so }, row) => {
    const sighting = seen.oddities[row]!
    return sighting.count === 0 ? [] : [`${what} in ${sighting.count} of ${values} values${firstOf(sighting)}. ${so}`]
  })

/** Types that a column would have but for a few of its values: each with the cells' types that it takes. */
const NEARLY = [
  ['boolean', ['boolean']],
  ['integer', ['integer']],
  ['decimal', ['integer', 'decimal']],
  ['date', ['date']],
  ['timestamp', ['date', 'timestamp']],
] as const satisfies readonly (readonly [ColumnType, readonly ColumnType[]])[]

/** A column of text whose values are mostly of another type is probably of that type, with some values that spoil it. */
const mixedWarning = ({ types }: SightingsResult, values: number): string[] => {
  for (const [name, takes] of NEARLY) {
    const others = types.filter((_, type) => !takes.some((taken) => taken === CELL_TYPES[type]))
    const otherCount = others.reduce((sum, { count: one }) => sum + one, 0)
    const seen = others.filter(({ first }) => first !== null).sort((a, b) => a.first!.record - b.first!.record)
    if (seen.length > 0 && otherCount * 2 < values)
      return [`All but ${otherCount} of ${values} values are ${name}; the others make the column text${firstOf(seen[0]!)}.`]
  }
  return []
}

/** An entry for each of the rows that were seen at all. */
const entriesOf = <Name extends string, T>(
  names: readonly Name[],
  seen: readonly Sighting[],
  show: (sighting: Sighting, first: Example) => T,
): Partial<Record<Name, T>> =>
  Object.fromEntries(
    names.flatMap((name, row) => (seen[row]!.first === null ? [] : [[name, show(seen[row]!, seen[row]!.first)]])),
  ) as Partial<Record<Name, T>>

const ODDITY_CODES = ODDITIES.map(({ code }) => code)

const isNumeric = (type: ColumnType): boolean => type === 'integer' || type === 'decimal'

/** A number as JSON can say it. */
const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null)

const momentsOf = (column: ColumnState, type: ColumnType): Pick<ColumnProfile, 'mean' | 'stddev'> => {
  if (!isNumeric(type)) return { mean: null, stddev: null }
  const { mean, stddev } = moments.result(column.moments)
  return { mean: finite(mean), stddev: finite(stddev) }
}

/** The profile of one column of `rows` records. `more`: warnings found outside of its cells. */
export const columnView = (index: number, name: string, column: ColumnState, rows: number, more: readonly string[]): ColumnProfile => {
  const { values, length } = count.result(column.count)
  const seen = sightings.result(column.sightings)
  const type = columnType(seen.types.map((sighting) => sighting.count))
  const different = distinct.result(column.distinct)
  const oddities = entriesOf(ODDITY_CODES, seen.oddities, (sighting, first) => ({ count: sighting.count, first }))
  return {
    index,
    name,
    type,
    types: entriesOf(CELL_TYPES, seen.types, (sighting) => sighting.count),
    type_examples: entriesOf(CELL_TYPES, seen.types, (_, first) => first),
    nulls: rows - values,
    blank: oddities.blank?.count ?? 0,
    null_like: oddities.null_like?.count ?? 0,
    distinct: { ...different, value: Math.min(different.value, values) },
    unique: isUnique(different, values),
    ...extent.result(column.extent)(type),
    ...momentsOf(column, type),
    length,
    ...spreadOf(column, type),
    frequent: frequent.result(column.frequent),
    samples: samples.result(column.samples),
    oddities,
    warnings: [...more, ...(type === 'text' ? mixedWarning(seen, values) : []), ...oddityWarnings(seen, values)],
  }
}
