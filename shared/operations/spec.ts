/** What specifications have in common. */
import { z } from 'zod'
import { utf8 } from '../base/bytes.ts'
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { checkClause, type Filter } from '../filter/check.ts'
import type { ClauseError } from '../filter/clause.ts'
import { parseClause } from '../filter/parser.ts'
import { printClause } from '../filter/print.ts'

/** What the user says about the dialect; null takes nothing back. */
export const dialectHints = z.strictObject({
  delimiter: z.string().min(1).max(1).optional(),
  quote: z.string().min(1).max(1).nullable().optional(),
  escape: z.string().min(1).max(1).nullable().optional(),
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
  where: clauseText.describe("An SQL WHERE clause over the file's columns."),
  ragged: ragged.default('keep'),
  dialect: dialectHints.optional(),
}

/** The failure of a clause, with its place. */
export const clauseFailure = (clause: string, { code, text, ...where }: ClauseError): AppError =>
  new AppError(code, text, { extra: { clause, ...where } })

/** The clause in its one spelling; throws clause_invalid. */
export const normalClause = (clause: string): string => {
  const parsed = parseClause(clause)
  if (!parsed.ok) throw clauseFailure(clause, parsed.error)
  return printClause(parsed.ast)
}

/** The clause checked against these columns; throws what is wrong. */
export const boundClause = (clause: string, columns: readonly string[]): Filter => {
  const checked = checkClause(clause, columns)
  if (!checked.ok) throw clauseFailure(clause, checked.error)
  return checked.filter
}
