import { expect, test } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import { profileSummary } from '../../../shared/csv/profile/summary.ts'
import { profileOf } from './scan.ts'

const wide = (columnCount: number) => {
  const names = Array.from({ length: columnCount }, (_, c) => `column ${c}`)
  const row = (r: number) => names.map((_, c) => c + r).join(',')
  return profileOf({ names, body: [1, 2, 3, 4, 5, 6, 7].map(row).join('\n') })
}

const sizeOf = (value: unknown): number => utf8(JSON.stringify(value)).length

test('what fits is left whole', () => {
  const profile = wide(3)
  expect(profileSummary(profile, 64 * 1024)).toEqual({ ...profile, columns_total: 3, left_out: [] })
})

const WITHOUT = ['samples', 'type_examples', 'frequent', 'histogram', 'columns', 'candidate_keys']

test.each([
  [79, 1],
  [82, 2],
  [100, 3],
  [130, 4],
  [300, 5],
  [1_000, 6],
])('%d columns fit without %d of what goes first', (columnCount, stepCount) => {
  const profile = wide(columnCount)
  const summary = profileSummary(profile, 64 * 1024)
  expect(summary.left_out).toEqual(WITHOUT.slice(0, stepCount))
  expect(sizeOf(summary)).toBeLessThanOrEqual(64 * 1024)
  expect(summary.columns_total).toBe(columnCount)
  expect(summary.columns.length === columnCount).toBe(stepCount < 5)
  expect(summary.columns.length).toBeGreaterThan(40)
})

test('never a byte more than allowed, and no less than what fits', () => {
  const profile = wide(40)
  for (let bytesMax = 2_000; bytesMax < 60_000; bytesMax += 997) {
    const summary = profileSummary(profile, bytesMax)
    expect(sizeOf(summary)).toBeLessThanOrEqual(bytesMax)
    if (summary.left_out.includes('columns')) expect(sizeOf(summary) + 450).toBeGreaterThan(bytesMax)
  }
})
