/** Which quotes are ordinary characters? Where a word holds one that cannot open anything, its quotes are gone through one by one (at most 64 steps: the worst input costs what a plain loop costs). */
import { delimiter, doubledBits, newline, quote, quoteBits } from './dialect'
import { lowest } from './masks'
import { input } from './memory'

const NO_FIELD: u32 = u32.MAX_VALUE

/** Fields that hold a quote which is an ordinary character, and where the first such quote stands (if there are any). */
export let strays: u32 = 0
export let firstStray: u32 = 0

export function beginStrays(): void {
  strayField = NO_FIELD
  strays = 0
}

/** Takes back the strays of the line [from, to), which has not ended. */
export function forgetStrays(from: usize, to: usize): void {
  if (strays > 0) strays -= straysIn(from, to)
}

/** Quotes of one word from a bad one on, gone through one by one. Told by globals, because a function has one result. */
export let wordInside: u64 = 0
export let wordQuotes: u64 = 0
let strayField: u32 = 0

/**
 * @param first the first bad quote; outside quotes.
 * @param inside what is inside quotes before `first`.
 * @param after places where a quote may open: behind a delimiter or newline.
 * @param separators delimiters and newlines.
 * @param at the word's offset. @param fieldsBefore fields that ended before the word.
 */
export function readQuotesOneByOne(quotes: u64, first: u64, inside: u64, after: u64, separators: u64, at: u32, fieldsBefore: u32): void {
  let left = quotes & ~(first - 1)
  let kept = quotes & (first - 1)
  let isInside = inside & (first - 1)
  let opened: u64 = 0
  while (left != 0) {
    const bit = lowest(left)
    left ^= bit
    if (opened != 0) {
      kept |= bit
      isInside |= bit - opened
      opened = 0
      after |= (bit << 1) & doubledBits
    } else if ((after & bit) != 0) {
      kept |= bit
      opened = bit
    } else noteStray(at + <u32>ctz(bit), fieldsBefore + <u32>popcnt(separators & ~isInside & (bit - 1)))
  }
  if (opened != 0) isInside |= 0 - opened
  wordInside = isInside
  wordQuotes = kept
}

/** `field` tells fields apart: the number of fields that ended before it. */
function noteStray(at: u32, field: u32): void {
  if (field == strayField && strays > 0) return
  strayField = field
  if (strays == 0) firstStray = at
  strays++
}

/** How many fields of the line [from, to) hold a quote that is an ordinary character? By the plain automaton. */
function straysIn(from: usize, to: usize): u32 {
  let found: u32 = 0
  let isField = false
  let isFieldStart = true
  let isInside = false
  let isAfterQuote = false
  for (let at = from; at < to; at++) {
    const byte = load<u8>(input + at)
    if (quoteBits != 0 && byte == quote) {
      if (isInside) {
        isInside = false
        isAfterQuote = true
      } else if (isFieldStart || (isAfterQuote && doubledBits != 0)) {
        isInside = true
        isAfterQuote = false
      } else {
        if (!isField) found++
        isField = true
        isAfterQuote = false
      }
      isFieldStart = false
    } else if (!isInside) {
      isAfterQuote = false
      isFieldStart = byte == delimiter || byte == newline
      if (isFieldStart) isField = false
    }
  }
  return found
}
