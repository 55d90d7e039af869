/**
 * How are the kept rows written? What a specification can say, and what of it does not go together.
 * Said nothing, rows leave as they came, byte for byte. Whatever asks for other columns or another spelling has them written anew, see output.ts.
 */
import { z } from 'zod'
import { AppError } from '../base/errors.ts'
import { columnList } from './columns.ts'

const character = z
  .string()
  .length(1)
  .refine((char) => char < '\x80' && char !== '\n' && char !== '\r' && char !== '\0', 'One ASCII character other than a line end or NUL')

export const OUTPUT_FORMATS = ['csv', 'tsv', 'ndjson', 'arrays'] as const
export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

const dialectSpec = z
  .strictObject({
    delimiter: character.optional(),
    quote: character.optional().describe('A quote inside quotes is doubled.'),
    quoting: z
      .enum(['minimal', 'all'])
      .optional()
      .describe('Which fields are quoted: those that need it, or all. Otherwise also those that came quoted.'),
    newline: z.enum(['lf', 'crlf', 'cr']).optional(),
    header: z
      .boolean()
      .optional()
      .describe('Whether the first line names the columns. Otherwise as in the input, and where a column is renamed.'),
    bom: z.boolean().optional().describe('Whether the output begins with a byte order mark, which Excel takes as a sign of UTF-8.'),
  })
  .describe(
    'How a CSV is written; what is not said is as in the input. Of these, format `tsv` sets the delimiter, and format `arrays` takes `header` only.',
  )

export const outputFields = {
  columns: columnList.optional(),
  format: z
    .enum(OUTPUT_FORMATS)
    .optional()
    .describe(
      '`csv`: commas and double quotes; `tsv`: tabs; `ndjson`: one JSON object a line; `arrays`: one JSON array a line, the first with the names. Otherwise the CSV that the input is.',
    ),
  output_dialect: dialectSpec.optional(),
  formula_guard: z
    .boolean()
    .optional()
    .describe('True: cells that a spreadsheet could run as a formula get an apostrophe in front. Changes data; for CSV only.'),
}

const outputSpec = z.strictObject(outputFields)
export type OutputSpec = z.output<typeof outputSpec>

const fault = (path: string, detail: string): AppError =>
  new AppError('field_invalid', detail, { errors: [{ pointer: `/spec/${path}`, code: 'field_invalid', detail }] })

const UNFIT: Readonly<Partial<Record<OutputFormat, { readonly members: readonly string[]; readonly why: string }>>> = {
  tsv: { members: ['delimiter'], why: 'Format tsv has tabs between its fields: leave the delimiter out, or take format csv.' },
  ndjson: { members: ['delimiter', 'quote', 'quoting', 'newline', 'header', 'bom'], why: 'Format ndjson has no dialect: leave it out.' },
  arrays: { members: ['delimiter', 'quote', 'quoting', 'newline', 'bom'], why: 'Of a dialect, format arrays takes only the header.' },
}

/** Throws field_invalid for what does not go together whatever the input is. */
export const refuseUnfit = ({ format, output_dialect = {}, formula_guard }: OutputSpec): void => {
  const unfit = format && UNFIT[format]
  const member = unfit?.members.find((name) => name in output_dialect)
  if (unfit && member) throw fault(`output_dialect/${member}`, unfit.why)
  if (formula_guard && (format === 'ndjson' || format === 'arrays'))
    throw fault('formula_guard', 'The formula guard is for spreadsheets, and they read CSV: leave it out, or take format csv.')
}
