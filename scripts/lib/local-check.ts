/** Is this a list? Asked here, of the first bytes, with the very code the service uses. And how a mistake in a clause is shown. */
import { LIMITS } from '../../shared/base/limits.ts'
import { safeText } from '../../shared/client/terminal-text.ts'
import { type DialectHints, SECOND_LOOK_BYTES, type Sniffed } from '../../shared/csv/sniff/sniff.ts'
import { lookAt } from '../../shared/files/look.ts'
import type { ClauseError } from '../../shared/filter/clause.ts'
import { explainClause } from '../../shared/filter/error-text.ts'
import { CommandError, UsageError } from './command.ts'

const CODES: readonly string[] = ['clause_invalid', 'column_unknown', 'column_ambiguous', 'type_mismatch'] satisfies ClauseError['code'][]

/** A mistake in the clause, as the service's problem document tells it; null if it tells of something else. */
export const clauseErrorIn = (code: string, members: Readonly<Record<string, unknown>>): ClauseError | null => {
  if (!CODES.includes(code) || typeof members.at !== 'number') return null
  const { at, length, found, expected, suggestion } = members as unknown as ClauseError
  return {
    code: code as ClauseError['code'],
    at,
    length,
    text: String(members.detail),
    ...(found ? { found } : {}),
    ...(expected ? { expected } : {}),
    ...(suggestion ? { suggestion } : {}),
  }
}

/** The mistake with a caret under it. */
export const clauseMistake = (clause: string, error: ClauseError): UsageError => new UsageError(explainClause(clause, error))

const sniffBytes = async (list: Blob, bytes: number, hints: DialectHints): Promise<Sniffed> =>
  lookAt({ bytes: new Uint8Array(await list.slice(0, bytes).arrayBuffer()), isWhole: bytes >= list.size }, hints, bytes)

/** What the first bytes of a list tell. Throws CommandError with what the service would say. */
export const shapeOf = async (list: Blob, name: string, hints: DialectHints): Promise<Extract<Sniffed, { ok: true }>> => {
  let sniffed = await sniffBytes(list, LIMITS.sniffBytes, hints)
  if (!sniffed.ok && sniffed.needMore) sniffed = await sniffBytes(list, SECOND_LOOK_BYTES, hints)
  if (sniffed.ok) return sniffed
  throw new CommandError(`${safeText(name)}: ${safeText(sniffed.problem.detail)} (${sniffed.problem.code})`)
}
