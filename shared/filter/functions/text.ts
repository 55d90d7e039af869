/** What the functions on texts do. Positions and lengths count code points, from 1; negative ones count from the end; all as in DuckDB 1.5.6. */
import { utf8 } from '../../base/bytes.ts'
import { textOfField } from '../../csv/field.ts'
import { isUtf8 } from '../../csv/utf8.ts'
import { countPoints, pointAt, pointEnd, pointStart } from './points.ts'
import { findBytes } from './search.ts'
import { allowedBytes, joinTexts } from './text-size.ts'

const EMPTY = new Uint8Array(0)

/** Code points [from, to) of the text. */
const slice = (text: Uint8Array, from: number, to: number): Uint8Array => {
  if (to <= from) return EMPTY
  const start = pointAt(text, from)
  const rest = text.subarray(start)
  return rest.subarray(0, pointAt(rest, to - from))
}

/** A window of `length` code points that begins at `start` (0 is the place before the first); a negative length reaches back from there. What lies outside of the text is cut off. */
export const substr = (text: Uint8Array, start: number, length: number | undefined): Uint8Array => {
  const from = start < 0 ? countPoints(text) + start : start - 1
  if (length === undefined) return slice(text, Math.max(0, from), Number.POSITIVE_INFINITY)
  const [low, high] = length < 0 ? [from + length, from] : [from, from + length]
  return slice(text, Math.max(0, low), Math.max(0, high))
}

export const left = (text: Uint8Array, count: number): Uint8Array => slice(text, 0, count < 0 ? countPoints(text) + count : count)

export const right = (text: Uint8Array, count: number): Uint8Array => {
  const all = countPoints(text)
  return count < 0 ? slice(text, -count, all) : slice(text, Math.max(0, all - count), all)
}

/** A code point's bytes as one number. */
const packed = (text: Uint8Array, from: number, to: number): number => {
  let key = 0
  for (let at = from; at < to; at++) key = key * 256 + text[at]!
  return key
}

const setOf = (characters: Uint8Array): ReadonlySet<number> => {
  const points = new Set<number>()
  for (let at = 0; at < characters.length; ) {
    const end = pointEnd(characters, at)
    points.add(packed(characters, at, end))
    at = end
  }
  return points
}

/** What Unicode calls a space separator. Tabs and line ends are none, so they stay. */
const SPACES = setOf(utf8(' \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000'))

const firstKept = (text: Uint8Array, unwanted: ReadonlySet<number>): number => {
  let at = 0
  while (at < text.length) {
    const end = pointEnd(text, at)
    if (!unwanted.has(packed(text, at, end))) return at
    at = end
  }
  return at
}

const lastKept = (text: Uint8Array, from: number, unwanted: ReadonlySet<number>): number => {
  let end = text.length
  while (end > from) {
    const at = pointStart(text, end)
    if (!unwanted.has(packed(text, at, end))) return end
    end = at
  }
  return end
}

const unwantedOf = (characters: Uint8Array | undefined) => (characters ? setOf(characters) : SPACES)

export const ltrim = (text: Uint8Array, characters?: Uint8Array): Uint8Array => text.subarray(firstKept(text, unwantedOf(characters)))

export const rtrim = (text: Uint8Array, characters?: Uint8Array): Uint8Array => text.subarray(0, lastKept(text, 0, unwantedOf(characters)))

export const trim = (text: Uint8Array, characters?: Uint8Array): Uint8Array => {
  const unwanted = unwantedOf(characters)
  const from = firstKept(text, unwanted)
  return text.subarray(from, lastKept(text, from, unwanted))
}

const countOf = (text: Uint8Array, part: Uint8Array): number => {
  let count = 0
  for (let at = findBytes(text, part); at >= 0; at = findBytes(text, part, at + part.length)) count++
  return count
}

export const replace = (text: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array => {
  const count = from.length === 0 ? 0 : countOf(text, from)
  if (count === 0) return text
  const replaced = new Uint8Array(allowedBytes(text.length + count * (to.length - from.length), 'replace()'))
  let read = 0
  let written = 0
  for (let at = findBytes(text, from); at >= 0; at = findBytes(text, from, read)) {
    replaced.set(text.subarray(read, at), written)
    replaced.set(to, written + at - read)
    written += at - read + to.length
    read = at + from.length
  }
  replaced.set(text.subarray(read), written)
  return replaced
}

/** The piece before the first separator for 1, behind the last for -1. An empty separator parts a text into its code points. */
export const splitPart = (text: Uint8Array, separator: Uint8Array, index: number): Uint8Array => {
  const pieces = separator.length === 0 ? countPoints(text) : countOf(text, separator) + 1
  const wanted = index < 0 ? pieces + index : index - 1
  if (index === 0 || wanted < 0 || wanted >= pieces) return EMPTY
  if (separator.length === 0) return slice(text, wanted, wanted + 1)
  let from = 0
  for (let piece = 0; piece < wanted; piece++) from = findBytes(text, separator, from) + separator.length
  const end = findBytes(text, separator, from)
  return text.subarray(from, end < 0 ? text.length : end)
}

/** 0: it does not stand there. */
export const strpos = (text: Uint8Array, part: Uint8Array): number => {
  const at = findBytes(text, part)
  return at < 0 ? 0 : countPoints(text.subarray(0, at)) + 1
}

export const repeat = (text: Uint8Array, count: number): Uint8Array => {
  const times = text.length === 0 ? 0 : Math.max(0, count)
  const repeated = new Uint8Array(allowedBytes(times * text.length, 'repeat()'))
  for (let at = 0; at < repeated.length; at += text.length) repeated.set(text, at)
  return repeated
}

/** `count` code points of `filling`, which begins anew where it ends; null if there is nothing to fill with. */
const filled = (count: number, filling: Uint8Array, name: string): Uint8Array | null => {
  if (count === 0) return EMPTY
  const points = countPoints(filling)
  if (points === 0) return null
  const whole = Math.floor(count / points)
  const rest = filling.subarray(0, pointAt(filling, count % points))
  allowedBytes(whole * filling.length + rest.length, name)
  return joinTexts([repeat(filling, whole), rest], name)
}

const pad =
  (name: string, atEnd: boolean) =>
  (text: Uint8Array, length: number, filling: Uint8Array): Uint8Array | null => {
    const wanted = Math.max(0, length)
    const missing = wanted - countPoints(text)
    if (missing < 0) return slice(text, 0, wanted)
    const fill = filled(missing, filling, name)
    return fill && joinTexts(atEnd ? [text, fill] : [fill, text], name)
  }

export const lpad = pad('lpad()', false)
export const rpad = pad('rpad()', true)

const reversePoints = (text: Uint8Array): Uint8Array => {
  const reversed = new Uint8Array(text.length)
  for (let at = 0; at < text.length; ) {
    const end = pointEnd(text, at)
    reversed.set(text.subarray(at, end), text.length - end)
    at = end
  }
  return reversed
}

let graphemes: Intl.Segmenter | undefined

/** What a reader takes for one character stays whole, as a letter with its accents; of ASCII and of bytes that are no UTF-8, the code points are turned round. */
export const reverse = (text: Uint8Array): Uint8Array => {
  const isPlain = text.every((byte) => byte < 0x80)
  if (isPlain || !isUtf8(text, true)) return reversePoints(text)
  graphemes ??= new Intl.Segmenter('und', { granularity: 'grapheme' })
  return utf8(
    Array.from(graphemes.segment(textOfField(text)), ({ segment }) => segment)
      .reverse()
      .join(''),
  )
}

export const concat = (...texts: (Uint8Array | null)[]): Uint8Array =>
  joinTexts(
    texts.filter((text) => text !== null),
    'concat()',
  )

export const concatWs = (separator: Uint8Array | null, ...texts: (Uint8Array | null)[]): Uint8Array | null =>
  separator &&
  joinTexts(
    texts.filter((text) => text !== null).flatMap((text, i) => (i === 0 ? [text] : [separator, text])),
    'concat_ws()',
  )
