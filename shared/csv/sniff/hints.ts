/** What may a user say about the dialect? Hints override what is found, so they are checked before anything is read with them. */
import { encodingProblem } from './encoding.ts'
import type { SniffProblem } from './problem.ts'

export interface DialectHints {
  readonly delimiter?: string | undefined
  readonly quote?: string | null | undefined
  readonly escape?: string | null | undefined
  readonly header?: boolean | undefined
  readonly newline?: 'lf' | 'cr' | undefined
  readonly encoding?: string | undefined
}

/** One ASCII character that ends no line: a byte that is never part of a longer UTF-8 sequence. */
const isUsable = (character: string): boolean =>
  character.length === 1 && character.charCodeAt(0) < 0x80 && character !== '\n' && character !== '\r'

const ROLES = ['delimiter', 'quote', 'escape'] as const

/** Why no file can be read by these hints: dialect_invalid, encoding_unknown, encoding_unsupported; null if one can. */
export const hintsProblem = (hints: DialectHints): SniffProblem | null => {
  for (const role of ROLES) {
    const character = hints[role]
    if (typeof character === 'string' && !isUsable(character))
      return invalid(`The ${role} must be one ASCII character other than a line end; this is ${JSON.stringify(character.slice(0, 20))}.`)
  }
  const { delimiter } = hints
  const quote = hints.quote === undefined ? '"' : hints.quote
  if (delimiter !== undefined && delimiter === quote) return invalid('The delimiter and the quote must be two different characters.')
  if (delimiter !== undefined && delimiter === hints.escape)
    return invalid('The delimiter and the escape must be two different characters.')
  return hints.encoding === undefined ? null : encodingProblem(hints.encoding)
}

const invalid = (detail: string): SniffProblem => ({ code: 'dialect_invalid', detail })
