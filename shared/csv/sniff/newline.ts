/**
 * Where do lines end? Counted over the sample outside quotes, with every CR and LF taken for an end, because which of them is one is the question.
 */
import type { Dialect, LineEnd } from '../dialect.ts'
import { END_FIELD, END_LINE, endsDelimiter, grammarOf, KIND_BITS, LINE_START, STATE_BITS, STATE_MASK, UNQUOTED } from '../states.ts'

const LF = 10
const CR = 13

/** Line ends of each kind outside quotes. A CR that the sample ends with counts only if the file ends there: an LF may follow. */
const countEnds = (sample: Uint8Array, dialect: Dialect, isWhole: boolean): Record<LineEnd, number> => {
  const { kinds, steps, newline, delimiter } = grammarOf({ ...dialect, newline: 'lf' })
  kinds[CR] = kinds[newline]!
  const ends = { '\n': 0, '\r\n': 0, '\r': 0 }
  let state: number = LINE_START
  let fieldStart = 0
  for (let at = 0; at < sample.length; at++) {
    const step = steps[(state << KIND_BITS) | kinds[sample[at]!]!]!
    const act = step >> STATE_BITS
    state = step & STATE_MASK
    if (act === END_FIELD) {
      if (endsDelimiter(sample, at, fieldStart, delimiter)) fieldStart = at + 1
      else state = UNQUOTED
    }
    if (act !== END_LINE) continue
    state = LINE_START
    fieldStart = at + 1
    if (sample[at] === LF) ends[sample[at - 1] === CR ? '\r\n' : '\n']++
    else if (sample[at + 1] !== LF && (isWhole || at + 1 < sample.length)) ends['\r']++
  }
  return ends
}

/** CR mode where lines end with CRs and never with an LF; the line end that most lines have. `hint` overrides the mode. */
export const lineEndsOf = (
  sample: Uint8Array,
  dialect: Dialect,
  isWhole: boolean,
  hint: Dialect['newline'] | undefined,
): Pick<Dialect, 'newline' | 'lineEnd'> => {
  const ends = countEnds(sample, dialect, isWhole)
  const hasLf = ends['\n'] + ends['\r\n'] > 0
  const newline = hint ?? (ends['\r'] > 0 && !hasLf ? 'cr' : 'lf')
  if (newline === 'cr') return { newline, lineEnd: '\r' }
  return { newline, lineEnd: ends['\r\n'] > ends['\n'] ? '\r\n' : '\n' }
}
