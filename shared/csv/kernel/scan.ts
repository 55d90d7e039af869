/**
 * Where do records and fields lie? Bytes in, offsets out, 64 bytes a step. The meaning is that of ../naive.ts, which every test holds this against.
 *
 * Quotes, delimiters and newlines become bit masks. The quote mask becomes an inside-quotes mask by prefix xor with a carry; what is left of delimiters and newlines outside
 * it are the ends of fields and records. A quote opens only at the start of a field: an opening quote is bad if the byte before it is no delimiter, newline or closing quote.
 * At the first bad one of a word the rest of the word's quotes are gone through one by one (at most 64 steps, so the worst input costs what a plain loop costs).
 *
 * `index` begins at a true line start and keeps nothing but what it found: a line that has not ended is simply read again with what comes behind it.
 */
import { delimiter, doubledBits, newline, quote, quoteBits } from './dialect'
import { bits, equalMask, lowest, prefixXor } from './masks'
import { fieldEnds, input, oddWords, scratch } from './memory'
import { beginStrays, forgetStrays, readQuotesOneByOne, wordInside, wordQuotes } from './quotes'
import { addLines, fields } from './records'
import { readOddWords } from './utf8'

/** Newline bytes in the lines that the last call of `index` found, those inside quotes too. */
export let lines: u32 = 0

/** A byte that means nothing: what stands behind the last byte while it is read, so that the last word needs no care. */
function plainByte(): u8 {
  let byte: u8 = 33
  while (byte == delimiter || byte == quote) byte++
  return byte
}

/**
 * Reads the bytes [from, to), of which `from` begins a line, and adds what it finds. Returns where the first line begins that has not ended.
 *
 * Two passes. The first writes down where fields and lines end, without a branch that the data would decide in most words: a branch guessed wrong costs as much as half a word.
 * The second makes records of lines.
 */
export function index(from: usize, to: usize): usize {
  const delimiters = i8x16.splat(delimiter)
  const quotes = i8x16.splat(quote)
  const newlines = i8x16.splat(newline)
  // Globals are read from memory each time; these are asked for in every step.
  const bytes = input
  const quoted = quoteBits
  const doubled = doubledBits
  const one = i8x16.splat(1)
  let isInQuotes: u64 = 0
  let mayOpen: u64 = 1
  let breaks: u32 = 0
  let anyQuote: u64 = 0
  let fieldCount: u32 = 0
  let field = fieldEnds + (<usize>fields << 2)
  let line = scratch
  let odd = oddWords
  beginStrays()
  const tail = input + to
  const behind0 = v128.load(tail)
  const behind1 = v128.load(tail, 16)
  const behind2 = v128.load(tail, 32)
  const behind3 = v128.load(tail, 48)
  const plain = i8x16.splat(plainByte())
  v128.store(tail, plain)
  v128.store(tail, plain, 16)
  v128.store(tail, plain, 32)
  v128.store(tail, plain, 48)

  for (let at = from; at < to; at += 64) {
    const address = bytes + at
    const v0 = v128.load(address)
    const v1 = v128.load(address, 16)
    const v2 = v128.load(address, 32)
    const v3 = v128.load(address, 48)
    store<u32>(odd, <u32>at)
    const least = i8x16.min_s(i8x16.min_s(v0, v1), i8x16.min_s(v2, v3))
    odd += <usize>(i8x16.bitmask(i8x16.lt_s(least, one)) != 0) << 2
    const newlineMask = equalMask(v0, v1, v2, v3, newlines)
    const separators = equalMask(v0, v1, v2, v3, delimiters) | newlineMask
    const quotes0 = i8x16.eq(v0, quotes)
    const quotes1 = i8x16.eq(v1, quotes)
    const quotes2 = i8x16.eq(v2, quotes)
    const quotes3 = i8x16.eq(v3, quotes)

    let inside: u64 = 0
    let closing: u64 = 0
    if (isInQuotes != 0 || i8x16.bitmask(v128.or(v128.or(quotes0, quotes1), v128.or(quotes2, quotes3))) != 0) {
      const quoteMask = bits(quotes0, quotes1, quotes2, quotes3) & quoted
      anyQuote |= quoteMask
      inside = prefixXor(quoteMask) ^ isInQuotes
      closing = quoteMask & ~inside
      const after = (separators << 1) | mayOpen
      const bad = quoteMask & inside & ~(after | ((closing << 1) & doubled))
      if (bad != 0) {
        const first = lowest(bad)
        const places = after | (((closing & (first - 1)) << 1) & doubled)
        readQuotesOneByOne(quoteMask, first, inside, places, separators, <u32>at, fieldCount)
        inside = wordInside
        closing = wordQuotes & ~inside
      }
      isInQuotes = <u64>(<i64>inside >> 63)
      breaks += <u32>popcnt(newlineMask & inside)
    }
    mayOpen = (separators | (closing & doubled)) >> 63

    const base = <u32>at
    const fieldMask = separators & ~inside
    let left = fieldMask
    const found = <usize>popcnt(left)
    store<u32>(field, base + <u32>ctz(left))
    left &= left - 1
    store<u32>(field, base + <u32>ctz(left), 4)
    left &= left - 1
    store<u32>(field, base + <u32>ctz(left), 8)
    left &= left - 1
    store<u32>(field, base + <u32>ctz(left), 12)
    left &= left - 1
    store<u32>(field, base + <u32>ctz(left), 16)
    left &= left - 1
    store<u32>(field, base + <u32>ctz(left), 20)
    left &= left - 1
    store<u32>(field, base + <u32>ctz(left), 24)
    left &= left - 1
    store<u32>(field, base + <u32>ctz(left), 28)
    left &= left - 1
    if (left != 0) {
      let more = field + 32
      do {
        store<u32>(more, base + <u32>ctz(left))
        left &= left - 1
        more += 4
      } while (left != 0)
    }
    field += found << 2

    // Lines are mostly longer than a word: one is written down without asking whether there is one.
    left = newlineMask & ~inside
    const ended = <usize>popcnt(left)
    store<u32>(line, base + <u32>ctz(left))
    left &= left - 1
    if (left != 0) {
      let more = line + 4
      do {
        store<u32>(more, base + <u32>ctz(left))
        left &= left - 1
        more += 4
      } while (left != 0)
    }
    line += ended << 2
    fieldCount += <u32>found
  }

  v128.store(tail, behind0)
  v128.store(tail, behind1, 16)
  v128.store(tail, behind2, 32)
  v128.store(tail, behind3, 48)
  const lineCount = <u32>((line - scratch) >> 2)
  lines = lineCount + breaks
  const lineStart = lineCount == 0 ? from : <usize>load<u32>(line - 4) + 1
  readOddWords(odd, from, lineStart)
  addLines(<u32>from, lineCount, fieldCount, anyQuote != 0)
  if (lineStart < to) forgetOpenLine(lineStart, to)
  return lineStart
}

/** Takes back what was counted in a line that has not ended. */
function forgetOpenLine(from: usize, to: usize): void {
  for (let at = from; at < to; at++) if (load<u8>(input + at) == newline) lines--
  forgetStrays(from, to)
}
