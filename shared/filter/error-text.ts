/**
 * How is a mistake shown to a person? The line of the clause that holds it, a caret under every column of it, and what was found, expected and probably meant.
 * A terminal shows some characters two columns wide and some not at all; the caret counts columns. Control characters are never sent to it.
 */
import type { ClauseError } from './clause.ts'

/** Columns shown on either side of the mistake in a long line. */
const CONTEXT_COLUMNS = 60

const UNSEEN = /[\p{Mn}\p{Me}\p{Cf}]/u
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u
const CONTROL = /\p{Cc}/gu
/** Invisible characters that turn the direction of what follows. */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

const widthOf = (text: string): number => {
  let width = 0
  for (const character of text) width += UNSEEN.test(character) ? 0 : WIDE.test(character) ? 2 : 1
  return width
}

/** Tabs become one space, other control characters a replacement sign: one column each, so that offsets stay right. */
const shown = (text: string): string => text.replaceAll('\t', ' ').replace(CONTROL, '\ufffd').replace(TURNING, '\ufffd')

/** The last characters of a text that fit into some columns, or the first. */
const clip = (text: string, keep: 'start' | 'end'): string => {
  const characters = [...text]
  if (characters.length <= CONTEXT_COLUMNS) return text
  return keep === 'start' ? `${characters.slice(0, CONTEXT_COLUMNS).join('')}…` : `…${characters.slice(-CONTEXT_COLUMNS).join('')}`
}

const LINE_ENDS = /\r\n|[\n\r\u2028\u2029]/

/** The part of the mistake's line before it, the mistake (up to the line's end), and the part behind it. */
const lineAround = (text: string, at: number, length: number): { before: string; marked: string; after: string } => {
  const before = text.slice(0, at).split(LINE_ENDS).at(-1)!
  const [marked = '', ...further] = text.slice(at, at + length).split(LINE_ENDS)
  const after = further.length > 0 ? '' : text.slice(at + length).split(LINE_ENDS)[0]!
  return { before: clip(shown(before), 'end'), marked: clip(shown(marked), 'start'), after: clip(shown(after), 'start') }
}

/** Several lines without a line end behind the last: the sentence, the line of the clause, the caret under the mistake, then what was found and expected. */
export const explainClause = (text: string, error: ClauseError): string => {
  const { before, marked, after } = lineAround(text, error.at, error.length)
  const caret = ' '.repeat(widthOf(before)) + '^'.repeat(Math.max(1, widthOf(marked)))
  const hints = (['found', 'expected', 'suggestion'] as const).flatMap((name) =>
    error[name] === undefined ? [] : [`  ${name}: ${shown(error[name])}`],
  )
  return [shown(error.text), '', `  ${before}${marked}${after}`, `  ${caret}`, ...hints].join('\n')
}
