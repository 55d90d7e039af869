/** Which dialects are worth scoring? Few on purpose: every further one is another way to be wrong about an ordinary file. */
import type { DialectHints } from './hints.ts'

export interface Candidate {
  readonly delimiter: string
  readonly quote: string | null
  readonly escape: string | null
}

/** In the order in which ties are broken. Others only when the user names them. */
export const DELIMITERS = [',', ';', '\t', '|'] as const

/** An apostrophe counts as a quote only where it opens and closes fields again and again and no double quote opens one. */
const APOSTROPHE_FIELDS_MIN = 3
const APOSTROPHE_FIELD = /(?<=^|[,;\t|\r\n])'(?:[^'\r\n]|'')*'(?=$|[,;\t|\r\n])/g

const QUOTED_FIELD = /(?:^|[,;\t|\r\n])"/

const quotesOf = (text: string, hint: string | null | undefined): readonly (string | null)[] => {
  if (hint !== undefined) return [hint]
  const isApostrophe = !QUOTED_FIELD.test(text) && (text.match(APOSTROPHE_FIELD)?.length ?? 0) >= APOSTROPHE_FIELDS_MIN
  return isApostrophe ? ['"', "'"] : ['"']
}

/** Backslashes are tried only where quoted fields hold escaped quotes and end as they should when read that way; whether they then give the better table is for the score to say. */
const ESCAPED_FIELDS_MIN = 2
const ESCAPED_FIELD = /(?<=^|[,;\t|\r\n])"(?:[^"\\]|\\[^"])*\\"(?:[^"\\]|\\.)*"(?=$|[,;\t|\r\n])/gs

const escapesOf = (text: string, quote: string | null, hint: string | null | undefined): readonly (string | null)[] => {
  if (quote === null) return [hint ?? null]
  if (hint !== undefined) return [hint]
  return quote === '"' && (text.match(ESCAPED_FIELD)?.length ?? 0) >= ESCAPED_FIELDS_MIN ? [quote, '\\'] : [quote]
}

/** Delimiters, quotes and escapes for a sample, at least one of each that can stand together. `text`: the sample as text. */
export const candidatesFor = (text: string, hints: DialectHints): readonly Candidate[] => {
  const delimiters = hints.delimiter === undefined ? DELIMITERS : [hints.delimiter]
  const characters = quotesOf(text, hints.quote).flatMap((quote) =>
    escapesOf(text, quote, hints.escape).map((escaper) => ({ quote, escape: escaper })),
  )
  const all = characters.flatMap((pair) => delimiters.map((delimiter) => ({ delimiter, ...pair })))
  const taken = [hints.escape, hints.comment]
  return all.filter(
    ({ delimiter, quote }) => !taken.includes(delimiter) && (quote === null || (!delimiter.includes(quote) && quote !== hints.comment)),
  )
}
