/**
 * Where do records and fields lie? Bytes in, offsets out, 64 bytes a step. The meaning is that of ../naive.ts, which every test holds this against.
 *
 * Quotes, delimiters and newlines become bit masks. The quote mask becomes an inside-quotes mask by prefix xor with a carry; what is left of delimiters and newlines outside
 * it are the ends of fields and records. A quote opens only at the start of a field: an opening quote is bad if the byte before it is no delimiter, newline or closing quote.
 * At the first bad one of a word the rest of the word's quotes are gone through one by one (at most 64 steps, so the worst input costs what a plain loop costs).
 *
 * `index` begins at a true line start and keeps nothing but what it found: a line that has not ended is simply read again with what comes behind it.
 */
import { ends, fieldEnds, firstFields, input, scratch, starts } from './memory'
import { equalMask, lowest, prefixXor } from './masks'

const CR: u32 = 13
/** No byte: what a comparison with it never finds. */
const NO_BYTE: u32 = 256
const NO_FIELD: u32 = u32.MAX_VALUE

let delimiter: u8 = 44
let quote: u8 = 34
let newline: u8 = 10
/** All ones, or none where nothing is ever quoted. */
let quoteBits: u64 = ~(<u64>0)
/** All ones where a quote may follow a closing quote: the two are one quote within the field. */
let doubledBits: u64 = ~(<u64>0)
/** LF mode: the CR before a line end that belongs to it. */
let endCr: u32 = CR
/** Fields that a record should have; 0: nobody knows, and every batch is ragged. */
export let width: u32 = 0

/** `quoteByte` < 0: nothing is ever quoted. */
export function setDialect(delimiterByte: i32, quoteByte: i32, newlineByte: i32, isDoubled: bool, columns: u32): void {
  delimiter = <u8>delimiterByte
  quote = <u8>quoteByte
  newline = <u8>newlineByte
  quoteBits = quoteByte < 0 ? 0 : ~(<u64>0)
  doubledBits = isDoubled ? ~(<u64>0) : 0
  endCr = newlineByte == 10 ? CR : NO_BYTE
  width = columns
}

/** The quote, or NO_BYTE. */
export function quoteByte(): u32 {
  return quoteBits == 0 ? NO_BYTE : <u32>quote
}

export function isDoubled(): bool {
  return doubledBits != 0
}

/** What was found since beginBatch; lines that have not ended are not among it. */
export let records: u32 = 0
export let fields: u32 = 0
/** True if some record has another number of fields than `width`. */
export let isRagged: bool = false
/** True if something lies between two of the records. */
export let hasGaps: bool = false

/** What the last call of `index` found in lines that have ended. */
export let blankLines: u32 = 0
/** Newline bytes, those inside quotes too. */
export let lines: u32 = 0
/** Fields that hold a quote which is an ordinary character, and where the first such quote stands (if there are any). */
export let strays: u32 = 0
export let firstStray: u32 = 0
/** True if some byte may be 0x80 or more, or NUL. */
export let hasHigh: bool = false
export let hasNul: bool = false

export function beginBatch(): void {
  records = 0
  fields = 0
  isRagged = false
  hasGaps = false
}

/** Takes one record that was found by other means: its fields' ends lie behind those found so far. */
export function addRecord(start: u32, end: u32, fieldCount: u32): void {
  if (records > 0 && load<u32>(ends + (<usize>records << 2) - 4) != start) hasGaps = true
  store<u32>(starts + (<usize>records << 2), start)
  store<u32>(ends + (<usize>records << 2), end)
  fields += fieldCount
  records++
  store<u32>(firstFields + (<usize>records << 2), fields)
  if (fieldCount != width) isRagged = true
}

/** Quotes of one word from a bad one on, gone through one by one. Told by globals, because a function has one result. */
let wordInside: u64 = 0
let wordQuotes: u64 = 0
let strayField: u32 = 0

/**
 * @param first the first bad quote; outside quotes.
 * @param inside what is inside quotes before `first`.
 * @param after places where a quote may open: behind a delimiter or newline.
 * @param separators delimiters and newlines.
 * @param at the word's offset. @param fieldsBefore fields that ended before the word.
 */
function readQuotesOneByOne(quotes: u64, first: u64, inside: u64, after: u64, separators: u64, at: u32, fieldsBefore: u32): void {
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

/** A byte that means nothing: what stands behind the last byte while it is read, so that the last word needs no care. */
function plainByte(): u8 {
  let byte: u8 = 33
  while (byte == delimiter || byte == quote) byte++
  return byte
}

/** The first of the line ends in `newlines`: its place in the low half, in the high half how many fields end before it, counted from where `index` began. */
// @ts-ignore: decorator
@inline
function lineAt(newlines: u64, fieldMask: u64, base: u32, fieldCount: u32): u64 {
  const before = fieldCount + <u32>popcnt(fieldMask & (lowest(newlines) - 1))
  return <u64>(base + <u32>ctz(newlines)) | (<u64>before << 32)
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
  let anyBits = i64x2.splat(0)
  let least = i8x16.splat(-1)
  let isInQuotes: u64 = 0
  let mayOpen: u64 = 1
  let breaks: u32 = 0
  let fieldCount: u32 = 0
  let field = fieldEnds + (<usize>fields << 2)
  let line = scratch
  strayField = NO_FIELD
  strays = 0
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
    anyBits = v128.or(anyBits, v128.or(v128.or(v0, v1), v128.or(v2, v3)))
    least = i8x16.min_u(least, i8x16.min_u(i8x16.min_u(v0, v1), i8x16.min_u(v2, v3)))
    const newlineMask = equalMask(v0, v1, v2, v3, newlines)
    const separators = equalMask(v0, v1, v2, v3, delimiters) | newlineMask
    const quoteMask = equalMask(v0, v1, v2, v3, quotes) & quoted

    let inside = isInQuotes
    let closing: u64 = 0
    if (quoteMask != 0) {
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
    }
    mayOpen = (separators | (closing & doubled)) >> 63
    breaks += <u32>popcnt(newlineMask & inside)

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
    store<u64>(line, lineAt(left, fieldMask, base, fieldCount))
    left &= left - 1
    if (left != 0) {
      let more = line + 8
      do {
        store<u64>(more, lineAt(left, fieldMask, base, fieldCount))
        left &= left - 1
        more += 8
      } while (left != 0)
    }
    line += ended << 3
    fieldCount += <u32>found
  }

  v128.store(tail, behind0)
  v128.store(tail, behind1, 16)
  v128.store(tail, behind2, 32)
  v128.store(tail, behind3, 48)
  hasHigh = i8x16.bitmask(anyBits) != 0
  hasNul = i8x16.bitmask(i8x16.eq(least, i8x16.splat(0))) != 0
  const lineCount = <u32>((line - scratch) >> 3)
  lines = lineCount + breaks
  blankLines = 0
  const lineStart = lineCount == 0 ? from : <usize>load<u32>(line - 8) + 1
  if (!addEqualRecords(<u32>from, lineCount)) addRecords(<u32>from, lineCount)
  if (lineStart < to) forgetOpenLine(lineStart, to)
  return lineStart
}

/** Makes records of `count` lines whose ends lie in `scratch`, if none is blank and each has `width` fields. False, and nothing is added, if it is not so. */
function addEqualRecords(start: u32, count: u32): bool {
  const columns = width
  if (columns == 0) return false
  const bytes = input - 1
  const cr = endCr
  const record = <usize>records << 2
  const stride = <usize>columns << 2
  let line = scratch
  const end = line + (<usize>count << 3)
  let startsAt = starts + record
  let endsAt = ends + record
  let firstsAt = firstFields + record + 4
  let first = fields
  let expected = columns - 1
  let differing: u32 = 0
  let shortest: u32 = u32.MAX_VALUE
  let crs: u32 = 0
  for (; line < end; line += 8) {
    const place = load<u32>(line)
    differing |= load<u32>(line, 4) ^ expected
    expected += columns
    first += columns
    const length = place - start
    shortest = length < shortest ? length : shortest
    crs |= <u32>(<u32>load<u8>(bytes + place) == cr)
    store<u32>(startsAt, start)
    startsAt += 4
    start = place + 1
    store<u32>(endsAt, start)
    endsAt += 4
    store<u32>(firstsAt, first)
    firstsAt += 4
  }
  if (differing != 0 || shortest < 2) return false
  if (crs != 0) dropCrs(fieldEnds + (<usize>fields << 2) + stride - 4, stride, count)
  records += count
  fields = first
  return true
}

/** A CR before a line's end belongs to the end, not to the last field, whose end lies at `field`, and those of the further lines `stride` bytes apart. */
function dropCrs(field: usize, stride: usize, count: u32): void {
  for (; count > 0; count--) {
    const end = load<u32>(field)
    store<u32>(field, end - <u32>(<u32>load<u8>(input + end - 1) == endCr))
    field += stride
  }
}

/** Makes records of `count` lines whose ends lie in `scratch`, whatever they are. A blank line (no bytes, or a CR alone) is none: its field's end goes. */
function addRecords(start: u32, count: u32): void {
  let read = fieldEnds + (<usize>fields << 2)
  let write = read
  for (let i: usize = 0; i < <usize>count; i++) {
    const end = load<u32>(scratch + (i << 3))
    const first = write
    let field = load<u32>(read)
    for (read += 4; field != end; read += 4) {
      store<u32>(write, field)
      write += 4
      field = load<u32>(read)
    }
    const hasCr = end > start && <u32>load<u8>(input + end - 1) == endCr
    if (end - start == <u32>hasCr) {
      blankLines++
      hasGaps = true
    } else {
      store<u32>(write, end - <u32>hasCr)
      write += 4
      addRecord(start, end + 1, <u32>((write - first) >> 2))
    }
    start = end + 1
  }
}

/** Takes back what was counted in a line that has not ended. */
function forgetOpenLine(from: usize, to: usize): void {
  for (let at = from; at < to; at++) if (load<u8>(input + at) == newline) lines--
  if (strays > 0) strays -= straysIn(from, to)
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
