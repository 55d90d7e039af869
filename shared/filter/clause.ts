/**
 * The filter language's front: a clause's text in, a checked clause out, or a mistake with its place.
 * A clause with a mistake is bad data and no exception: whoever asks gets `{ ok: false, error }`. Only inside this folder a mistake travels as a throw, from where it is seen to the door.
 */

/** A mistake in a clause, with its place. `at` and `length` count UTF-16 code units of the clause's text. */
export interface ClauseError {
  readonly code: 'clause_invalid' | 'column_unknown' | 'column_ambiguous' | 'type_mismatch'
  readonly at: number
  readonly length: number
  /** One sentence. */
  readonly text: string
  readonly found?: string
  readonly expected?: string
  /** What was probably meant: a column's or function's name. */
  readonly suggestion?: string
}

/** A place in a clause's text, in UTF-16 code units. */
export interface Span {
  readonly at: number
  readonly length: number
}

/** What a mistake may say beside its sentence. */
export type Hints = Pick<ClauseError, 'found' | 'expected' | 'suggestion'>

class ClauseMistake extends Error {
  override readonly name = 'ClauseMistake'
  readonly error: ClauseError

  constructor(error: ClauseError) {
    super(error.text)
    this.error = error
  }
}

/** Gives up on the clause; `attempt` turns it into an answer. */
export const fail = (code: ClauseError['code'], { at, length }: Span, text: string, hints: Hints = {}): never => {
  throw new ClauseMistake({ code, at, length, text, ...hints })
}

/** What `work` returns, or the mistake that ended it. Anything else that is thrown is ours and passes through. */
export const attempt = <T>(work: () => T): { ok: true; value: T } | { ok: false; error: ClauseError } => {
  try {
    return { ok: true, value: work() }
  } catch (error) {
    if (error instanceof ClauseMistake) return { ok: false, error: error.error }
    throw error
  }
}

/** From the start of one span to the end of another. */
export const spanning = (first: Span, last: Span): Span => ({ at: first.at, length: last.at + last.length - first.at })
