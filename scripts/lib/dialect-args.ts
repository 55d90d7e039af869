/** What does the user say about the CSV? Options that cut and analyse share. */
import type { DialectHints } from '../../shared/csv/sniff/sniff.ts'
import { type Option, UsageError, type Values } from './command.ts'

export const DIALECT_OPTIONS: Readonly<Record<string, Option>> = {
  delimiter: {
    type: 'string',
    value: 'CHAR',
    help: 'What separates the fields: a character, or tab, comma, semicolon, pipe, space. Found out otherwise.',
  },
  quote: { type: 'string', value: 'CHAR', help: 'What quotes a field: a character, or none. Found out otherwise.' },
  header: { type: 'boolean', help: 'The first row names the columns (--no-header: it is data). Found out otherwise.' },
  encoding: { type: 'string', value: 'NAME', help: 'The encoding, if it is not what it looks like.' },
}

const NAMED: Readonly<Record<string, string>> = { tab: '\t', '\\t': '\t', comma: ',', semicolon: ';', pipe: '|', space: ' ', none: '' }

/** The one character that was given, or named. Throws UsageError. */
export const character = (name: string, given: string): string => {
  const char = NAMED[given.toLowerCase()] ?? given
  if (char.length !== 1 || char.charCodeAt(0) > 127) throw new UsageError(`--${name} takes one ASCII character, not '${given}'.`)
  return char
}

/** The hints given by these options. Throws UsageError. */
export const hintsFrom = ({ delimiter, quote, header, encoding }: Values): DialectHints => ({
  ...(typeof delimiter === 'string' ? { delimiter: character('delimiter', delimiter) } : {}),
  ...(typeof quote === 'string' ? { quote: NAMED[quote.toLowerCase()] === '' ? null : character('quote', quote) } : {}),
  ...(typeof header === 'boolean' ? { header } : {}),
  ...(typeof encoding === 'string' ? { encoding } : {}),
})
