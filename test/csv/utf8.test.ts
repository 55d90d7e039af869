/** The validator and the platform's strict decoder agree. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { invalidUtf8At, isUtf8 } from '../../shared/csv/utf8.ts'
import { cases } from '../support/cases.ts'
import { bytesOf } from '../support/scan.ts'

const decodes = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

cases<[string, number]>(
  'the first bad byte',
  [
    ['ASCII has none', 'abc\0', -1],
    ['nor have two, three and four bytes', '\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80', -1],
    ['a continuation alone', 'a\x80', 1],
    ['an overlong form', '\xc0\xaf', 0],
    ['an overlong form of three', 'ab\xe0\x80\xaf', 2],
    ['a surrogate', '\xed\xa0\x80', 0],
    ['above U+10FFFF', '\xf4\x90\x80\x80', 0],
    ['a sequence that is cut off', '\xc3\xa9\xe2\x82', 2],
  ],
  (input, place) => expect(invalidUtf8At(bytesOf(input), 0, input.length)).toBe(place),
)

it('random bytes near the borders of the ranges', () => {
  const byte = fc.constantFrom(
    0x41,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xe1,
    0xec,
    0xed,
    0xee,
    0xef,
    0xf0,
    0xf1,
    0xf3,
    0xf4,
    0xf5,
    0xff,
  )
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 6 }), (list) => {
      const bytes = Uint8Array.from(list)
      expect(isUtf8(bytes, true)).toBe(decodes(bytes))
    }),
    { numRuns: 20_000 },
  )
})

it('every sequence may be cut off by the end of a sample, and only by that', () => {
  for (const text of ['é', '€', '😀']) {
    const bytes = new TextEncoder().encode(`a${text}`)
    for (let length = 0; length <= bytes.length; length++) expect(isUtf8(bytes.subarray(0, length), false)).toBe(true)
    expect(isUtf8(bytes.subarray(0, bytes.length - 1), true)).toBe(false)
  }
  expect(isUtf8(bytesOf('\xe2A'), false)).toBe(false)
  expect(isUtf8(bytesOf('\xed\xa0'), false)).toBe(false)
})
