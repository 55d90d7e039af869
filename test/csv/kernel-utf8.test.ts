/** The kernel's quick answer against the plain loop: every sequence of up to four telling bytes, at every place around the borders of its steps. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { invalidUtf8At } from '../../shared/csv/utf8.ts'
import { testKernel } from '../support/kernel.ts'

const OPEN_BYTES = 32

const kernel = testKernel()
kernel.exports.setDialect(44, -1, 10, 1, 1)

/** Both answers for bytes with a newline behind them. */
const answers = (bytes: Uint8Array): [boolean, boolean] => {
  const line = Uint8Array.of(...bytes, 10)
  kernel.bytes.set(line, kernel.map.input)
  // What lies behind does not count: a line that has not ended.
  kernel.bytes.fill(0xff, kernel.map.input + line.length, kernel.map.input + line.length + OPEN_BYTES)
  kernel.exports.beginBatch()
  kernel.exports.index(0, line.length + OPEN_BYTES)
  return [kernel.exports.isUtf8.value === 1, invalidUtf8At(line, 0, line.length) < 0]
}

/** The bytes at which the rules change. */
const TELLING = [
  0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5,
  0xff,
]

describe('bytes are UTF-8 or not', () => {
  it('in every sequence of four telling bytes', () => {
    let tried = 0
    for (const a of TELLING)
      for (const b of TELLING)
        for (const c of TELLING)
          for (const d of TELLING) {
            const [quick, plain] = answers(Uint8Array.of(a, b, c, d))
            if (quick !== plain) expect([a, b, c, d, quick]).toEqual([a, b, c, d, plain])
            tried++
          }
    expect(tried).toBe(TELLING.length ** 4)
  })

  it('at every place around the borders of a step', () => {
    for (const sequence of ['é', '€', '😀', 'é€😀'].map((text) => new TextEncoder().encode(text))) {
      for (let cut = 0; cut <= sequence.length; cut++)
        for (let place = 0; place < 140; place++) {
          const bytes = Uint8Array.of(...new Uint8Array(place).fill(0x61), ...sequence.subarray(0, cut), ...new Uint8Array(3).fill(0x61))
          // Alone, and with more of the kind a few steps behind.
          for (const line of [bytes, Uint8Array.of(...bytes, ...new Uint8Array(200).fill(0x61), ...sequence)]) {
            const [quick, plain] = answers(line)
            expect(quick, `${place} ${cut}`).toBe(plain)
          }
        }
    }
  })

  it('in random texts, some with a byte changed', () => {
    const texts = fc.tuple(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(400), fc.integer({ min: 0, max: 255 }), fc.boolean())
    fc.assert(
      fc.property(texts, ([text, place, byte, isChanged]) => {
        const bytes = new TextEncoder().encode(text)
        if (isChanged && bytes.length > 0) bytes[place % bytes.length] = byte
        const [quick, plain] = answers(bytes)
        expect(quick).toBe(plain)
      }),
      { numRuns: 2_000 },
    )
  })
})
