/** How does the field compare as text? Bytes, without any collation; an empty field is NULL and no text. */
import { answerTo } from './comparison'
import { quoteByte } from './dialect'
import { from, readField, to } from './field'
import { FALSE, SLOW, SlowTest, TRUE, UNKNOWN, walk } from './walk'

/** The first eight bytes as one number, zeros behind the end. Reads up to 7 bytes behind it. */
// @ts-ignore: decorator
@inline
export function head(at: usize, length: usize): u64 {
  const word = load<u64>(at)
  return length >= 8 ? word : word & ((<u64>1 << (<u64>length << 3)) - 1)
}

/** True if the `length` bytes at both places are the same. Reads up to 15 bytes behind them. */
// @ts-ignore: decorator
@inline
export function sameBytes(a: usize, b: usize, length: usize): bool {
  let i: usize = 0
  for (; i + 16 <= length; i += 16) if (i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i))) != 0xffff) return false
  const rest = length - i
  if (rest == 0) return true
  const ours = (<u32>1 << <u32>rest) - 1
  return (<u32>i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i))) & ours) == ours
}

function orderOf(a: usize, aLength: usize, b: usize, bLength: usize): i32 {
  const shared = aLength < bLength ? aLength : bLength
  for (let i: usize = 0; i < shared; i++) {
    const difference = <i32>load<u8>(a + i) - <i32>load<u8>(b + i)
    if (difference != 0) return difference
  }
  return <i32>aLength - <i32>bLength
}

let wanted: usize = 0
let wantedLength: usize = 0
let wantedHead: u64 = 0
let mask: u32 = 0

/** What equality is: TRUE for `=`, FALSE for `<>`. */
let whereEqual: u32 = TRUE
/** Those of the first eight bytes that there are. */
let wantedBits: u64 = 0
/** True if the text holds a quote. */
let hasMark: bool = false

/** True if the text holds a quote. */
export function holdsMark(at: usize, length: usize): bool {
  const mark = quoteByte()
  for (let i: usize = 0; i < length; i++) if (<u32>load<u8>(at + i) == mark) return true
  return false
}

class EqualsText {
  // @ts-ignore: decorator
  @inline
  isQuick(): bool {
    return true
  }

  // @ts-ignore: decorator
  @inline
  quick(start: usize, end: usize, isQuoted: bool): u32 {
    // A text without a quote is only written as it is.
    if (isQuoted && hasMark) return SLOW
    const length = end - start
    // What is of another length is mostly told without a look at its bytes.
    if (length != wantedLength) return length == 0 ? UNKNOWN : whereEqual ^ TRUE
    const isHead = <u32>((load<u64>(start) & wantedBits) == wantedHead)
    if (isHead != 0 && length > 8) return SLOW
    return isHead ^ whereEqual ^ TRUE
  }

  // @ts-ignore: decorator
  @inline
  answer(r: u32): u32 {
    if (!readField(r)) return UNKNOWN
    const length = to - from
    if (length != wantedLength || head(from, length) != wantedHead) return whereEqual ^ TRUE
    return length <= 8 || sameBytes(from + 8, wanted + 8, length - 8) ? whereEqual : whereEqual ^ TRUE
  }
}

/** column = text, or <> where `isEqual` is false: `length` bytes at `at`, with 16 readable bytes behind them. */
export function equalsText(column: u32, isEqual: bool, at: usize, length: usize): bool {
  wanted = at
  // No field equals the empty text: it would be NULL.
  wantedLength = length == 0 ? usize.MAX_VALUE : length
  wantedHead = head(at, length)
  wantedBits = length >= 8 ? ~(<u64>0) : (<u64>1 << (<u64>length << 3)) - 1
  whereEqual = isEqual ? TRUE : FALSE
  hasMark = holdsMark(at, length)
  return walk<EqualsText>(column)
}

class CompareText extends SlowTest {
  // @ts-ignore: decorator
  @inline
  answer(r: u32): u32 {
    if (!readField(r)) return UNKNOWN
    const order = orderOf(from, to - from, wanted, wantedLength)
    return answerTo(mask, order < 0, order > 0)
  }
}

/** column <comparison> text. */
export function compareText(column: u32, comparison: u32, at: usize, length: usize): bool {
  wanted = at
  wantedLength = length
  mask = comparison
  return walk<CompareText>(column)
}

/** A slot of a table of texts: head, length, address of the text; a length of 0 is a free slot, because no text is empty. */
const SLOT_BYTES: usize = 16

/** Where a text's slot is looked for first. The host puts them there by the same rule (../../filter/plan/constants.ts). */
// @ts-ignore: decorator
@inline
function slotOf(textHead: u64, length: usize, slots: u32): usize {
  const mixed = (textHead ^ <u64>length) * 0x9e3779b97f4a7c15
  return <usize>(mixed >> 32) & <usize>(slots - 1)
}

let table: usize = 0
let slots: u32 = 0

class TextIn extends SlowTest {
  // @ts-ignore: decorator
  @inline
  answer(r: u32): u32 {
    if (!readField(r)) return UNKNOWN
    const length = to - from
    const fieldHead = head(from, length)
    let slot = slotOf(fieldHead, length, slots)
    let entry = table + slot * SLOT_BYTES
    while (load<u32>(entry, 8) != 0) {
      if (<usize>load<u32>(entry, 8) == length && load<u64>(entry) == fieldHead) {
        if (length <= 8 || sameBytes(from + 8, <usize>load<u32>(entry, 12) + 8, length - 8)) return TRUE
      }
      slot = (slot + 1) & <usize>(slots - 1)
      entry = table + slot * SLOT_BYTES
    }
    return FALSE
  }
}

/** column IN (texts): an open table of `slotCount` slots (a power of two, at least one of them free) at `at`. */
export function textIn(column: u32, at: usize, slotCount: u32): bool {
  table = at
  slots = slotCount
  return walk<TextIn>(column)
}

class IsNull {
  // @ts-ignore: decorator
  @inline
  isQuick(): bool {
    return true
  }

  // @ts-ignore: decorator
  @inline
  quick(start: usize, end: usize, isQuoted: bool): u32 {
    return start == end ? TRUE : FALSE
  }

  // @ts-ignore: decorator
  @inline
  answer(r: u32): u32 {
    return readField(r) ? FALSE : TRUE
  }
}

/** column IS NULL. */
export function isNull(column: u32): bool {
  return walk<IsNull>(column)
}

/** Words as they lie in memory, read as one number. */
const T: u64 = 0x74
const Y: u64 = 0x79
const ONE: u64 = 0x31
const YES: u64 = 0x736579
const TRUE_WORD: u64 = 0x65757274
const F: u64 = 0x66
const N: u64 = 0x6e
const ZERO: u64 = 0x30
const NO: u64 = 0x6f6e
const FALSE_WORD: u64 = 0x65736c6166
const SMALL: u64 = 0x2020202020

class Truth extends SlowTest {
  // @ts-ignore: decorator
  @inline
  answer(r: u32): u32 {
    if (!readField(r)) return UNKNOWN
    const length = to - from
    if (length > 5) return UNKNOWN
    const word = head(from, length) | (SMALL & ((<u64>1 << (<u64>length << 3)) - 1))
    if (word == T || word == Y || word == ONE || word == YES || word == TRUE_WORD) return isWord() ? TRUE : UNKNOWN
    if (word == F || word == N || word == ZERO || word == NO || word == FALSE_WORD) return isWord() ? FALSE : UNKNOWN
    return UNKNOWN
  }
}

/** Setting bit 5 makes letters small, but also makes some control bytes look like digits: only what was a letter or a digit counts. */
function isWord(): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) < 0x30) return false
  return true
}

/** The column as a boolean: t, true, y, yes, 1 and f, false, n, no, 0 in any case. */
export function truth(column: u32): bool {
  return walk<Truth>(column)
}
