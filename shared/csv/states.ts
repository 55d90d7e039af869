/**
 * What does a byte mean where it stands? The whole grammar of a CSV as one small table: state x kind of byte -> next state and what to note.
 * The trade-off: one look-up per byte instead of compares that a processor could fuse; clear, and still far faster than building strings.
 *
 * Source of the grammar: Python's csv and rust-csv. A quote opens only at a field's start; after a closing quote the field goes on unquoted.
 * An escape that is not the quote makes data of the byte after it, inside quotes and outside (as in Python and in MySQL's exports), but not right after a closing quote.
 */
import type { Dialect } from './dialect.ts'

export const FIELD_START = 0
export const UNQUOTED = 1
export const QUOTED = 2
/** Just after a quote inside quotes: it closed the field, or it is the first of two. */
export const AFTER_QUOTE = 3
/** Just after an escape inside quotes. */
export const ESCAPED = 4
/** Just after an escape outside quotes. */
export const UNQUOTED_ESCAPED = 5
/** Where a line begins: the only place where a comment can. Else like the start of any field. */
export const LINE_START = 6
/** In a line that is a comment: nothing but its end has a meaning. */
export const COMMENTED = 7
const STATES = 8

/** Kinds of bytes. */
const PLAIN = 0
const DELIMITER = 1
const QUOTE = 2
const NEWLINE = 3
const ESCAPE = 4
const NUL = 5
const LF_AS_DATA = 6
const HIGH = 7
const COMMENT = 8
const KINDS = 9

/** What a step asks for besides the next state; MOVE asks for nothing. */
export const MOVE = 0
export const END_FIELD = 1
export const END_LINE = 2
export const NOTE_BREAK = 3
export const NOTE_HIGH = 4
/** A byte that might else be the first of a delimiter is data. */
export const NOTE_ESCAPED = 5
/** From here on: oddities, each with a warning of its own. */
export const NOTE_STRAY = 6
export const NOTE_NUL = 7
export const NOTE_LF = 8

/** A step as one number: next state in the low three bits, what to do above them. */
export const STATE_BITS = 3
export const STATE_MASK = 7

/** The step for `kind` in `state` is at (state << KIND_BITS) | kind. */
export const KIND_BITS = 4

type Step = readonly [next: number, act: number]

const all = (step: Step): Step[] => Array.from({ length: KINDS }, () => step)

/** A row of the table: what each kind of byte does in a state, with the kinds named that differ from the rest. */
const row = (rest: Step, differing: Readonly<Record<number, Step>>): readonly Step[] => Object.assign(all(rest), differing)

const inside = (onQuote: Step, onEscape: Step): readonly Step[] =>
  row([QUOTED, MOVE], {
    [QUOTE]: onQuote,
    [ESCAPE]: onEscape,
    [NEWLINE]: [QUOTED, NOTE_BREAK],
    [NUL]: [QUOTED, NOTE_NUL],
    [LF_AS_DATA]: [QUOTED, NOTE_LF],
    [HIGH]: [QUOTED, NOTE_HIGH],
  })

const outside = (onQuote: Step, onEscape: Step = [UNQUOTED_ESCAPED, MOVE]): readonly Step[] =>
  row([UNQUOTED, MOVE], {
    [DELIMITER]: [FIELD_START, END_FIELD],
    [QUOTE]: onQuote,
    [NEWLINE]: [LINE_START, END_LINE],
    [ESCAPE]: onEscape,
    [NUL]: [UNQUOTED, NOTE_NUL],
    [LF_AS_DATA]: [UNQUOTED, NOTE_LF],
    [HIGH]: [UNQUOTED, NOTE_HIGH],
  })

/** Whatever it is, the byte after an escape outside quotes is data, a newline too. */
const escaped = row([UNQUOTED, NOTE_ESCAPED], {
  [NEWLINE]: [UNQUOTED, NOTE_BREAK],
  [NUL]: [UNQUOTED, NOTE_NUL],
  [LF_AS_DATA]: [UNQUOTED, NOTE_LF],
  [HIGH]: [UNQUOTED, NOTE_HIGH],
})

const rowsOf = (isDoubled: boolean): readonly (readonly Step[])[] => [
  outside([QUOTED, MOVE]),
  outside([UNQUOTED, NOTE_STRAY]),
  inside([AFTER_QUOTE, MOVE], [ESCAPED, MOVE]),
  outside(isDoubled ? [QUOTED, MOVE] : [UNQUOTED, NOTE_STRAY], [UNQUOTED, MOVE]),
  inside([QUOTED, MOVE], [QUOTED, MOVE]),
  escaped,
  row([UNQUOTED, MOVE], { ...outside([QUOTED, MOVE]), [COMMENT]: [COMMENTED, MOVE] }),
  row([COMMENTED, MOVE], { [NEWLINE]: [COMMENTED, END_LINE] }),
]

const stepsOf = (isDoubled: boolean): Uint8Array => {
  const steps = new Uint8Array(STATES << KIND_BITS)
  rowsOf(isDoubled).forEach((row, state) => {
    for (let kind = 0; kind < KINDS; kind++) steps[(state << KIND_BITS) | kind] = row[kind]![0] | (row[kind]![1] << STATE_BITS)
  })
  return steps
}

/** Made once: a scan may be as short as one line. */
const DOUBLED_STEPS = stepsOf(true)
const OTHER_STEPS = stepsOf(false)

/** True where the whole delimiter ends with bytes[at], which is its last byte, and begins at or after `from`. */
export const endsDelimiter = (bytes: Uint8Array, at: number, from: number, delimiter: Uint8Array): boolean => {
  const start = at + 1 - delimiter.length
  if (start < from) return false
  for (let i = 0; i < delimiter.length; i++) if (bytes[start + i] !== delimiter[i]) return false
  return true
}

/** The grammar of a dialect, ready for a loop over bytes. */
export interface Grammar {
  /** [256] the kind of each byte. */
  readonly kinds: Uint8Array
  /** The step for each state and kind. */
  readonly steps: Uint8Array
  /** The bytes of the delimiter; where they are several, a byte of kind DELIMITER is only the last of them, and whether the others stand before it is to be looked at. */
  readonly delimiter: Uint8Array
  readonly newline: number
  /** LF mode: one CR before the line end belongs to it. */
  readonly takesCr: boolean
}

const LF = 10
const CR = 13

export const grammarOf = (dialect: Dialect): Grammar => {
  const { quote } = dialect
  const newline = dialect.newline === 'lf' ? LF : CR
  const kinds = new Uint8Array(256).fill(PLAIN).fill(HIGH, 128)
  const delimiter = Uint8Array.from(dialect.delimiter, (c) => c.charCodeAt(0))
  kinds[0] = NUL
  if (newline === CR) kinds[LF] = LF_AS_DATA
  if (dialect.comment !== null) kinds[dialect.comment.charCodeAt(0)] = COMMENT
  if (dialect.escape !== null) kinds[dialect.escape.charCodeAt(0)] = ESCAPE
  if (quote !== null) kinds[quote.charCodeAt(0)] = QUOTE
  kinds[delimiter.at(-1)!] = DELIMITER
  kinds[newline] = NEWLINE
  const steps = quote !== null && dialect.escape === quote ? DOUBLED_STEPS : OTHER_STEPS
  return { kinds, steps, delimiter, newline, takesCr: newline === LF }
}
