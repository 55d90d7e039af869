/** Which columns tell rows apart? Surely where different values were counted; where they were estimated only the opposite can be told. */
import type { DistinctResult } from './distinct.ts'
import type { CandidateKey, ColumnProfile } from './view.ts'

/** An estimate this many standard errors short of the values says that some come twice: one estimate in 30,000 is that far off. */
const ERRORS_APART = 4

/** Whether `values` values all differ; null where the estimate allows it, and where there are none. */
export const isUnique = ({ value, exact, error }: DistinctResult, values: number): boolean | null => {
  if (values === 0) return null
  if (exact) return value === values
  return value < values * (1 - ERRORS_APART * error) ? false : null
}

/** Columns that have a value in every record, a different one as far as can be told: first the sure ones. */
export const candidateKeys = (columns: readonly ColumnProfile[], rows: number): CandidateKey[] =>
  columns
    .filter(({ nulls, unique }) => rows > 0 && nulls === 0 && unique !== false)
    .map(({ index, name, distinct }) => ({ index, name, exact: distinct.exact }))
    .sort((a, b) => Number(b.exact) - Number(a.exact))
