/** How much a kernel takes, and that what lies in it lies apart. */
import { expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { DEFAULT_DIALECT } from '../../shared/csv/dialect.ts'
import { makeEngine } from '../../shared/csv/engine.ts'
import { STATE_BYTES_MAX } from '../../shared/csv/kernel-memory.ts'
import { KERNEL_MODULE, testKernel } from '../support/kernel.ts'

it('a kernel for a filter stays within its bound, and its memory never grows', () => {
  const { bytes } = testKernel()
  expect(bytes.length).toBeLessThanOrEqual(LIMITS.filterMemoryBytesMax)
  expect(() => (bytes.buffer as unknown as { grow?: () => void }).grow?.()).not.toThrow()
})

it('a kernel with all the room that a profile may have stays within the bound of analyse', () => {
  const { bytes, map } = testKernel({ stateBytes: STATE_BYTES_MAX })
  expect(bytes.length).toBeLessThanOrEqual(LIMITS.analyseMemoryBytesMax)
  expect(bytes.length - map.bitmaps).toBeGreaterThanOrEqual(STATE_BYTES_MAX)
})

it('an engine lends a kernel with room only to whoever asks for room, and lends it again', () => {
  const engine = makeEngine(KERNEL_MODULE)
  const options = { dialect: DEFAULT_DIALECT, start: 0, end: 1, recordBytesMax: LIMITS.recordBytesMax }
  const lent = (stateBytes: number) => {
    const { scanner, release } = engine.open({ ...options, stateBytes })
    const { kernel } = scanner.finish()
    release()
    return kernel!
  }
  const wide = lent(STATE_BYTES_MAX)
  const narrow = lent(0)
  expect(narrow.bytes.length).toBeLessThanOrEqual(LIMITS.filterMemoryBytesMax)
  expect(lent(1_000)).toBe(wide)
  expect(lent(0)).toBe(narrow)
})

it('the worst batches fit: nothing but delimiters, nothing but the shortest records, one line as long as may be', () => {
  const { map, recordBytesMax, blockBytes } = testKernel()
  expect(map.starts - map.fieldEnds).toBeGreaterThanOrEqual(4 * (recordBytesMax + blockBytes) + 64)
  expect((map.ends - map.starts) / 4).toBeGreaterThan(blockBytes / 2)
  expect(map.bitmapBytes * 8).toBeGreaterThan(blockBytes / 2)
  expect(map.powersOfFive - map.output).toBeGreaterThanOrEqual(recordBytesMax + blockBytes)
})
