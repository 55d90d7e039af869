/**
 * The line being read: where it begins, how far it is read and in which state, and what was noted on the way.
 * Nothing of it counts until it ends, so that it can be read once more or be rejected. `start` and `at` are indexes into the scanner's buffer.
 */
import type { RecordIndex } from './record-index.ts'
import {
  COMMENTED,
  END_FIELD,
  END_LINE,
  ESCAPED,
  endsDelimiter,
  type Grammar,
  KIND_BITS,
  LINE_START,
  NOTE_BREAK,
  NOTE_ESCAPED,
  NOTE_HIGH,
  NOTE_LF,
  NOTE_STRAY,
  QUOTED,
  STATE_BITS,
  STATE_MASK,
  UNQUOTED,
} from './states.ts'
import { LineNote } from './warning-tally.ts'

const NONE = -1

export class OpenLine {
  start = 0
  /** The next byte to read. */
  at = 0
  /** Newlines read that end no line: inside quotes, or escaped. */
  breaks = 0
  /** A byte of 0x80 or more was read. */
  hasHigh = false
  isSecondReading = false
  /** In the order of the steps from NOTE_STRAY on. */
  readonly notes = [new LineNote('stray_quote'), new LineNote('nul_byte'), new LineNote('lf_in_cr_file')] as const
  #state: number = LINE_START
  /** Bytes before this offset of the line are no part of a delimiter: the last of them is escaped. */
  #delimiterFrom = 0
  /** On the second reading: the opening quote that is an ordinary character. */
  #plainQuote = NONE

  get isInQuotes(): boolean {
    return this.#state === QUOTED || this.#state === ESCAPED
  }

  get isComment(): boolean {
    return this.#state === COMMENTED
  }

  /** The next line begins here. */
  begin(at: number): void {
    this.start = at
    this.isSecondReading = false
    this.#reset()
  }

  /** The line is read from its start again, with the quote at `plainQuote` as an ordinary character. */
  readAgain(plainQuote: number): void {
    this.isSecondReading = true
    this.#reset()
    this.#plainQuote = plainQuote
  }

  /** The buffer moves its bytes down. */
  shift(byteCount: number): void {
    this.start -= byteCount
    this.at -= byteCount
  }

  /** Reads on and puts field ends into `index`, until the line ends (true: `at` is its newline) or `stop` is reached (false). */
  scan(bytes: Uint8Array, stop: number, grammar: Grammar, index: RecordIndex): boolean {
    if (this.#plainQuote !== NONE) {
      if (this.#run(bytes, this.#plainQuote, grammar, index)) return true
      this.#state = UNQUOTED
      this.at++
      this.#plainQuote = NONE
    }
    return this.#run(bytes, stop, grammar, index)
  }

  #run(bytes: Uint8Array, stop: number, grammar: Grammar, index: RecordIndex): boolean {
    const { kinds, steps } = grammar
    let at = this.at
    let state = this.#state
    let act = 0
    for (; at < stop; at++) {
      const step = steps[(state << KIND_BITS) | kinds[bytes[at]!]!]!
      state = step & STATE_MASK
      if (step <= STATE_MASK) continue
      act = step >> STATE_BITS
      if (act === END_FIELD) {
        if (!this.#endField(bytes, at, grammar.delimiter, index)) state = UNQUOTED
      } else if (act === END_LINE) break
      else this.#note(act, at - this.start, index.fieldCount - index.lineField)
    }
    this.at = at
    this.#state = state
    return at < stop
  }

  /** False: bytes[at] is the last byte of a longer delimiter, and the rest of it does not stand there. */
  #endField(bytes: Uint8Array, at: number, delimiter: Uint8Array, index: RecordIndex): boolean {
    if (delimiter.length > 1) {
      const from = Math.max(index.openFieldStart(this.start), this.start + this.#delimiterFrom)
      if (!endsDelimiter(bytes, at, from, delimiter)) return false
    }
    index.endField(at + 1 - delimiter.length)
    return true
  }

  /** Places in the line, because the buffer moves while a line is open: `offset` from its start, `field` among its fields. */
  #note(act: number, offset: number, field: number): void {
    if (act === NOTE_HIGH) this.hasHigh = true
    else if (act === NOTE_BREAK) this.breaks++
    else if (act === NOTE_ESCAPED) this.#delimiterFrom = offset + 1
    else this.notes[act - NOTE_STRAY]!.add(act === NOTE_LF ? offset : field, offset, this.breaks)
  }

  #reset(): void {
    this.at = this.start
    this.breaks = 0
    this.hasHigh = false
    this.#state = LINE_START
    this.#delimiterFrom = 0
    this.#plainQuote = NONE
    for (const note of this.notes) note.clear()
  }
}
