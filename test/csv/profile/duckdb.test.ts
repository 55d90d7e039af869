/** What DuckDB says about a generated list, this profile says too. */
import { expect, test } from 'vitest'
import { LIMITS } from '../../../shared/base/limits.ts'
import type { Profile } from '../../../shared/csv/profile/view.ts'
import { expectAsDuckDb } from './duckdb.ts'
import answers from './generated.duckdb.json' with { type: 'json' }
import { GENERATED } from './generated.ts'
import { profileOf } from './scan.ts'

const approximate = ({ columns }: Profile) => columns.flatMap(({ name, quantiles }) => (quantiles && quantiles.error > 0 ? [name] : []))
const estimated = ({ columns }: Profile) => columns.flatMap(({ name, distinct }) => (distinct.exact ? [] : [name]))

test('with much room: exact where few values differ', () => {
  const profile = profileOf(GENERATED)
  expectAsDuckDb(profile, answers)
  expect(approximate(profile)).toEqual(['id', 'cents', 'ratio', 'wide'])
  expect(estimated(profile)).toEqual([])
})

test('with little room', () => {
  const profile = profileOf({ ...GENERATED, budgetBytes: (LIMITS.profileBudgetBytes / LIMITS.columnsMax) * GENERATED.names.length })
  expectAsDuckDb(profile, answers)
  expect(approximate(profile)).toEqual(['id', 'cents', 'ratio', 'wide', 'negative', 'day', 'moment', 'sparse'])
  expect(estimated(profile)).toEqual(['id', 'cents', 'ratio', 'wide', 'negative', 'day', 'moment', 'note'])
})

test('without frequent values', () => expectAsDuckDb(profileOf({ ...GENERATED, keepsFrequent: false }), answers))
