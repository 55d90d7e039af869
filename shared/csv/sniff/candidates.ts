/** Which dialects are worth scoring? Few on purpose: every further one is another way to be wrong about an ordinary file. */
import type { DialectHints } from './hints.ts'

export interface Candidate {
  readonly delimiter: string
  readonly quote: string | null
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

/** Delimiter and quote pairs for a sample, at least one. `text`: the sample as text. */
export const candidatesFor = (text: string, hints: DialectHints): readonly Candidate[] => {
  const delimiters = hints.delimiter === undefined ? DELIMITERS : [hints.delimiter]
  const quotes = quotesOf(text, hints.quote)
  const pairs = quotes.flatMap((quote) => delimiters.map((delimiter) => ({ delimiter, quote })))
  return pairs.filter(({ delimiter, quote }) => delimiter !== quote && delimiter !== hints.escape)
}
