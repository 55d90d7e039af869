import { expect, test } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import { hashInto } from '../../../shared/csv/profile/hash.ts'
import { steady } from './cells.ts'

const hashOf = (bytes: Uint8Array, from = 0, to = bytes.length) => {
  const hashed = { hashLow: 0, hashHigh: 0 }
  hashInto(hashed, bytes, from, to)
  return hashed
}

const bitCount = (word: number): number => word.toString(2).replaceAll('0', '').length

test.each([
  ['', 0x1a49cec8, 0x6debc226],
  ['a', 0x497a4b1c, 0xecfff8dc],
  ['abc', 0xba5d0940, 0x9013791b],
  ['abcd', 0x2ef521ed, 0xdd3257ef],
  ['hello, world', 0xa499c3cb, 0x31a1cac9],
  ['日本', 0x0aeba966, 0x49c5759e],
  ['twelve bytes and many more', 0xc4ba5d38, 0x9721bf15],
])('the hash of %j never changes, because sketches are stored', (text, hashLow, hashHigh) =>
  expect(hashOf(utf8(text))).toEqual({ hashLow, hashHigh }),
)

test('only the bytes in the range count', () => expect(hashOf(utf8('xxabcdeyy'), 2, 7)).toEqual(hashOf(utf8('abcde'))))

test('any changed bit changes about half of the hash', () => {
  const random = steady(9)
  for (let length = 1; length <= 20; length++) {
    let changed = 0
    for (let bit = 0; bit < length * 8; bit++) {
      const bytes = Uint8Array.from({ length }, () => random() * 256)
      const before = hashOf(bytes)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      const after = hashOf(bytes)
      changed += bitCount((before.hashLow ^ after.hashLow) >>> 0) + bitCount((before.hashHigh ^ after.hashHigh) >>> 0)
    }
    expect(Math.abs(changed / (length * 8) - 32)).toBeLessThan(length === 1 ? 6 : 3)
  }
})

test('half a million short values do not collide', () => {
  const seen = new Set<number>()
  for (let i = 0; i < 500_000; i++) {
    const { hashLow, hashHigh } = hashOf(Uint8Array.of(i, i >> 8, 0, i >> 16, i))
    seen.add(hashHigh * 2 ** 21 + (hashLow >>> 11))
  }
  expect(seen.size).toBe(500_000)
})
