/**
 * What does one field say? The bytes of a field as they lie in a batch, with quoting undone where there is any.
 * Called once per cell by whoever reads cells, so: no copy where nothing needs undoing, no string until one is asked for.
 *
 * A field that begins with a quote which does not close within the field is one of two things. At the end of the input, where no line end follows, the open quote just closes;
 * anywhere else the scanner read that quote as an ordinary character (the record limit), and the field is what it looks like.
 */
import { concatBytes } from '../base/bytes.ts'
import type { Dialect } from './dialect.ts'
import { fieldCount, fieldEnd, fieldStart, type RecordBatch } from './record-batch.ts'

const ABSENT = new Uint8Array(0)
const NO_BYTE = -1

/** A single-byte character as its byte; of none a number that no byte has. */
export const byteOf = (character: string | null): number => (character === null ? NO_BYTE : character.charCodeAt(0))

/** The unquoted content of field `f` of record `r`; `f` must be below fieldCount. A view into the batch where nothing needs undoing, else fresh bytes: it holds as long as the batch does. */
export const unquote = (batch: RecordBatch, r: number, f: number, dialect: Dialect): Uint8Array => {
  const start = fieldStart(batch, r, f)
  const end = fieldEnd(batch, r, f)
  const quote = byteOf(dialect.quote)
  const escapeByte = byteOf(dialect.escape)
  if (batch.bytes[start] !== quote || start === end) return outsideQuotes(batch.bytes, start, end, quote, escapeByte)
  return unquoteFrom(batch.bytes, start, end, quote, escapeByte, end === batch.ends[r])
}

/** Like `unquote`, and empty for a field that the record does not have. */
export const fieldBytes = (batch: RecordBatch, r: number, f: number, dialect: Dialect): Uint8Array =>
  f < fieldCount(batch, r) ? unquote(batch, r, f, dialect) : ABSENT

/** bytes[start] is a quote. Most quoted fields hold nothing to undo: then the first quote or escape found is the closing quote, in the last place. */
const unquoteFrom = (bytes: Uint8Array, start: number, end: number, quote: number, escapeByte: number, isInputEnd: boolean): Uint8Array => {
  let at = start + 1
  while (at < end && bytes[at] !== quote && bytes[at] !== escapeByte) at++
  if (at === end - 1 && bytes[at] === quote) return bytes.subarray(start + 1, at)
  const close = closingQuote(bytes, at, end, quote, escapeByte)
  if (close < 0 && !isInputEnd) return outsideQuotes(bytes, start, end, quote, escapeByte)
  const inside = unescaped(bytes, start + 1, close < 0 ? end : close, escapeByte)
  return close < 0 ? inside : concatBytes([inside, afterQuotes(bytes, close + 1, end, quote, escapeByte)])
}

/** Where the quotes close that were opened before `from`; -1: not before `end`. */
export const closingQuote = (bytes: Uint8Array, from: number, end: number, quote: number, escapeByte: number): number => {
  for (let at = from; at < end; at++) {
    if (bytes[at] === escapeByte && (escapeByte !== quote || bytes[at + 1] === quote) && at + 1 < end) at++
    else if (bytes[at] === quote) return at
  }
  return -1
}

/** bytes[from, to) without the escapes; one that nothing follows is itself. */
const unescaped = (bytes: Uint8Array, from: number, to: number, escapeByte: number): Uint8Array => {
  const first = bytes.subarray(from, to).indexOf(escapeByte)
  if (first < 0) return bytes.subarray(from, to)
  const content = new Uint8Array(to - from)
  content.set(bytes.subarray(from, from + first))
  let length = first
  for (let at = from + first; at < to; at++) {
    if (bytes[at] === escapeByte && at + 1 < to) at++
    content[length++] = bytes[at]!
  }
  return content.subarray(0, length)
}

/** What bytes[from, to) mean where no quotes are around them: a quote that is doubled inside quotes escapes nothing here. */
const outsideQuotes = (bytes: Uint8Array, from: number, to: number, quote: number, escapeByte: number): Uint8Array =>
  escapeByte === quote || escapeByte === NO_BYTE ? bytes.subarray(from, to) : unescaped(bytes, from, to, escapeByte)

/** What follows a closing quote; an escape right behind it is an ordinary character. */
const afterQuotes = (bytes: Uint8Array, from: number, to: number, quote: number, escapeByte: number): Uint8Array =>
  bytes[from] === escapeByte && from < to
    ? concatBytes([bytes.subarray(from, from + 1), outsideQuotes(bytes, from + 1, to, quote, escapeByte)])
    : outsideQuotes(bytes, from, to, quote, escapeByte)

/** Longer fields go to the platform's decoder; below this, joining ASCII by hand is faster than the call. */
const SHORT_BYTES = 24
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

/** UTF-8 as text: a byte order mark is kept, what is not UTF-8 shows as U+FFFD. */
export const textOfField = (bytes: Uint8Array): string => {
  if (bytes.length > SHORT_BYTES) return decoder.decode(bytes)
  let text = ''
  for (const byte of bytes) {
    if (byte >= 0x80) return decoder.decode(bytes)
    text += String.fromCharCode(byte)
  }
  return text
}

/** The content of field `f` of record `r` as text, empty for a field that the record does not have. */
export const fieldText = (batch: RecordBatch, r: number, f: number, dialect: Dialect): string =>
  textOfField(fieldBytes(batch, r, f, dialect))

/** All fields of record `r` as texts: comfort for previews and headers, not for loops over a file. */
export const recordTexts = (batch: RecordBatch, r: number, dialect: Dialect): string[] =>
  Array.from({ length: fieldCount(batch, r) }, (_, f) => fieldText(batch, r, f, dialect))
