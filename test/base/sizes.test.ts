import { describe, expect, it } from 'vitest'
import { SIZES, sizesFor } from '../../shared/base/sizes.ts'

describe('CHUNK_BYTES', () => {
  it('is not needed', () => {
    expect(sizesFor(undefined)).toBe(SIZES)
    expect(sizesFor('')).toBe(SIZES)
  })

  it.each(['65536', 65_536, '262144', 1_073_741_824])('%j is the least size of a chunk, and nothing else changes', (given) => {
    expect(sizesFor(given)).toEqual({ ...SIZES, chunkBytesMin: Number(given) })
  })

  it.each(['0', '65535', '1073741825', '100000.5', '64k', '-262144', 'Infinity', 'NaN'])('%s is refused, with what may be set', (given) => {
    expect(() => sizesFor(given)).toThrow('CHUNK_BYTES is a whole number of bytes from 65536 to 1073741824')
  })
})
