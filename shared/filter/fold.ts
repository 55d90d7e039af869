/**
 * How does a text look in lower and in upper case? Each code point by itself and to exactly one code point, as in DuckDB: ß stays ß in lower case and is ẞ in upper case, Σ is σ also at the end
 * of a word, İ is a plain i. Letters that Unicode gave a second case after DuckDB's table was made stay as they are, whatever the platform knows of them.
 */
import { utf8 } from '../base/bytes.ts'
import { textOfField } from '../csv/field.ts'
import { isUtf8 } from '../csv/utf8.ts'

type Range = readonly [first: number, last: number]

/** Cased since Unicode 16 and 17. */
const YOUNG: readonly Range[] = [
  [0x1c89, 0x1c8a],
  [0xa7cb, 0xa7cf],
  [0xa7d2, 0xa7d5],
  [0xa7da, 0xa7dc],
  [0x10d50, 0x10d85],
  [0x16ea0, 0x16ed3],
]

const isYoung = (point: number): boolean => point >= YOUNG[0]![0] && YOUNG.some(([first, last]) => point >= first && point <= last)

/** Greek letters with an iota below, whose upper case is two letters long but for the one in title case, this much further on. */
const TITLED: readonly (readonly [...Range, step: number])[] = [
  [0x1f80, 0x1f87, 8],
  [0x1f90, 0x1f97, 8],
  [0x1fa0, 0x1fa7, 8],
  [0x1fb3, 0x1fb3, 9],
  [0x1fc3, 0x1fc3, 9],
  [0x1ff3, 0x1ff3, 9],
]

const SHARP_S = 0xdf
const CAPITAL_SHARP_S = 0x1e9e

const lowerPoint = (character: string, point: number): number => (isYoung(point) ? point : character.toLowerCase().codePointAt(0)!)

const upperPoint = (character: string, point: number): number => {
  if (point === SHARP_S) return CAPITAL_SHARP_S
  const upper = character.toUpperCase()
  const raised = upper.codePointAt(0)!
  if (upper.length === (raised > 0xffff ? 2 : 1)) return isYoung(point) || isYoung(raised) ? point : raised
  const titled = TITLED.find(([first, last]) => point >= first && point <= last)
  return titled ? point + titled[2] : point
}

interface Case {
  /** The first of the 26 ASCII letters that change. */
  readonly firstByte: number
  readonly step: number
  readonly change: (character: string, point: number) => number
}

const LOWER: Case = { firstByte: 0x41, step: 32, change: lowerPoint }
const UPPER: Case = { firstByte: 0x61, step: -32, change: upperPoint }

const changeAscii = (bytes: Uint8Array, { firstByte, step }: Case): Uint8Array => {
  const changes = (byte: number) => byte >= firstByte && byte < firstByte + 26
  return bytes.some(changes) ? bytes.map((byte) => (changes(byte) ? byte + step : byte)) : bytes
}

const changeText = (text: string, { change }: Case): string => {
  let changed = ''
  for (const character of text) changed += String.fromCodePoint(change(character, character.codePointAt(0)!))
  return changed
}

const changeCase = (bytes: Uint8Array, to: Case): Uint8Array => {
  const isAscii = bytes.every((byte) => byte < 0x80)
  return isAscii || !isUtf8(bytes, true) ? changeAscii(bytes, to) : utf8(changeText(textOfField(bytes), to))
}

/** The text in lower case, which is how ILIKE sees it. Of bytes that are not UTF-8, only the ASCII letters are changed. */
export const foldCase = (bytes: Uint8Array): Uint8Array => changeCase(bytes, LOWER)

/** The text in upper case, in the same way. */
export const raiseCase = (bytes: Uint8Array): Uint8Array => changeCase(bytes, UPPER)
