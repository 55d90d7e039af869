import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../shared/base/limits.ts'
import { capacityOf } from '../../../shared/csv/profile/capacity.ts'
import { spreadOf } from '../../../shared/csv/profile/spread.ts'
import { steady } from './cells.ts'
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

test('so do 2,000 columns of random decimals, each with a spread whose error it states', () => {
  const names = Array.from({ length: LIMITS.columnsMax }, (_, c) => `c${c}`)
  const random = steady(8)
  const line = () => names.map((_, c) => (random() * 10 ** (c % 7)).toFixed(3)).join(',')
  const state = scanned({ names, body: Array.from({ length: 300 }, line).join('\n') })
  // As objects they hold more than the plain memory that the budget divides.
  expect(heldBytes(state.columns)).toBeLessThanOrEqual(0.75 * LIMITS.analyseMemoryBytesMax)
  for (const column of state.columns) expect(column.histogram.size).toBeLessThanOrEqual(140)
  const errors = state.columns.map((column) => spreadOf(column, 'decimal').quantiles!.error)
  expect(Math.min(...errors)).toBeGreaterThan(1 / 256)
  expect(Math.max(...errors)).toBeLessThanOrEqual(1 / 32)
}, 30_000)

test("without frequent values nothing is held of them, and their room is the histogram's", () => {
  const names = Array.from({ length: 100 }, (_, c) => `c${c}`)
  const body = Array.from({ length: 300 }, (_, r) => names.map((_, c) => r * c).join(',')).join('\n')
  const { columns } = scanned({ names, body, keepsFrequent: false })
  expect(columns.map(({ frequent }) => heldBytes(frequent.table.values)).filter((bytes) => bytes > 0)).toEqual([])
})

test('few columns have all the precision there is, many share', () => {
  const capacity = (columnCount: number, keepsFrequent = true) =>
    capacityOf(columnCount, { budgetBytes: LIMITS.profileBudgetBytes, keepsFrequent })
  expect(capacity(10)).toEqual({ hashesMax: 32_768, slotsMax: 4_096, bucketsMax: 16_384 })
  expect(capacity(100)).toEqual({ hashesMax: 2_048, slotsMax: 1_024, bucketsMax: 5_654 })
  expect(capacity(LIMITS.columnsMax)).toEqual({ hashesMax: 256, slotsMax: 16, bucketsMax: 128 })
  expect(capacity(LIMITS.columnsMax, false)).toEqual({ hashesMax: 256, slotsMax: 0, bucketsMax: 132 })
})
