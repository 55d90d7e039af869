import { expect, test } from 'vitest'
import { ByteReader, ByteWriter } from '../../../shared/csv/profile/codec.ts'

test('counts, words, floats and texts come back in order, past the first buffer', () => {
  const counts = [0, 1, 127, 128, 16_383, 16_384, 2 ** 32, Number.MAX_SAFE_INTEGER]
  const floats = [0, -1.5, 5e-324, Number.MAX_VALUE, Number.NEGATIVE_INFINITY]
  const text = new Uint8Array(3_000).fill(7)
  const to = new ByteWriter()
  for (const value of counts) to.count(value)
  to.text(text)
  for (const value of floats) to.float(value)
  to.word(0xffffffff)
  to.text(new Uint8Array(0))
  const from = new ByteReader(to.done())
  expect(counts.map(() => from.count())).toEqual(counts)
  expect(from.text()).toEqual(text)
  expect(floats.map(() => from.float())).toEqual(floats)
  expect(from.word()).toBe(0xffffffff)
  expect(from.isAtEnd).toBe(false)
  expect(from.text()).toEqual(new Uint8Array(0))
  expect(from.isAtEnd).toBe(true)
})

test('bytes that end too early are refused', () => {
  expect(() => new ByteReader(Uint8Array.from([0x80])).count()).toThrow('ends before')
  expect(() => new ByteReader(Uint8Array.from([5, 1])).text()).toThrow('ends before')
  expect(() => new ByteReader(new Uint8Array(7)).float()).toThrow('ends before')
})
