/**
 * What looks off in a value? A bit for each row of ODDITIES in ../../profile/oddities.ts, in that order; its patterns are read here by hand, as far as the text is ASCII.
 */
import { digitMask } from '../decimal'

export const EDGE_BLANKS: u32 = 1 << 0
export const LEADING_ZEROS: u32 = 1 << 1
export const BEYOND_DOUBLE: u32 = 1 << 2
export const NOT_FINITE: u32 = 1 << 3
export const UTC_OFFSET: u32 = 1 << 4
export const LOCAL_DATE: u32 = 1 << 5
export const DRESSED_NUMBER: u32 = 1 << 6
export const NULL_LIKE: u32 = 1 << 7
export const BLANK: u32 = 1 << 8
/** None of them: the host has to look. */
export const UNDECIDED: u32 = 1 << 31

/** Longer values are prose. */
const NUMBER_BYTES_MAX: usize = 32
const PLUS: u32 = 0x2b
const COMMA: u32 = 0x2c
const MINUS: u32 = 0x2d
const POINT: u32 = 0x2e
const SLASH: u32 = 0x2f
const SPACE: u32 = 0x20
const DOLLAR: u32 = 0x24
const PERCENT: u32 = 0x25
const APOSTROPHE: u32 = 0x27
const LETTER_T: u32 = 0x54

// @ts-ignore: decorator
@inline
function byteAt(at: usize): u32 {
  return <u32>load<u8>(at)
}

// @ts-ignore: decorator
@inline
function isDigit(at: usize): bool {
  return byteAt(at) - 0x30 < 10
}

// @ts-ignore: decorator
@inline
export function hasLeadingZero(from: usize, to: usize): bool {
  const first = isDigit(from) ? from : from + 1
  return byteAt(first) == 0x30 && to - first > 1
}

/** A Z, UTC or ±hours behind a time of day. */
export function hasOffset(from: usize, to: usize): bool {
  if (!isDigit(to - 1)) return true
  for (let at = max<usize>(to - 6, from + 11); at < to; at++) if (byteAt(at) == PLUS || byteAt(at) == MINUS) return true
  return false
}

/** The oddities of text without blanks around. */
// @ts-ignore: decorator
@inline
export function textOddities(from: usize, to: usize): u32 {
  const length = to - from
  if (length > NUMBER_BYTES_MAX) return 0
  const first = byteAt(from)
  // A letter begins neither a date nor a dressed number.
  const isWord = (first | 0x20) - 0x61 < 26
  const found: u32 = length <= 4 && isMissingMark(from, to) ? NULL_LIKE : 0
  return isWord ? found : found | numberOddities(from, to)
}

/** na n/a #n/a null none nil - -- ? . \n, as numbers of base 256. */
function isMissingMark(from: usize, to: usize): bool {
  let word: u32 = 0
  for (let at = from; at < to; at++) {
    const byte = byteAt(at)
    word = (word << 8) | (byte - 0x41 < 26 ? byte | 0x20 : byte)
  }
  switch (word) {
    case 0x6e61:
    case 0x6e2f61:
    case 0x236e2f61:
    case 0x6e756c6c:
    case 0x6e6f6e65:
    case 0x6e696c:
    case 0x2d:
    case 0x2d2d:
    case 0x3f:
    case 0x2e:
    case 0x5c6e:
      return true
  }
  return false
}

/** Which of the up to 32 bytes of [from, to) are set in `first` and `second`, the masks of 16 bytes each? */
// @ts-ignore: decorator
@inline
function within(first: u32, second: u32, length: u32): u32 {
  return (first | (second << 16)) & (length == 32 ? ~(<u32>0) : (<u32>1 << length) - 1)
}

// @ts-ignore: decorator
@inline
function letterMask(at: usize): u32 {
  const lower = v128.or(v128.load(at), i8x16.splat(0x20))
  return <u32>i8x16.bitmask(i8x16.lt_u(i8x16.sub(lower, i8x16.splat(0x61)), i8x16.splat(26)))
}

/** Dates that do not begin with the year, and numbers with separators, currency or percent signs. At most 32 bytes; reads up to 31 behind. */
function numberOddities(from: usize, to: usize): u32 {
  const length = <u32>(to - from)
  if (length < 2) return 0
  const digits = within(digitMask(from), digitMask(from + 16), length)
  if (digits == 0) return 0
  const high = within(<u32>i8x16.bitmask(v128.load(from)), <u32>i8x16.bitmask(v128.load(from, 16)), length)
  let found: u32 = 0
  if (mayBeLocalDate(from, length)) {
    if (high != 0) return UNDECIDED
    if (isLocalDate(from, to)) found = LOCAL_DATE
  }
  if (within(letterMask(from), letterMask(from + 16), length) != 0) return found
  if (high != 0) return UNDECIDED
  return isDressedNumber(from, to) ? found | DRESSED_NUMBER : found
}

// @ts-ignore: decorator
@inline
function mayBeLocalDate(from: usize, length: u32): bool {
  if (length < 6 || !isDigit(from)) return false
  return byteAt(isDigit(from + 1) ? from + 2 : from + 1) - MINUS < 3
}

/** The place behind the digits that begin at `at`, `most` of them at most. */
// @ts-ignore: decorator
@inline
function digitsEnd(at: usize, to: usize, most: u32): usize {
  for (let read: u32 = 0; read < most && at < to && isDigit(at); read++) at++
  return at
}

/** Day and month (one or two digits each) and year by points, dashes or slashes; with points the year has four digits. Something may follow a blank, comma or T, but no line end. */
function isLocalDate(from: usize, to: usize): bool {
  const firstEnd = digitsEnd(from, to, 2)
  const separator = byteAt(firstEnd)
  const second = firstEnd + 1
  const secondEnd = digitsEnd(second, to, 2)
  if (secondEnd == second || secondEnd >= to || byteAt(secondEnd) != separator) return false
  const year = secondEnd + 1
  const digits = digitsEnd(year, to, 4) - year
  if (digits >= 4 && isDateEnd(year + 4, to)) return true
  return separator != POINT && digits >= 2 && isDateEnd(year + 2, to)
}

function isDateEnd(at: usize, to: usize): bool {
  if (at == to) return true
  const byte = byteAt(at)
  if (byte != SPACE && byte != COMMA && byte != LETTER_T) return false
  for (let rest = at + 1; rest < to; rest++) if (byteAt(rest) == 0x0a || byteAt(rest) == 0x0d) return false
  return true
}

// @ts-ignore: decorator
@inline
function isBlank(at: usize): bool {
  return byteAt(at) == SPACE || byteAt(at) - 0x09 < 5
}

/** A sign, $, a blank; digits in groups or not, a fraction; a blank, % or $: each but the digits may be missing. */
function isDressedNumber(from: usize, to: usize): bool {
  let at = from
  if (byteAt(at) == PLUS || byteAt(at) == MINUS) at++
  if (at < to && byteAt(at) == DOLLAR) at++
  if (at < to && isBlank(at)) at++
  const digits = digitsEnd(at, to, 32)
  if (digits == at) return false
  if (isDressEnd(fractionEnd(digits, to), to) || isDressEnd(digits, to)) return true
  if (digits - at > 3) return false
  let group = digits
  while (isGroup(group, to)) {
    group += 4
    if (isDressEnd(group, to) || isDressEnd(fractionEnd(group, to), to)) return true
  }
  return false
}

/** Behind a comma or point and the digits after it; `at` where there are none. */
function fractionEnd(at: usize, to: usize): usize {
  if (at >= to || (byteAt(at) != COMMA && byteAt(at) != POINT)) return at
  const end = digitsEnd(at + 1, to, 32)
  return end == at + 1 ? at : end
}

/** A separator and three digits. */
function isGroup(at: usize, to: usize): bool {
  if (at + 4 > to) return false
  const byte = byteAt(at)
  if (byte != COMMA && byte != POINT && byte != APOSTROPHE && byte != SPACE) return false
  return isDigit(at + 1) && isDigit(at + 2) && isDigit(at + 3)
}

function isDressEnd(at: usize, to: usize): bool {
  if (at < to && isBlank(at)) at++
  if (at < to && (byteAt(at) == PERCENT || byteAt(at) == DOLLAR)) at++
  return at == to
}
