/** What specifications have in common. */
import { z } from 'zod'
import { utf8 } from '../base/bytes.ts'
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { checkClause, type Filter } from '../filter/check.ts'
import type { ClauseError } from '../filter/clause.ts'
import { parseClause } from '../filter/parser.ts'
import { printClause } from '../filter/print.ts'
import { sampleSpec } from './sample.ts'

/** What the user says about the dialect; null takes nothing back. */
export const dialectHints = z.strictObject({
  delimiter: z.string().min(1).max(LIMITS.delimiterBytesMax).optional(),
  quote: z.string().min(1).max(1).nullable().optional(),
  escape: z.string().min(1).max(1).nullable().optional(),
  comment: z.string().min(1).max(1).nullable().optional(),
  header: z.boolean().optional(),
  newline: z.enum(['lf', 'cr']).optional(),
  encoding: z.string().max(40).optional(),
})

const clauseText = z
  .string()
  .min(1)
  .refine((text) => utf8(text).length <= LIMITS.clauseBytesMax, `A clause has at most ${LIMITS.clauseBytesMax} bytes.`)

/** `keep`: rows with too few or too many fields are rows like others. `reject`: they go to the rejects file. */
const ragged = z.enum(['keep', 'reject'])

/** What every operation that goes by rows takes. */
export const rowFields = {
  where: clauseText.optional().describe("An SQL WHERE clause over the file's columns; without one every row is wanted."),
  sample: sampleSpec.optional(),
  ragged: ragged.default('keep'),
  dialect: dialectHints.optional(),
}

/** What takes rows by their number among those that clause and sample keep. */
export const windowFields = {
  offset: z.int().min(0).optional().describe('How many of the kept rows to pass over first.'),
  limit: z.int().min(0).optional().describe('How many rows to keep at most.'),
}

const rowSpec = z.strictObject({ ...rowFields, ...windowFields })
export type RowSpec = z.output<typeof rowSpec>

/** The failure of a clause, with its place. */
export const clauseFailure = (clause: string, { code, text, ...where }: ClauseError): AppError =>
  new AppError(code, text, { extra: { clause, ...where } })

/** The clause in its one spelling; throws clause_invalid. */
const normalClause = (clause: string): string => {
  const parsed = parseClause(clause)
  if (!parsed.ok) throw clauseFailure(clause, parsed.error)
  return printClause(parsed.ast)
}

/** The same specification with its clause, if it has one, in its one spelling; throws clause_invalid. */
export const normalRows = <Spec extends { readonly where?: string | undefined }>(spec: Spec): Spec =>
  spec.where === undefined ? spec : { ...spec, where: normalClause(spec.where) }

/** The clause checked against these columns; throws what is wrong. */
export const boundClause = (clause: string, columns: readonly string[]): Filter => {
  const checked = checkClause(clause, columns)
  if (!checked.ok) throw clauseFailure(clause, checked.error)
  return checked.filter
}
