/** The table of everything that is fuzzed. */
import { SCANNERS } from '../support/scan.ts'
import { bordersTarget } from './borders.ts'
import { chunksTarget } from './chunks.ts'
import { EVALUATORS, filtersTarget } from './filters.ts'
import { numbersTarget, PARSERS } from './numbers.ts'
import { scannersTarget } from './scanners.ts'
import { splitsTarget } from './splits.ts'
import type { AnyTarget } from './target.ts'

export const TARGETS: readonly AnyTarget[] = [
  scannersTarget(SCANNERS),
  numbersTarget(PARSERS),
  bordersTarget(EVALUATORS, SCANNERS),
  filtersTarget(EVALUATORS, SCANNERS),
  splitsTarget(SCANNERS),
  chunksTarget(SCANNERS),
]
