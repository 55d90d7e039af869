/**
 * How does ILIKE see a text? In lower case, each code point by itself and to exactly one code point, as DuckDB does: ß stays ß, Σ is σ also at the end of a word, İ is a plain i.
 */
import { utf8 } from '../base/bytes.ts'
import { textOfField } from '../csv/field.ts'
import { isUtf8 } from '../csv/utf8.ts'

const isUpper = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a

const foldAscii = (bytes: Uint8Array): Uint8Array => (bytes.some(isUpper) ? bytes.map((byte) => (isUpper(byte) ? byte + 32 : byte)) : bytes)

const foldText = (text: string): string => {
  let folded = ''
  for (const character of text) folded += String.fromCodePoint(character.toLowerCase().codePointAt(0)!)
  return folded
}

/** The text in lower case. Of bytes that are not UTF-8, only the ASCII letters are folded. */
export const foldCase = (bytes: Uint8Array): Uint8Array => {
  const isAscii = bytes.every((byte) => byte < 0x80)
  return isAscii || !isUtf8(bytes, true) ? foldAscii(bytes) : utf8(foldText(textOfField(bytes)))
}
