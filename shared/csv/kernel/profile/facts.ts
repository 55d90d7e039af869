/**
 * What is known about one value? Its type, its number or time, its length and what is odd about it: as ../../profile/cell.ts and cell-type.ts say.
 * What only the host decides (a number of very many digits, odd text that is not ASCII) is left open: then `isAsked`.
 */
import { ASK, NO_NUMBER, digitMask, digits8, fraction, isWhole, number as readValue, readNumber } from '../decimal'
import { isUtf8 } from './layout'
import {
  BEYOND_DOUBLE,
  BLANK,
  EDGE_BLANKS,
  LEADING_ZEROS,
  NOT_FINITE,
  UNDECIDED,
  UTC_OFFSET,
  hasLeadingZero,
  hasOffset,
  textOddities,
} from './oddities'
import { NO_TIME, TIMESTAMP, readTime } from './time'

export const BOOLEAN: u32 = 0
export const INTEGER: u32 = 1
export const DECIMAL: u32 = 2
export const TEXT: u32 = 5

const MINUS: u32 = 0x2d
const POINT: u32 = 0x2e
const DIGIT_0: u32 = 0x30

/** The facts of the value that was read last. */
export let type: u32 = TEXT
/** Of an integer or decimal; -0 is 0. */
export let value: f64 = 0
/** Code points; bytes where the encoding is not known. */
export let points: u32 = 0
/** One bit for each row of ODDITIES. */
export let oddities: u32 = 0
/** True: type, value and oddities are the host's to find. */
export let isAsked: bool = false

/** Bytes of UTF-8 that begin a character: all but 0x80 to 0xbf. Reads up to 15 bytes behind. */
// @ts-ignore: decorator
@inline
export function pointsOf(from: usize, to: usize): u32 {
  const length = <u32>(to - from)
  if (!isUtf8) return length
  const last = i8x16.splat(-65)
  if (length <= 16) return <u32>popcnt(<u32>i8x16.bitmask(i8x16.gt_s(v128.load(from), last)) & ((<u32>1 << length) - 1))
  let count: u32 = 0
  let at = from
  for (; at + 16 <= to; at += 16) count += <u32>popcnt(i8x16.bitmask(i8x16.gt_s(v128.load(at), last)))
  return count + <u32>popcnt(<u32>i8x16.bitmask(i8x16.gt_s(v128.load(at), last)) & ((<u32>1 << <u32>(to - at)) - 1))
}

// @ts-ignore: decorator
@inline
function isBlank(at: usize): bool {
  const byte = <u32>load<u8>(at)
  return byte == 0x20 || byte - 0x09 < 5
}

/** The words a cast to BOOLEAN takes, in any case. */
function isBoolean(from: usize, to: usize): bool {
  const length = to - from
  const letters = load<u32>(from) | 0x20202020
  if (length == 1) {
    const letter = letters & 0xff
    return letter == 0x74 || letter == 0x66 || letter == 0x79 || letter == 0x6e
  }
  // no, yes, true, false as they lie in memory.
  if (length == 2) return (letters & 0xffff) == 0x6f6e
  if (length == 3) return (letters & 0xffffff) == 0x736579
  if (length == 4) return letters == 0x65757274
  return length == 5 && letters == 0x736c6166 && (load<u8>(from + 4) | 0x20) == 0x65
}

/** What a value may be by its first byte. */
const TIME_OR_NUMBER: u32 = 1
const NUMBER_ONLY: u32 = 2
const WORD: u32 = 3
const NUMBER_OR_WORD: u32 = 4

/** Digits begin numbers and times, a sign or point numbers, i and n the words inf and nan, f, n, t, y truth values. */
// @ts-ignore: decorator
@inline
function mayBe(first: u32): u32 {
  if (first - 0x30 < 10) return TIME_OR_NUMBER
  if ((first & 0xc0) == 0x40) {
    // Bits for f, t, y and for i, n, as they lie in the alphabet.
    const bit = <u32>1 << (first & 31)
    return (bit & 0x2100040) != 0 ? WORD : (bit & 0x4200) != 0 ? NUMBER_OR_WORD : 0
  }
  return first == 0x2b || first == 0x2d || first == 0x2e ? NUMBER_ONLY : 0
}

/**
 * Reads nearly all numbers: a minus maybe, up to eight digits, a point and up to seven digits maybe. False: it is something else, or has to be looked at closely.
 * Up to fifteen digits by a power of ten that is exact: rounded once, hence right.
 */
// @ts-ignore: decorator
@inline
function readPlainNumber(from: usize, length: u32): bool {
  const isNegative = <u32>load<u8>(from) == MINUS
  const at = from + <usize>isNegative
  const size = length - <u32>isNegative
  const odd = ~digitMask(at)
  const before = <u32>ctz(odd)
  if (before - 1 >= 8 || size - 1 >= 16) return false
  let number: f64
  if (before >= size) {
    number = <f64>digits8(at, size)
    type = INTEGER
    oddities = <u32>load<u8>(at) == DIGIT_0 && size > 1 ? LEADING_ZEROS : 0
  } else {
    const behind = size - before - 1
    if (behind - 1 >= 7 || <u32>load<u8>(at + before) != POINT || <u32>ctz(odd >> (before + 1)) < behind) return false
    number = fraction(at, before, behind)
    type = DECIMAL
    oddities = 0
  }
  value = isNegative ? 0 - number : number
  points = length
  isAsked = false
  return true
}

/** Finds all facts about the value [from, to), which is not empty. */
export function readFacts(from: usize, to: usize): void {
  const first = <u32>load<u8>(from)
  if (first - 0x30 < 10 || first == MINUS) {
    // 2024-01-31 is no number: a look at its fifth byte saves the reading.
    if (<u32>load<u8>(from + 4) != MINUS && readPlainNumber(from, <u32>(to - from))) return
  }
  points = pointsOf(from, to)
  isAsked = false
  oddities = 0
  if (<u32>load<u8>(from) > 0x20 && <u32>load<u8>(to - 1) > 0x20) readTrimmed(from, to, true)
  else readUntrimmed(from, to)
}

/** There may be blanks around. */
function readUntrimmed(from: usize, to: usize): void {
  let begin = from
  let end = to
  while (begin < end && isBlank(begin)) begin++
  if (begin == end) {
    type = TEXT
    oddities = BLANK
    return
  }
  while (isBlank(end - 1)) end--
  const isTrim = begin == from && end == to
  if (!isTrim) oddities = EDGE_BLANKS
  readTrimmed(begin, end, isTrim)
}

/** Reads what has no blanks around. `isTrim`: nor had it before; only then it may be a truth value. */
// @ts-ignore: decorator
@inline
function readTrimmed(begin: usize, end: usize, isTrim: bool): void {
  const kind = mayBe(<u32>load<u8>(begin))
  if (kind != 0) {
    if (kind == TIME_OR_NUMBER) {
      type = readTime(begin, end)
      if (type != NO_TIME) {
        if (type == TIMESTAMP && hasOffset(begin, end)) oddities |= UTC_OFFSET
        return
      }
    }
    if (kind != WORD && readsNumber(begin, end)) return
    if (kind >= WORD && isTrim && isBoolean(begin, end)) {
      type = BOOLEAN
      return
    }
  }
  type = TEXT
  oddities |= textOddities(begin, end)
  isAsked = (oddities & UNDECIDED) != 0
}

/** Largest whole number up to which all are doubles of their own. */
const SAFE_MAX: f64 = 9007199254740991

/** True if [begin, end) is a number, or may be one that the host has to read. */
// @ts-ignore: decorator
@inline
function readsNumber(begin: usize, end: usize): bool {
  const found = readNumber(begin, end)
  if (found == NO_NUMBER) return false
  if (found == ASK) {
    isAsked = true
    return true
  }
  value = readValue + 0
  type = isWhole ? INTEGER : DECIMAL
  const size = abs(value)
  // True for NaN too.
  if (!(size <= f64.MAX_VALUE)) oddities |= NOT_FINITE
  else if (isWhole && size > SAFE_MAX) oddities |= BEYOND_DOUBLE
  if (isWhole && hasLeadingZero(begin, end)) oddities |= LEADING_ZEROS
  return true
}

/** Takes facts over that were found before, or by the host. */
export function setFacts(typeFound: u32, valueFound: f64, odditiesFound: u32, pointsFound: u32): void {
  type = typeFound
  value = valueFound
  oddities = odditiesFound
  points = pointsFound
}
