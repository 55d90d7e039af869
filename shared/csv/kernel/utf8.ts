/**
 * Are these bytes UTF-8? Sixteen at a time, by three look-ups on half bytes whose common bits name every mistake that two neighbouring bytes can make, and a count of what must follow
 * (J. Keiser and D. Lemire, "Validating UTF-8 in less than one instruction per byte", 2021). Stretches of ASCII are passed over 64 bytes at a time.
 */
import { input, oddWords } from './memory'

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

/** Of the lines that `index` found last: are they UTF-8 (RFC 3629)? False for some that are. Is there a NUL? True for some without. */
export let isUtf8: bool = true
export let hasNul: bool = false

/** Which mistakes do the 16 `bytes` make, with the 16 before them? */
// @ts-ignore: decorator
@inline
function mistakesIn(before: v128, bytes: v128, firstHigh: v128, firstLow: v128, secondHigh: v128): v128 {
  const one = i8x16.shuffle(before, bytes, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30)
  const two = i8x16.shuffle(before, bytes, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29)
  const three = i8x16.shuffle(before, bytes, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28)
  const pairs = v128.and(
    v128.and(i8x16.swizzle(firstHigh, i8x16.shr_u(one, 4)), i8x16.swizzle(firstLow, v128.and(one, i8x16.splat(0x0f)))),
    i8x16.swizzle(secondHigh, i8x16.shr_u(bytes, 4)),
  )
  // A third or fourth byte must be one, and two continuations are right only there.
  const must = v128.and(v128.or(i8x16.ge_u(two, i8x16.splat(<u8>0xe0)), i8x16.ge_u(three, i8x16.splat(<u8>0xf0))), i8x16.splat(<u8>0x80))
  return v128.xor(must, pairs)
}

/**
 * Looks at the 64-byte words whose places lie in [oddWords, end): all that have something other than ASCII, or a NUL, from the beginning of a line on. Bytes from `to` on, where a line
 * begins that has not ended, do not count.
 */
export function readOddWords(end: usize, from: usize, to: usize): void {
  const firstHigh = v128.load(FIRST_HIGH)
  const firstLow = v128.load(FIRST_LOW)
  const secondHigh = v128.load(SECOND_HIGH)
  const none = i64x2.splat(0)
  const one = i8x16.splat(1)
  let mistakes = none
  let least = i8x16.splat(-1)
  // What a word leaves open that the next byte must close, and the word behind it.
  let open = none
  let next: usize = from
  for (let word = oddWords; word < end; word += 4) {
    const at = <usize>load<u32>(word)
    if (at >= to) break
    const address = input + at
    let v0 = v128.load(address)
    let v1 = v128.load(address, 16)
    let v2 = v128.load(address, 32)
    let v3 = v128.load(address, 48)
    if (to - at < 64) {
      const ours = OURS + 64 - (to - at)
      v0 = v128.bitselect(v0, one, v128.load(ours))
      v1 = v128.bitselect(v1, one, v128.load(ours, 16))
      v2 = v128.bitselect(v2, one, v128.load(ours, 32))
      v3 = v128.bitselect(v3, one, v128.load(ours, 48))
    }
    least = i8x16.min_u(least, i8x16.min_u(i8x16.min_u(v0, v1), i8x16.min_u(v2, v3)))
    // Before the first line, and in a word that is not among these, there is nothing but ASCII.
    let before = none
    if (at != from) before = v128.load(address - 16)
    if (at != next) mistakes = v128.or(mistakes, open)
    mistakes = v128.or(mistakes, mistakesIn(before, v0, firstHigh, firstLow, secondHigh))
    mistakes = v128.or(mistakes, mistakesIn(v0, v1, firstHigh, firstLow, secondHigh))
    mistakes = v128.or(mistakes, mistakesIn(v1, v2, firstHigh, firstLow, secondHigh))
    mistakes = v128.or(mistakes, mistakesIn(v2, v3, firstHigh, firstLow, secondHigh))
    open = i8x16.sub_sat_u(v3, v128.load(CLOSED))
    next = at + 64
  }
  mistakes = v128.or(mistakes, open)
  isUtf8 = !v128.any_true(mistakes)
  hasNul = i8x16.bitmask(i8x16.eq(least, none)) != 0
}

/** What a byte may be at most without leaving something open behind a vector. */
const CLOSED = memory.data<u8>([255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0xef, 0xdf, 0xbf])

/** Ones, then zeros: loaded from its middle on it keeps as many bytes as are ours. */
const OURS = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
])
