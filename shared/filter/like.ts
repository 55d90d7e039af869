/**
 * Does a text fit a LIKE pattern? `%` is any run of bytes, `_` one code point, all else is itself; both wildcards match line ends too. No character escapes unless ESCAPE names one.
 * A pattern of literal pieces between `%` is searched for piece by piece; one with `_` is walked with one step back to the last `%`. Either costs at most length of text times length of pattern, however many `%` there are.
 */
import { foldCase } from './fold.ts'

export type Matches = (text: Uint8Array) => boolean

const ANY_RUN = -2
const ANY_ONE = -1
const PERCENT = 0x25
const UNDERSCORE = 0x5f

const startsAt = (text: Uint8Array, at: number, piece: Uint8Array | readonly number[]): boolean => {
  for (let i = 0; i < piece.length; i++) if (text[at + i] !== piece[i]) return false
  return true
}

/** Bytes, ANY_ONE and ANY_RUN in the order of the pattern; null if it ends with a bare escape, which fits nothing. */
const partsOf = (pattern: Uint8Array, escapedBy: Uint8Array | null): number[] | null => {
  const parts: number[] = []
  for (let at = 0; at < pattern.length; at++) {
    if (escapedBy && startsAt(pattern, at, escapedBy)) {
      at += escapedBy.length
      if (at >= pattern.length) return null
      parts.push(pattern[at]!)
    } else if (pattern[at] === PERCENT) parts.push(ANY_RUN)
    else parts.push(pattern[at] === UNDERSCORE ? ANY_ONE : pattern[at]!)
  }
  return parts
}

const split = (parts: readonly number[]): Uint8Array[] => {
  const pieces: number[][] = [[]]
  for (const part of parts) {
    if (part === ANY_RUN) pieces.push([])
    else pieces.at(-1)!.push(part)
  }
  return pieces.map((piece) => Uint8Array.from(piece))
}

/** Where `piece` begins in text[from, to), or -1. */
const find = (text: Uint8Array, piece: Uint8Array, from: number, to: number): number => {
  if (piece.length === 0) return from
  const lastStart = to - piece.length
  for (let at = text.indexOf(piece[0]!, from); at >= 0 && at <= lastStart; at = text.indexOf(piece[0]!, at + 1))
    if (startsAt(text, at, piece)) return at
  return -1
}

/** The first piece stands at the start, the last at the end, the others between them in order, each as early as it can. */
const matchPieces = (pieces: readonly Uint8Array[]): Matches => {
  const first = pieces[0]!
  const last = pieces.at(-1)!
  if (pieces.length === 1) return (text) => text.length === first.length && startsAt(text, 0, first)
  const middle = pieces.slice(1, -1)
  return (text) => {
    const end = text.length - last.length
    if (end < first.length || !startsAt(text, 0, first) || !startsAt(text, end, last)) return false
    let at = first.length
    for (const piece of middle) {
      const found = find(text, piece, at, end)
      if (found < 0) return false
      at = found + piece.length
    }
    return true
  }
}

/** Just past the code point at `at`: its continuation bytes go with it. */
const afterCodePoint = (text: Uint8Array, at: number): number => {
  let end = at + 1
  while (end < text.length && (text[end]! & 0xc0) === 0x80) end++
  return end
}

const matchParts =
  (parts: readonly number[]): Matches =>
  (text) => {
    let at = 0
    let p = 0
    let afterRun = -1
    let runEnd = 0
    while (at < text.length) {
      const part = parts[p]
      if (part === ANY_RUN) {
        afterRun = ++p
        runEnd = at
      } else if (part === ANY_ONE) {
        at = afterCodePoint(text, at)
        p++
      } else if (part === text[at]) {
        at++
        p++
      } else if (afterRun >= 0) {
        p = afterRun
        at = ++runEnd
      } else return false
    }
    while (parts[p] === ANY_RUN) p++
    return p === parts.length
  }

/** A pattern cut up, by what it needs: literal pieces between `%` (the first and last may be empty, those between are not), or bytes with ANY_ONE and ANY_RUN among them. */
export type CutPattern =
  | { readonly kind: 'pieces'; readonly pieces: readonly Uint8Array[] }
  | { readonly kind: 'parts'; readonly parts: readonly number[] }

/** The pattern cut up; null if it fits nothing. `fold`: ILIKE; it is put in lower case first, the escape character as it is. */
export const cutPattern = (pattern: Uint8Array, escapedBy: Uint8Array | null, fold: boolean): CutPattern | null => {
  const parts = partsOf(fold ? foldCase(pattern) : pattern, escapedBy)
  if (!parts) return null
  if (parts.includes(ANY_ONE)) return { kind: 'parts', parts }
  const pieces = split(parts)
  const last = pieces.length - 1
  return { kind: 'pieces', pieces: pieces.filter((piece, i) => i === 0 || i === last || piece.length > 0) }
}

/** A test for one pattern. `fold`: ILIKE; text and pattern are compared in lower case, the escape character as it is. */
export const likeMatcher = (pattern: Uint8Array, escapedBy: Uint8Array | null, fold: boolean): Matches => {
  const cut = cutPattern(pattern, escapedBy, fold)
  if (!cut) return () => false
  const matches = cut.kind === 'parts' ? matchParts(cut.parts) : matchPieces(cut.pieces)
  return fold ? (text) => matches(foldCase(text)) : matches
}
