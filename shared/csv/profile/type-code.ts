/** Which types can a value have? Numbers where cells are read, names where a profile is shown. */
import type { ColumnType } from './view.ts'

/** Index into CELL_TYPES. */
export type CellType = 0 | 1 | 2 | 3 | 4 | 5

export const BOOLEAN = 0
export const INTEGER = 1
export const DECIMAL = 2
export const DATE = 3
export const TIMESTAMP = 4
export const TEXT = 5

/** The types' names, by CellType. */
export const CELL_TYPES = ['boolean', 'integer', 'decimal', 'date', 'timestamp', 'text'] as const satisfies readonly ColumnType[]

/** The type of a column from its cells' counts by CellType: the one they share, the wider of two kin, else text. */
export const columnType = (counts: readonly number[]): ColumnType => {
  const met = CELL_TYPES.filter((_, type) => counts[type]! > 0)
  if (met.length === 0) return 'empty'
  if (met.length === 1) return met[0]!
  return KIN[met.join(' ')] ?? 'text'
}

/** Types that go together, and what they make. */
const KIN: Readonly<Record<string, ColumnType>> = { 'integer decimal': 'decimal', 'date timestamp': 'timestamp' }
