import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../shared/base/limits.ts'
import { capacityOf } from '../../../shared/csv/profile/capacity.ts'
import { scanned } from './scan.ts'

/** Bytes of all that a value holds on to: typed arrays by their length, 16 for every other property. */
const heldBytes = (value: unknown): number => {
  if (ArrayBuffer.isView(value)) return value.byteLength
  if (typeof value !== 'object' || value === null) return 16
  return Object.values(value).reduce<number>((sum, one) => sum + 16 + heldBytes(one), 0)
}

describe('columns full of long values that all differ stay within the budget', () => {
  test.each([1, 10, 100])('%d columns', (columnCount) => {
    const names = Array.from({ length: columnCount }, (_, c) => `c${c}`)
    const rows = Math.min(20_000, 40_000 / columnCount + 600)
    const body = Array.from({ length: rows }, (_, r) => names.map((name) => ` ${'x'.repeat(62)} ${name} ${r * 7_919}`).join(',')).join('\n')
    const budgetBytes = (LIMITS.profileBudgetBytes / LIMITS.columnsMax) * columnCount
    expect(heldBytes(scanned({ names, body, budgetBytes }).columns)).toBeLessThanOrEqual(budgetBytes)
  })
})

test('few columns have all the precision there is, many share', () => {
  const capacity = (columnCount: number, keepsFrequent = true) =>
    capacityOf(columnCount, { budgetBytes: LIMITS.profileBudgetBytes, keepsFrequent })
  expect(capacity(10)).toEqual({ hashesMax: 32_768, slotsMax: 4_096, bucketsMax: 16_384 })
  expect(capacity(100)).toEqual({ hashesMax: 2_048, slotsMax: 1_024, bucketsMax: 7_639 })
  expect(capacity(LIMITS.columnsMax)).toEqual({ hashesMax: 256, slotsMax: 16, bucketsMax: 159 })
  expect(capacity(LIMITS.columnsMax, false)).toEqual({ hashesMax: 256, slotsMax: 0, bucketsMax: 249 })
})
