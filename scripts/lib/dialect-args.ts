/** What does the user say about the CSV? Options that cut and analyse share. */
import { LIMITS } from '../../shared/base/limits.ts'
import type { DialectHints } from '../../shared/csv/sniff/sniff.ts'
import { type Option, UsageError, type Values } from './command.ts'

export const DIALECT_OPTIONS: Readonly<Record<string, Option>> = {
  delimiter: {
    type: 'string',
    value: 'CHAR',
    help: 'What separates the fields: a character (or a few), or tab, comma, semicolon, pipe, space. Found out otherwise.',
  },
  quote: { type: 'string', value: 'CHAR', help: 'What quotes a field: a character, or none. Found out otherwise.' },
  escape: {
    type: 'string',
    value: 'CHAR',
    help: 'What makes plain data of the character after it, as \\ does; the quote means doubled quotes.',
  },
  comment: { type: 'string', value: 'CHAR', help: 'What a comment line begins with: a character, or none. Found out otherwise.' },
  header: { type: 'boolean', help: 'The first row names the columns (--no-header: it is data). Found out otherwise.' },
  encoding: { type: 'string', value: 'NAME', help: 'The encoding, if it is not what it looks like.' },
}

const NAMED: Readonly<Record<string, string>> = { tab: '\t', '\\t': '\t', comma: ',', semicolon: ';', pipe: '|', space: ' ', none: '' }

/** The one character that was given, or named (the few, where there may be more). Throws UsageError. */
export const character = (name: string, given: string, charactersMax = 1): string => {
  const chars = NAMED[given.toLowerCase()] ?? given
  if (chars === '' || chars.length > charactersMax || !/^[\0-\x7f]*$/.test(chars))
    throw new UsageError(
      `--${name} takes ${charactersMax === 1 ? 'one ASCII character' : `1 to ${charactersMax} ASCII characters`}, not '${given}'.`,
    )
  return chars
}

/** A character, or `none`. */
const optionalCharacter = (name: string, given: string): string | null =>
  NAMED[given.toLowerCase()] === '' ? null : character(name, given)

/** The hints given by these options. Throws UsageError. */
export const hintsFrom = ({ delimiter, quote, escape: escaper, comment, header, encoding }: Values): DialectHints => ({
  ...(typeof delimiter === 'string' ? { delimiter: character('delimiter', delimiter, LIMITS.delimiterBytesMax) } : {}),
  ...(typeof quote === 'string' ? { quote: optionalCharacter('quote', quote) } : {}),
  ...(typeof escaper === 'string' ? { escape: optionalCharacter('escape', escaper) } : {}),
  ...(typeof comment === 'string' ? { comment: optionalCharacter('comment', comment) } : {}),
  ...(typeof header === 'boolean' ? { header } : {}),
  ...(typeof encoding === 'string' ? { encoding } : {}),
})
