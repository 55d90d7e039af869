/** What may a user say about the dialect? Hints override what is found, so they are checked before anything is read with them. */
import { LIMITS } from '../../base/limits.ts'
import { encodingProblem } from './encoding.ts'
import type { SniffProblem } from './problem.ts'

export interface DialectHints {
  readonly delimiter?: string | undefined
  readonly quote?: string | null | undefined
  readonly escape?: string | null | undefined
  readonly comment?: string | null | undefined
  readonly header?: boolean | undefined
  readonly newline?: 'lf' | 'cr' | undefined
  readonly encoding?: string | undefined
}

/** One ASCII character that ends no line: a byte that is never part of a longer UTF-8 sequence. */
const isUsable = (character: string): boolean => character.charCodeAt(0) < 0x80 && character !== '\n' && character !== '\r'

/** Role -> how many characters it may have. */
const ROLES = { delimiter: LIMITS.delimiterBytesMax, quote: 1, escape: 1, comment: 1 } as const
type Role = keyof typeof ROLES

const wrongCharacter = (role: Role, said: string | null | undefined): SniffProblem | null => {
  if (typeof said !== 'string' || (said !== '' && said.length <= ROLES[role] && [...said].every(isUsable))) return null
  const many = ROLES[role] === 1 ? 'one ASCII character' : `one ASCII character, or up to ${ROLES[role]},`
  return invalid(`The ${role} must be ${many} other than a line end; this is ${JSON.stringify(said.slice(0, 20))}.`)
}

/** Which two of them cannot be told apart. An escape may be the quote: then quotes are doubled. */
const clash = (hints: DialectHints): SniffProblem | null => {
  const quote = hints.quote === undefined ? '"' : hints.quote
  const { delimiter = '', escape: escaper, comment } = hints
  const within = Object.entries({ quote, escape: escaper, comment }).find(([, said]) => said && delimiter.includes(said))
  if (within) return invalid(`The delimiter and the ${within[0]} must be two different characters, and the one must not hold the other.`)
  if (!comment || (comment !== quote && comment !== escaper)) return null
  return invalid(`The comment and the ${comment === quote ? 'quote' : 'escape'} must be two different characters.`)
}

/** Why no file can be read by these hints: dialect_invalid, encoding_unknown, encoding_unsupported; null if one can. */
export const hintsProblem = (hints: DialectHints): SniffProblem | null => {
  for (const role of Object.keys(ROLES) as Role[]) {
    const wrong = wrongCharacter(role, hints[role])
    if (wrong) return wrong
  }
  return clash(hints) ?? (hints.encoding === undefined ? null : encodingProblem(hints.encoding))
}

const invalid = (detail: string): SniffProblem => ({ code: 'dialect_invalid', detail })
