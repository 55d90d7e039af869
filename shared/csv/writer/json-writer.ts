/**
 * Writes records as JSON, one line each: objects by column name (NDJSON), or arrays in the order of the columns.
 *
 * A field is a string, whatever it looks like: `007` and `1e400` stay what they are. An empty field is null, as in the filter language, and so is one that the record does not have.
 * Without `picks` nothing is left out: fields beyond the last column stand at the end of an array, and in an object under the names `columnN`, by their position from 1.
 * JSON is UTF-8 always: bytes that are not become U+FFFD as the platform's decoder sets it, and are told.
 */
import { utf8 } from '../../base/bytes.ts'
import { type Dialect, hasOwnEscape } from '../dialect.ts'
import { textOfField, unquote } from '../field.ts'
import { freeName } from '../header.ts'
import { fieldCount, fieldEnd, fieldStart, type RecordBatch } from '../record-batch.ts'
import { invalidUtf8At } from '../utf8.ts'
import type { ByteBuffer } from './byte-buffer.ts'
import type { NoteChange, RecordWriter } from './record-writer.ts'

export interface JsonWriterParts {
  readonly form: 'objects' | 'arrays'
  /** How the records are written that come in. */
  readonly input: Dialect
  /** Which fields, by index, make a record; null: all that it has, and as many as there are names. */
  readonly picks: readonly number[] | null
  /** Of the columns of the output, all different. */
  readonly names: readonly string[]
  readonly note: NoteChange
}

const QUOTE = 34
const BACKSLASH = 92
const NULL = utf8('null')
const HEX = utf8('0123456789abcdef')

/** [128] the letter after the backslash; `u` for control characters without one of their own; 0: the byte stands for itself. */
const ESCAPES = new Uint8Array(128)
ESCAPES.fill(117, 0, 32)
for (const [byte, letter] of [[8, 'b'], [9, 't'], [10, 'n'], [12, 'f'], [13, 'r'], [QUOTE, '"'], [BACKSLASH, '\\']] as const) // biome-ignore format: a table
  ESCAPES[byte] = letter.charCodeAt(0)

/** A control character takes six bytes. */
const ESCAPED_BYTES_MAX = 6

/** Puts bytes[from, to) as a JSON string. Returns false if they are not UTF-8: nothing is put then. */
const putString = (bytes: Uint8Array, from: number, to: number, out: ByteBuffer): boolean => {
  out.reserve(ESCAPED_BYTES_MAX * (to - from) + 2)
  const target = out.bytes
  let length = out.length
  let high = 0
  target[length++] = QUOTE
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    high |= byte
    const letter = byte < 128 ? ESCAPES[byte]! : 0
    if (letter === 0) {
      target[length++] = byte
      continue
    }
    target[length++] = BACKSLASH
    target[length++] = letter
    if (letter !== 117) continue
    target[length++] = 48
    target[length++] = 48
    target[length++] = HEX[byte >> 4]!
    target[length++] = HEX[byte & 15]!
  }
  if (high >= 128 && invalidUtf8At(bytes, from, to) >= 0) return false
  target[length++] = QUOTE
  out.length = length
  return true
}

class JsonWriter implements RecordWriter {
  readonly #input: Dialect
  readonly #inQuote: number
  /** Unquoted fields may hold escapes. */
  readonly #hasEscapes: boolean
  readonly #picks: readonly number[] | null
  readonly #isObjects: boolean
  readonly #names: ReadonlySet<string>
  /** What stands before each value: bracket or comma, and the name. */
  readonly #before: readonly Uint8Array[]
  readonly #end: Uint8Array
  readonly #note: NoteChange
  readonly shortestBytes: number

  constructor({ form, input, picks, names, note }: JsonWriterParts) {
    this.#input = input
    this.#inQuote = input.quote === null ? -1 : input.quote.charCodeAt(0)
    this.#hasEscapes = hasOwnEscape(input)
    this.#picks = picks
    this.#isObjects = form === 'objects'
    this.#names = new Set(names)
    const open = this.#isObjects ? '{' : '['
    this.#before = names.map((name, i) => utf8(`${i === 0 ? open : ','}${this.#isObjects ? `${JSON.stringify(name)}:` : ''}`))
    this.#end = utf8(this.#isObjects ? '}\n' : ']\n')
    this.#note = note
    this.shortestBytes = this.#before.reduce((sum, piece) => sum + piece.length + NULL.length, this.#end.length)
  }

  write(batch: RecordBatch, r: number, out: ByteBuffer): void {
    const picks = this.#picks
    const has = fieldCount(batch, r)
    const width = picks === null ? Math.max(has, this.#before.length) : picks.length
    for (let i = 0; i < width; i++) {
      const f = picks === null ? i : picks[i]!
      out.put(this.#before[i] ?? this.#beforeExtra(i))
      if (f < has) this.#field(batch, r, f, out)
      else out.put(NULL)
    }
    out.put(this.#end)
  }

  writeNames(names: readonly Uint8Array[], out: ByteBuffer): void {
    if (!this.#isObjects) out.put(utf8(`${JSON.stringify(names.map(textOfField))}\n`))
  }

  /** Bracket or comma and name of a value beyond the last column. */
  #beforeExtra(i: number): Uint8Array {
    return utf8(this.#isObjects ? `,${JSON.stringify(freeName(`column${i + 1}`, this.#names))}:` : ',')
  }

  #field(batch: RecordBatch, r: number, f: number, out: ByteBuffer): void {
    const { bytes } = batch
    const from = fieldStart(batch, r, f)
    const to = fieldEnd(batch, r, f)
    if (from < to && (bytes[from] === this.#inQuote || this.#hasEscapes)) {
      const content = unquote(batch, r, f, this.#input)
      this.#value(batch, r, f, content, 0, content.length, out)
    } else this.#value(batch, r, f, bytes, from, to, out)
  }

  /** The content of field `f` lies in bytes[from, to). */
  #value(batch: RecordBatch, r: number, f: number, bytes: Uint8Array, from: number, to: number, out: ByteBuffer): void {
    if (from === to) out.put(NULL)
    else if (!putString(bytes, from, to, out)) {
      this.#note('utf8_replaced', batch, r, f)
      const text = utf8(textOfField(bytes.subarray(from, to)))
      putString(text, 0, text.length, out)
    }
  }
}

export const makeJsonWriter = (parts: JsonWriterParts): RecordWriter => new JsonWriter(parts)
