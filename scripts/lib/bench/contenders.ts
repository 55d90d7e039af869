/** Who can take part? */
import type { Contender } from './contender.ts'
import { OURS, OURS_COUNT, TWIN } from './ours.ts'
import { AWKS } from './peers/awk.ts'
import { CSV_PARSE } from './peers/csv-parse.ts'
import { DUCKDB_CONTENDERS } from './peers/duckdb.ts'
import { MEMORY_COPY } from './peers/memory-copy.ts'
import { PAPAPARSE } from './peers/papaparse.ts'
import { UDSV } from './peers/udsv.ts'
import { STOPS } from './steps.ts'

export const CONTENDERS: readonly Contender[] = [
  OURS,
  OURS_COUNT,
  TWIN,
  ...STOPS,
  ...DUCKDB_CONTENDERS,
  CSV_PARSE,
  PAPAPARSE,
  UDSV,
  ...AWKS,
  MEMORY_COPY,
]

/** The contender of this name; throws. */
export const contenderOf = (name: string): Contender => {
  const found = CONTENDERS.find((contender) => contender.name === name)
  if (!found) throw new Error(`There is no contender ${name}.`)
  return found
}
