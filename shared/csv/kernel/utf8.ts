/**
 * Are these bytes UTF-8? Sixteen at a time, by three look-ups on half bytes whose common bits name every mistake that two neighbouring bytes can make, and a count of what must follow
 * (J. Keiser and D. Lemire, "Validating UTF-8 in less than one instruction per byte", 2021). Stretches of ASCII are passed over 64 bytes at a time.
 */
import { input } from './memory'

/** Mistakes, a bit each. The bit 64 is two that cannot be taken for one another: too large past the first byte, and four bytes where fewer would do. */
const TOO_SHORT: u8 = 1
const TOO_LONG: u8 = 2
const OVERLONG_3: u8 = 4
const TOO_LARGE: u8 = 8
const SURROGATE: u8 = 16
const OVERLONG_2: u8 = 32
const TOO_LARGE_1000: u8 = 64
const OVERLONG_4: u8 = 64
const TWO_CONTINUATIONS: u8 = 128
const ANY: u8 = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS
const BIG: u8 = ANY | TOO_LARGE | TOO_LARGE_1000
const CONTINUED: u8 = TOO_LONG | OVERLONG_2 | TWO_CONTINUATIONS

/** By the upper half of a byte, by its lower half, and by the upper half of the byte behind it: which mistakes are possible? */
const FIRST_HIGH = memory.data<u8>([
  TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,
  TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS,
  TOO_SHORT | OVERLONG_2, TOO_SHORT, TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4,
])
const FIRST_LOW = memory.data<u8>([
  ANY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, ANY | OVERLONG_2, ANY, ANY, ANY | TOO_LARGE,
  BIG, BIG, BIG, BIG, BIG, BIG, BIG, BIG, BIG | SURROGATE, BIG, BIG,
])
const SECOND_HIGH = memory.data<u8>([
  TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
  CONTINUED | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4, CONTINUED | OVERLONG_3 | TOO_LARGE, CONTINUED | SURROGATE | TOO_LARGE, CONTINUED | SURROGATE | TOO_LARGE,
  TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
])

/**
 * True if the bytes [from, to) are UTF-8 (RFC 3629). The last of them must be ASCII, a line's end: what is cut off shows only in the byte behind it. False for some that do not end so.
 * Reads up to 15 bytes behind `to`, which do not count.
 */
export function isUtf8Block(from: u32, to: u32): bool {
  const firstHigh = v128.load(FIRST_HIGH)
  const firstLow = v128.load(FIRST_LOW)
  const secondHigh = v128.load(SECOND_HIGH)
  const low = i8x16.splat(0x0f)
  const end = input + to
  let mistakes = i64x2.splat(0)
  let before = i64x2.splat(0)
  for (let at = input + from; at < end; at += 16) {
    // After ASCII nothing is open, and ASCII opens nothing.
    while (at + 64 <= end && i8x16.bitmask(before) == 0) {
      const any = v128.or(v128.or(v128.load(at), v128.load(at, 16)), v128.or(v128.load(at, 32), v128.load(at, 48)))
      if (i8x16.bitmask(any) != 0) break
      before = v128.load(at, 48)
      at += 64
    }
    if (at >= end) break
    let bytes = v128.load(at)
    if (end - at < 16) bytes = v128.and(bytes, v128.load(OURS + 16 - (end - at)))
    const one = i8x16.shuffle(before, bytes, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
    const two = i8x16.shuffle(before, bytes, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29)
    const three = i8x16.shuffle(before, bytes, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28)
    const pairs = v128.and(
      v128.and(i8x16.swizzle(firstHigh, i8x16.shr_u(one, 4)), i8x16.swizzle(firstLow, v128.and(one, low))),
      i8x16.swizzle(secondHigh, i8x16.shr_u(bytes, 4)),
    )
    // A third or fourth byte must be one, and two continuations are right only there.
    const must = v128.and(v128.or(i8x16.ge_u(two, i8x16.splat(<u8>0xe0)), i8x16.ge_u(three, i8x16.splat(<u8>0xf0))), i8x16.splat(<u8>0x80))
    mistakes = v128.or(mistakes, v128.xor(must, pairs))
    before = bytes
  }
  return !v128.any_true(mistakes)
}

/** Ones, then zeros: loaded from its middle on it keeps as many bytes as are ours. */
const OURS = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
])
