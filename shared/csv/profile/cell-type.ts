/**
 * What does a value look like? The narrowest type whose cast in a filter would take it, so that a profile says what a clause can compare.
 * Narrower than the casts where they take accidents: 0 and 1 are integers and no booleans, years have four digits, nothing may follow a date.
 */
import { utf8 } from '../../base/bytes.ts'
import type { Cell } from './cell.ts'
import { readNumber } from './number.ts'
import { readTime } from './time.ts'
import { BOOLEAN, type CellType, TEXT } from './type-code.ts'

/** The words a cast to BOOLEAN takes, in lower case; no blanks around them. */
const BOOLEAN_WORDS = ['t', 'f', 'y', 'n', 'no', 'yes', 'true', 'false']

/** Up to five letters as one number, in lower case; -1 where a byte is no ASCII letter. */
const packWord = (bytes: Uint8Array, from: number, to: number): number => {
  let packed = 0
  for (let at = from; at < to; at++) {
    const letter = bytes[at]! | 0x20
    if (letter < 0x61 || letter > 0x7a) return -1
    packed = packed * 32 + (letter - 0x60)
  }
  return packed
}

const BOOLEANS = new Set(BOOLEAN_WORDS.map((word) => packWord(utf8(word), 0, word.length)))

const isBoolean = ({ bytes, from, to }: Cell): boolean => to - from <= 5 && BOOLEANS.has(packWord(bytes, from, to))

/** The type of a cell that is not empty and is trimmed. Writes `number`, or `days` and `micros`, of the cell for the types that have them. */
export const readType = (cell: Cell): CellType => {
  const first = cell.bytes[cell.trimmedFrom]!
  if (cell.trimmedFrom === cell.trimmedTo || first >= 0x80) return TEXT
  if (first >= 0x30 && first <= 0x39) return readTime(cell) ?? readNumber(cell) ?? TEXT
  return readNumber(cell) ?? (isBoolean(cell) ? BOOLEAN : TEXT)
}
