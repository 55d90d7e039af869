/** What the functions with regular expressions do: they take pattern and options once, refuse what is none with its place, and are asked text by text. */
import { textOf, utf8 } from '../../base/bytes.ts'
import { LIMITS } from '../../base/limits.ts'
import { textOfField } from '../../csv/field.ts'
import { compilePattern, nativePattern, type Options, testerOf } from '../regexp/regexp.ts'
import type { Given } from '../signature.ts'

interface Wanted {
  fold: boolean
  dotAll: boolean
  isLiteral: boolean
}

/** What the letters of DuckDB's options do, in the order in which they are written. `m`, `n` and `p` say what is so anyway: `.` matches no line end. */
const LETTERS: Readonly<Record<string, (wanted: Wanted) => void>> = {
  c: (wanted) => {
    wanted.fold = false
  },
  i: (wanted) => {
    wanted.fold = true
  },
  l: (wanted) => {
    wanted.isLiteral = true
  },
  s: (wanted) => {
    wanted.dotAll = true
  },
  m: (wanted) => {
    wanted.dotAll = false
  },
  n: (wanted) => {
    wanted.dotAll = false
  },
  p: (wanted) => {
    wanted.dotAll = false
  },
  ' ': () => {},
}

const optionsOf = ({ text, refuse }: Given): Options => {
  const wanted: Wanted = { fold: false, dotAll: false, isLiteral: false }
  for (const [at, letter] of [...(text('options') ?? '')].entries()) {
    const apply = LETTERS[letter]
    if (!apply)
      refuse(
        'options',
        `There is no option ${letter}: i ignores case, s lets . match line ends, l takes the pattern literally.`,
        { found: letter, expected: 'c, i, l or s' },
        at,
        letter.length,
      )
    else apply(wanted)
  }
  return wanted
}

const prepared = (given: Given) => {
  const options = optionsOf(given)
  const pattern = textOf(utf8(given.text('pattern')!))
  if (utf8(pattern).length > LIMITS.patternBytesMax)
    given.refuse('pattern', `A regular expression is at most ${LIMITS.patternBytesMax} bytes long.`)
  const compiled = compilePattern(pattern, options)
  if (!('reason' in compiled)) return { pattern, options, compiled }
  const { reason, part } = compiled
  const at = part === '' ? -1 : pattern.indexOf(part)
  const place = at < 0 || part === pattern ? [] : [at, part.length]
  return given.refuse(
    'pattern',
    `This is no regular expression (RE2): ${reason}${part ? ` in ${part}` : ''}.`,
    { found: part || pattern, expected: 'a regular expression in RE2 syntax' },
    ...place,
  )
}

/** `part`: some part of the text fits; `whole`: all of it does. */
export const regexpTest = (what: 'part' | 'whole') => (given: Given) => {
  const { pattern, options, compiled } = prepared(given)
  if (what === 'whole') return (text: Uint8Array): boolean => compiled.testExact(textOfField(text))
  const matches = testerOf(compiled, nativePattern(pattern, options))
  return (text: Uint8Array): boolean => matches(textOfField(text))
}

const GROUP_MAX = 9

/** What the first match or one of its groups holds; a group that took no part is empty. */
export const regexpExtract = (given: Given) => {
  const { compiled } = prepared(given)
  const group = given.integer('group') ?? 0
  if (group < 0 || group > GROUP_MAX) given.refuse('group', `A group is a number from 0 to ${GROUP_MAX}.`, { expected: '0 to 9' })
  const exists = group <= compiled.groupCount()
  return (text: Uint8Array): Uint8Array => {
    const matcher = compiled.matcher(textOfField(text))
    return utf8(exists && matcher.find() ? (matcher.group(group) ?? '') : '')
  }
}
