/**
 * What may a terminal be sent, and how wide is it? Text of other people never moves the cursor, changes colours or turns the reading direction: what is not for showing is escaped.
 * Width is counted in columns: East Asian characters and emoji take two, combining marks none.
 */

/** Control characters, line and paragraph separators, direction marks, and blanks without width. The zero-width joiner stays: emoji need it. */
const UNSAFE = /[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\u2060-\u2065\ufeff]/gu
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u0000': '\\0' }

const escaped = (character: string): string => {
  const code = character.charCodeAt(0).toString(16)
  return NAMED[character] ?? (code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`)
}

/** The text with everything escaped that would do more than show. One line stays one line. */
export const safeText = (text: string): string => text.replace(UNSAFE, escaped)

/** Unicode's East Asian Width W and F, by block, and emoji that are shown as such. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u
const MARKS = /^[\p{Mark}\u200d]+$/u
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

const graphemeWidth = (grapheme: string): number => {
  if (WIDE.test(grapheme)) return 2
  return MARKS.test(grapheme) ? 0 : 1
}

/** Columns that a safe text takes. */
export const textWidth = (text: string): number => {
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment)
  return width
}

/** The text if it fits into `width` columns, else as much as fits before an …, cut between two characters. */
export const cutText = (text: string, width: number): string => {
  if (textWidth(text) <= width) return text
  let kept = ''
  let used = 1
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment)
    if (used > width) break
    kept += segment
  }
  return width > 0 ? `${kept}…` : ''
}

export type Align = 'left' | 'right'

/** The text in at least `width` columns, filled with blanks: on the right where it is aligned left. */
export const padText = (text: string, width: number, align: Align): string => {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(text)))
  return align === 'left' ? text + blanks : blanks + text
}
