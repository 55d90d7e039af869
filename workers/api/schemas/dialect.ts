/** The dialect of a CSV: what a client may say about it, and what we found. */
import { z } from '@hono/zod-openapi'
import { LIMITS } from '../../../shared/base/limits.ts'
import type { DialectHints } from '../../../shared/csv/sniff/sniff.ts'
import { flagText } from './fields.ts'

const character = z.string().min(1).max(4)
const delimiter = z.string().min(1).max(LIMITS.delimiterBytesMax)

/** Words for characters that are hard to send in an address or a form. */
const WORDS: Record<string, string> = { tab: '\t', comma: ',', semicolon: ';', pipe: '|', space: ' ', '\\t': '\t' }
const characterText = z
  .string()
  .min(1)
  .max(16)
  .transform((text) => WORDS[text] ?? text)
/** A character, or `none`. */
const optionalCharacterText = characterText.transform((text) => (text === 'none' ? null : text))

/** Hints in a JSON body. null: there is no such character. */
export const hintFields = {
  delimiter: delimiter
    .optional()
    .openapi({ description: `One character, or up to ${LIMITS.delimiterBytesMax}; found by itself where it is not given.` }),
  quote: character.nullable().optional().openapi({ description: 'One character; null: nothing is ever quoted.' }),
  escape: character.nullable().optional().openapi({
    description: 'How a quote stands inside quotes: the quote itself means doubled; another character makes data of the one after it.',
  }),
  comment: character.nullable().optional().openapi({
    description: 'One character: lines that begin with it are comments. null: there are none, whatever it looks like.',
  }),
  header: z.boolean().optional().openapi({ description: 'True: the first record names the columns.' }),
  encoding: z.string().min(1).max(LIMITS.shortTextCharsMax).optional().openapi({ description: 'The name of an encoding (WHATWG).' }),
}

/** The same hints as text, in a query or a form. */
export const hintTexts = {
  delimiter: characterText.optional().openapi({
    type: 'string',
    description: `One character, or up to ${LIMITS.delimiterBytesMax}, or \`tab\`, \`comma\`, \`semicolon\`, \`pipe\`, \`space\`.`,
  }),
  quote: optionalCharacterText.optional().openapi({ type: 'string', description: 'One character, or `none`.' }),
  escape: optionalCharacterText.optional().openapi({ type: 'string', description: 'One character, or `none`.' }),
  comment: optionalCharacterText.optional().openapi({ type: 'string', description: 'One character, or `none`.' }),
  header: flagText.optional(),
  encoding: z.string().min(1).max(LIMITS.shortTextCharsMax).optional(),
}

const HINTS = ['delimiter', 'quote', 'escape', 'comment', 'header', 'encoding'] as const

/** The hints among what was said. */
export const hintsFrom = (said: DialectHints): DialectHints =>
  Object.fromEntries(HINTS.filter((name) => said[name] !== undefined).map((name) => [name, said[name]]))

export const dialectSchema = z
  .object({
    delimiter: z.string(),
    quote: z.string().nullable(),
    escape: z.string().nullable(),
    comment: z.string().nullable(),
    newline: z.enum(['lf', 'cr']),
    line_end: z.enum(['\n', '\r\n', '\r']),
    header: z.boolean(),
    encoding: z.enum(['utf-8', 'unknown-8bit']).openapi({ description: 'Of the bytes as they are scanned.' }),
    decoded_from: z.object({ gzip: z.boolean(), encoding: z.string().nullable() }).nullable().openapi({
      description: 'What the file is unpacked and decoded from before it is scanned; byte offsets count the bytes that come out.',
    }),
    bom: z.boolean(),
    header_end: z.int().openapi({ description: 'Byte offset of the first data record.' }),
  })
  .openapi('Dialect')
