/**
 * Writes records as a CSV of any dialect: the fields that are wanted, in the order that is wanted, quoted where they must be.
 *
 * A field is quoted where a strict reader needs it: it holds the delimiter, the quote, the escape, CR or LF (its first byte is enough for a delimiter of several). Quotes that a field came with are kept
 * unless `quoting` says otherwise, so a list of which only columns change keeps its looks. A record that is one empty field is written as two quotes: an empty line is no record.
 * Most fields need nothing: they are copied in the one loop that also looks for bytes that would.
 */
import { utf8 } from '../../base/bytes.ts'
import { type Dialect, hasOwnEscape, type LineEnd } from '../dialect.ts'
import { unquote } from '../field.ts'
import { fieldCount, fieldEnd, fieldStart, type RecordBatch } from '../record-batch.ts'
import type { ByteBuffer } from './byte-buffer.ts'
import { isFormula } from './formula.ts'
import type { NoteChange, RecordWriter } from './record-writer.ts'

/** How a CSV is to be written. */
export interface OutputDialect {
  readonly delimiter: string
  /** One single-byte character; null: nothing is quoted, because nothing can need it. */
  readonly quote: string | null
  /** What stands before a quote inside quotes; the quote itself: doubled. */
  readonly escape: string | null
  /** `kept`: fields that came quoted stay so. `minimal`: only those that need it. `all`: every field. */
  readonly quoting: 'kept' | 'minimal' | 'all'
  readonly lineEnd: LineEnd
}

export interface CsvWriterParts {
  /** How the records are written that come in. */
  readonly input: Dialect
  readonly output: OutputDialect
  /** Which fields, by index, make a record; null: all that it has. */
  readonly picks: readonly number[] | null
  /** Fields that a spreadsheet could run are quoted and get an apostrophe in front. */
  readonly guard: boolean
  readonly note: NoteChange
}

const APOSTROPHE = 39
const NO_BYTE = -1
const byteOf = (character: string | null): number => (character === null ? NO_BYTE : character.charCodeAt(0))

/** [256] 1 for bytes that a field must be quoted for. */
const specialBytes = ({ delimiter, quote, escape: escaper }: OutputDialect): Uint8Array => {
  const special = new Uint8Array(256)
  if (quote !== null) for (const byte of [utf8(delimiter)[0]!, byteOf(quote), byteOf(escaper ?? quote), 10, 13]) special[byte] = 1
  return special
}

class CsvWriter implements RecordWriter {
  readonly #input: Dialect
  readonly #inQuote: number
  /** Unquoted fields may hold escapes. */
  readonly #hasEscapes: boolean
  readonly #picks: readonly number[] | null
  readonly #delimiter: Uint8Array
  readonly #quote: number
  readonly #escape: number
  readonly #lineEnd: Uint8Array
  readonly #special: Uint8Array
  readonly #isAllQuoted: boolean
  readonly #isQuotingKept: boolean
  /** Quotes mean the same on both sides, so a quoted field that is well formed can be copied as it is. */
  readonly #isQuotingEqual: boolean
  readonly #guard: boolean
  readonly #note: NoteChange
  readonly shortestBytes: number

  constructor({ input, output, picks, guard, note }: CsvWriterParts) {
    this.#input = input
    this.#inQuote = byteOf(input.quote)
    this.#hasEscapes = hasOwnEscape(input)
    this.#picks = picks
    this.#delimiter = utf8(output.delimiter)
    this.#quote = byteOf(output.quote)
    this.#escape = byteOf(output.escape)
    this.#lineEnd = utf8(output.lineEnd)
    this.#special = specialBytes(output)
    this.#isAllQuoted = output.quoting === 'all'
    this.#isQuotingKept = output.quoting === 'kept'
    this.#isQuotingEqual = !guard && output.quoting !== 'minimal' && output.quote === input.quote && output.escape === input.escape
    this.#guard = guard
    this.#note = note
    this.shortestBytes = (picks?.length ?? 1) * (this.#delimiter.length + (this.#isAllQuoted ? 2 : 0))
  }

  write(batch: RecordBatch, r: number, out: ByteBuffer): void {
    const picks = this.#picks
    const start = out.length
    const has = fieldCount(batch, r)
    const width = picks === null ? has : picks.length
    for (let i = 0; i < width; i++) {
      const f = picks === null ? i : picks[i]!
      if (i > 0) out.put(this.#delimiter)
      if (f < has) this.#field(batch, r, f, out)
      else if (this.#isAllQuoted) this.#quotedEmpty(out)
    }
    this.#endRecord(width, start, out)
  }

  writeNames(names: readonly Uint8Array[], out: ByteBuffer): void {
    const start = out.length
    names.forEach((name, i) => {
      if (i > 0) out.put(this.#delimiter)
      const isGuarded = this.#guard && isFormula(name, 0, name.length)
      this.#content(name, 0, name.length, this.#isAllQuoted, isGuarded, out)
    })
    this.#endRecord(names.length, start, out)
  }

  #endRecord(width: number, start: number, out: ByteBuffer): void {
    if (width === 1 && out.length === start) this.#quotedEmpty(out)
    out.put(this.#lineEnd)
  }

  #quotedEmpty(out: ByteBuffer): void {
    if (this.#quote === NO_BYTE) return
    out.putByte(this.#quote)
    out.putByte(this.#quote)
  }

  #field(batch: RecordBatch, r: number, f: number, out: ByteBuffer): void {
    const { bytes } = batch
    const from = fieldStart(batch, r, f)
    const to = fieldEnd(batch, r, f)
    const isQuoted = from < to && bytes[from] === this.#inQuote
    if (!isQuoted && !this.#hasEscapes) this.#checked(batch, r, f, bytes, from, to, this.#isAllQuoted, out)
    else if (!isQuoted || !this.#isQuotingEqual || !this.#copyQuoted(bytes, from, to, out)) {
      const content = unquote(batch, r, f, this.#input)
      this.#checked(batch, r, f, content, 0, content.length, this.#isAllQuoted || (isQuoted && this.#isQuotingKept), out)
    }
  }

  /** The content of field `f` lies in bytes[from, to). */
  #checked(batch: RecordBatch, r: number, f: number, bytes: Uint8Array, from: number, to: number, isQuoted: boolean, out: ByteBuffer) {
    const isGuarded = this.#guard && isFormula(bytes, from, to)
    if (isGuarded) this.#note('formula_guarded', batch, r, f)
    this.#content(bytes, from, to, isQuoted, isGuarded, out)
  }

  #content(bytes: Uint8Array, from: number, to: number, isQuoted: boolean, isGuarded: boolean, out: ByteBuffer): void {
    if (isGuarded || isQuoted || !this.#copyPlain(bytes, from, to, out)) this.#quoted(bytes, from, to, isGuarded, out)
  }

  /** Copies what needs no quotes; false, and nothing is put, if it needs them. */
  #copyPlain(bytes: Uint8Array, from: number, to: number, out: ByteBuffer): boolean {
    out.reserve(to - from)
    const special = this.#special
    const target = out.bytes
    let length = out.length
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!
      if (special[byte] !== 0) return false
      target[length++] = byte
    }
    out.length = length
    return true
  }

  /** bytes[from] is a quote. Copies the field as it is if its closing quote is its last byte; false, and nothing is put, if it is not. */
  #copyQuoted(bytes: Uint8Array, from: number, to: number, out: ByteBuffer): boolean {
    out.reserve(to - from)
    const target = out.bytes
    const quote = this.#quote
    const escapeByte = this.#escape
    let length = out.length
    target[length++] = quote
    for (let at = from + 1; at < to; at++) {
      const byte = bytes[at]!
      target[length++] = byte
      if (byte === escapeByte && at + 1 < to && (escapeByte !== quote || bytes[at + 1] === quote)) target[length++] = bytes[++at]!
      else if (byte === quote) {
        if (at !== to - 1) return false
        out.length = length
        return true
      }
    }
    return false
  }

  #quoted(bytes: Uint8Array, from: number, to: number, isGuarded: boolean, out: ByteBuffer): void {
    out.reserve(2 * (to - from) + 4)
    const target = out.bytes
    const quote = this.#quote
    const escapeByte = this.#escape
    let length = out.length
    target[length++] = quote
    if (isGuarded) {
      if (quote === APOSTROPHE || escapeByte === APOSTROPHE) target[length++] = escapeByte
      target[length++] = APOSTROPHE
    }
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!
      if (byte === quote || byte === escapeByte) target[length++] = escapeByte
      target[length++] = byte
    }
    target[length++] = quote
    out.length = length
  }
}

/** `output.quote` null goes only with the input's own delimiter and line ends, no escape, `quoting` kept and no guard: nothing that was read unquoted needs quotes then. */
export const makeCsvWriter = (parts: CsvWriterParts): RecordWriter => new CsvWriter(parts)
