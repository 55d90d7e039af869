/**
 * Does the field fit a pattern of LIKE? The host cuts the pattern up (../../filter/like.ts): literal pieces between `%`, searched for one after the other, or, where it has `_`,
 * parts that are walked with one step back to the last `%`. ILIKE compares in lower case; a text that is not ASCII is the host's to fold.
 */
import { containsText } from './contains'
import { from, readField, to } from './field'
import { scratch } from './memory'
import { sameBytes } from './text'
import { ASK, FALSE, SLOW, SlowTest, TRUE, UNKNOWN, walk } from './walk'

let pieces: usize = 0
let pieceCount: u32 = 0
let isFolding: bool = false

// @ts-ignore: decorator
@inline
function pieceAt(i: u32): usize {
  return <usize>load<u32>(pieces + (<usize>i << 3))
}

// @ts-ignore: decorator
@inline
function pieceLength(i: u32): usize {
  return <usize>load<u32>(pieces + (<usize>i << 3), 4)
}

/** Where the piece stands first in [at, end), or 0. Its first and last byte are compared 16 places at a time. */
function find(at: usize, end: usize, piece: usize, length: usize): usize {
  if (end - at < length || end < at) return 0
  const first = i8x16.splat(load<u8>(piece))
  const last = i8x16.splat(load<u8>(piece + length - 1))
  const lastStart = end - length
  for (; at <= lastStart; at += 16) {
    let hits = <u32>i8x16.bitmask(v128.and(i8x16.eq(v128.load(at), first), i8x16.eq(v128.load(at + length - 1), last)))
    for (; hits != 0; hits &= hits - 1) {
      const place = at + <usize>ctz(hits)
      if (place > lastStart) return 0
      if (length <= 2 || sameBytes(place + 1, piece + 1, length - 2)) return place
    }
  }
  return 0
}

/** Puts the field into `scratch` in lower case. False: it is not ASCII. */
function fold(): bool {
  const length = to - from
  let high: u32 = 0
  for (let i: usize = 0; i < length; i += 16) {
    const bytes = v128.load(from + i)
    const rest = length - i
    const ours: u32 = rest >= 16 ? 0xffff : (<u32>1 << <u32>rest) - 1
    high |= <u32>i8x16.bitmask(bytes) & ours
    const isUpper = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(0x41)), i8x16.splat(26))
    v128.store(scratch + i, v128.or(bytes, v128.and(isUpper, i8x16.splat(0x20))))
  }
  return high == 0
}

/** Of a pattern `%piece%`: the piece, and its first and last byte. Length 0: the pattern is another. */
let part: usize = 0
let partLength: usize = 0
let partFirst: u32 = 0
let partLast: u32 = 0

class LikePieces {
  // @ts-ignore: decorator
  @inline
  isQuick(): bool {
    return true
  }

  // @ts-ignore: decorator
  @inline
  quick(start: usize, end: usize, isQuoted: bool): u32 {
    const length = end - start
    const places = length - partLength + 1
    if (isQuoted || partLength == 0 || <isize>places > 32) return SLOW
    const first = i8x16.splat(<u8>partFirst)
    const last = i8x16.splat(<u8>partLast)
    const behind = start + partLength - 1
    let hits =
      <u64><u32>i8x16.bitmask(v128.and(i8x16.eq(v128.load(start), first), i8x16.eq(v128.load(behind), last))) |
      (<u64><u32>i8x16.bitmask(v128.and(i8x16.eq(v128.load(start, 16), first), i8x16.eq(v128.load(behind, 16), last))) << 16)
    hits &= <isize>places > 0 ? (<u64>1 << <u64>places) - 1 : 0
    for (; hits != 0; hits &= hits - 1) {
      if (partLength <= 2 || sameBytes(start + <usize>ctz(hits) + 1, part + 1, partLength - 2)) return TRUE
    }
    return length == 0 ? UNKNOWN : FALSE
  }

  // @ts-ignore: decorator
  @inline
  answer(r: u32): u32 {
    if (!readField(r)) return UNKNOWN
    let at = from
    let end = to
    if (isFolding) {
      if (!fold()) return ASK
      end = scratch + (to - from)
      at = scratch
    }
    const firstLength = pieceLength(0)
    const length = end - at
    if (length < firstLength || !sameBytes(at, pieceAt(0), firstLength)) return FALSE
    if (pieceCount == 1) return length == firstLength ? TRUE : FALSE
    const lastLength = pieceLength(pieceCount - 1)
    at += firstLength
    if (end - at < lastLength || !sameBytes(end - lastLength, pieceAt(pieceCount - 1), lastLength)) return FALSE
    end -= lastLength
    for (let i: u32 = 1; i < pieceCount - 1; i++) {
      const place = find(at, end, pieceAt(i), pieceLength(i))
      if (place == 0) return FALSE
      at = place + pieceLength(i)
    }
    return TRUE
  }
}

/**
 * column LIKE pattern, the pattern as `count` literal pieces between `%`: pairs of u32 (address, length) at `at`. The first piece stands at the text's start and the last at its end;
 * both may be empty, the others are not. `isFold`: ILIKE; the pieces are in lower case.
 */
export function likePieces(column: u32, at: usize, count: u32, isFold: bool): bool {
  pieces = at
  pieceCount = count
  isFolding = isFold
  partLength = 0
  if (count == 3 && !isFold && pieceLength(0) == 0 && pieceLength(2) == 0) {
    part = pieceAt(1)
    partLength = pieceLength(1)
    partFirst = load<u8>(part)
    partLast = load<u8>(part + partLength - 1)
  }
  if (partLength != 0 && containsText(column, part, partLength)) return false
  return walk<LikePieces>(column)
}

const ANY_RUN: i32 = -2
const ANY_ONE: i32 = -1
/** Behind the last part: fits no byte. */
const NO_PART: i32 = -3

let parts: usize = 0
let partCount: u32 = 0

// @ts-ignore: decorator
@inline
function partAt(p: u32): i32 {
  return p < partCount ? <i32>load<i16>(parts + (<usize>p << 1)) : NO_PART
}

class LikeParts extends SlowTest {
  // @ts-ignore: decorator
  @inline
  answer(r: u32): u32 {
    if (!readField(r)) return UNKNOWN
    let at = from
    let end = to
    if (isFolding) {
      if (!fold()) return ASK
      end = scratch + (to - from)
      at = scratch
    }
    let p: u32 = 0
    let hasRun = false
    let afterRun: u32 = 0
    let runEnd: usize = 0
    while (at < end) {
      const part = partAt(p)
      if (part == ANY_RUN) {
        hasRun = true
        afterRun = ++p
        runEnd = at
      } else if (part == ANY_ONE) {
        // One code point: its continuation bytes go with it.
        at++
        while (at < end && (load<u8>(at) & 0xc0) == 0x80) at++
        p++
      } else if (part == <i32>load<u8>(at)) {
        at++
        p++
      } else if (hasRun) {
        p = afterRun
        at = ++runEnd
      } else return FALSE
    }
    while (partAt(p) == ANY_RUN) p++
    return p == partCount ? TRUE : FALSE
  }
}

/** column LIKE pattern, the pattern as `count` i16 at `at`: a byte, -1 for `_`, -2 for `%`. */
export function likeParts(column: u32, at: usize, count: u32, isFold: bool): bool {
  parts = at
  partCount = count
  isFolding = isFold
  return walk<LikeParts>(column)
}
