/** How much a kernel takes, and that what lies in it lies apart. */
import { expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { testKernel } from '../support/kernel.ts'

it('a kernel for a filter stays within its bound, and its memory never grows', () => {
  const { bytes } = testKernel()
  expect(bytes.length).toBeLessThanOrEqual(LIMITS.filterMemoryBytesMax)
  expect(() => (bytes.buffer as unknown as { grow?: () => void }).grow?.()).not.toThrow()
})

it('the worst batches fit: nothing but delimiters, nothing but the shortest records, one line as long as may be', () => {
  const { map, recordBytesMax, blockBytes } = testKernel()
  expect(map.starts - map.fieldEnds).toBeGreaterThanOrEqual(4 * (recordBytesMax + blockBytes) + 64)
  expect((map.ends - map.starts) / 4).toBeGreaterThan(blockBytes / 2)
  expect(map.bitmapBytes * 8).toBeGreaterThan(blockBytes / 2)
  expect(map.end - map.output).toBeGreaterThanOrEqual(recordBytesMax + blockBytes)
})
