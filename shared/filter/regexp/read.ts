/**
 * What does a regular expression say, if it is one of the plain kind? RE2's syntax in, a tree out, or null for anything out of the ordinary (Unicode classes, flags within, `\Q…\E`, …),
 * which then runs in re2js. It is asked only about patterns that re2js has accepted, so what is wrong need not be found here; what is doubtful is refused.
 */
import { normalSet, oppositeOf, type Pattern, type Place, type PointSet, type Range } from './tree.ts'

export interface Flags {
  /** Case does not matter; only of ASCII letters, others are refused. */
  readonly fold: boolean
  /** `.` matches line ends. */
  readonly dotAll: boolean
}

interface Reader {
  readonly points: readonly string[]
  next: number
  readonly flags: Flags
}

/** Gives up: this is for re2js. */
class Unusual extends Error {}

const unusual = (): never => {
  throw new Unusual()
}

const peek = (r: Reader): string | undefined => r.points[r.next]

const eat = (r: Reader, wanted: string): boolean => {
  const found = [...wanted].every((character, i) => r.points[r.next + i] === character)
  if (found) r.next += wanted.length
  return found
}

const DIGIT: PointSet = [[0x30, 0x39]]
const WORD: PointSet = normalSet([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
])
const SPACE: PointSet = normalSet([
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
])
const LINE_END: PointSet = [[0x0a, 0x0a]]
const ANY: PointSet = oppositeOf([])

/** The Kelvin sign and the long s, which RE2 counts to k and s where case does not matter. */
const KELVIN = 0x212a
const LONG_S = 0x17f
const FOLDED_WORD: PointSet = normalSet([...WORD, [LONG_S, LONG_S], [KELVIN, KELVIN]])

const classesOf = (word: PointSet): Readonly<Record<string, PointSet>> => ({
  d: DIGIT,
  D: oppositeOf(DIGIT),
  w: word,
  W: oppositeOf(word),
  s: SPACE,
  S: oppositeOf(SPACE),
})

const CLASSES = classesOf(WORD)
const FOLDED_CLASSES = classesOf(FOLDED_WORD)

const classOf = (r: Reader, letter: string | undefined): PointSet | undefined =>
  letter === undefined ? undefined : (r.flags.fold ? FOLDED_CLASSES : CLASSES)[letter]

const CONTROLS: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, f: 0x0c, r: 0x0d, v: 0x0b, a: 0x07 }
/** Not `\B`: the platform's finds one between the two halves of a code point beyond U+FFFF. */
const PLACES: Readonly<Record<string, Place>> = { b: 'word-border', A: 'start', z: 'end' }

const isPunctuation = (character: string): boolean => /^[!-/:-@[-`{-~]$/.test(character)

/** What an ASCII letter is when case does not matter. */
const foldsOf = (point: number): number[] => {
  const lower = point | 0x20
  if (lower < 0x61 || lower > 0x7a) return [point]
  const more = lower === 0x6b ? [KELVIN] : lower === 0x73 ? [LONG_S] : []
  return [lower, lower - 32, ...more]
}

/** A range as the flags see it. */
const rangeOf = (r: Reader, first: number, last: number): Range[] => {
  if (!r.flags.fold) return [[first, last]]
  if (last > 0x7f) return unusual()
  const ranges: Range[] = []
  for (let point = first; point <= last; point++) for (const fold of foldsOf(point)) ranges.push([fold, fold])
  return ranges
}

const readHex = (r: Reader): number => {
  const digits = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(r.points.slice(r.next, r.next + 8).join(''))
  if (!digits) return unusual()
  r.next += digits[0].length
  return Number.parseInt(digits[1] ?? digits[2]!, 16)
}

/** Behind a backslash, what stands for one character. */
const readEscapedPoint = (r: Reader): number => {
  const character = r.points[r.next++]
  if (character === undefined) return unusual()
  if (character === 'x') return readHex(r)
  return CONTROLS[character] ?? (isPunctuation(character) ? character.codePointAt(0)! : unusual())
}

const readClassPoint = (r: Reader): number => {
  if (eat(r, '\\')) return readEscapedPoint(r)
  const character = r.points[r.next++]
  return character === undefined || character === '[' ? unusual() : character.codePointAt(0)!
}

const readClassItem = (r: Reader): readonly Range[] => {
  const escaped = peek(r) === '\\' ? classOf(r, r.points[r.next + 1]) : undefined
  if (escaped) {
    r.next += 2
    return escaped
  }
  const first = readClassPoint(r)
  const isRange = peek(r) === '-' && r.points[r.next + 1] !== ']'
  if (!isRange) return rangeOf(r, first, first)
  r.next++
  const last = readClassPoint(r)
  return last < first ? unusual() : rangeOf(r, first, last)
}

/** Behind `[`. A `]` in the first place is a member. */
const readClass = (r: Reader): Pattern => {
  const isOpposite = eat(r, '^')
  const ranges: Range[] = []
  do ranges.push(...readClassItem(r))
  while (peek(r) !== ']' && peek(r) !== undefined)
  if (!eat(r, ']')) return unusual()
  const set = normalSet(ranges)
  return { kind: 'set', set: isOpposite ? oppositeOf(set) : set }
}

const readEscape = (r: Reader): Pattern => {
  const character = peek(r) ?? unusual()
  const place = PLACES[character]
  const set = classOf(r, character)
  if (place || set) r.next++
  if (place) return { kind: 'place', place }
  if (set) return { kind: 'set', set }
  const point = readEscapedPoint(r)
  return { kind: 'set', set: normalSet(rangeOf(r, point, point)) }
}

const readGroup = (r: Reader): Pattern => {
  if (peek(r) === '?' && !eat(r, '?:')) {
    const name = /^\?P<\w+>/.exec(r.points.slice(r.next).join(''))
    r.next += name ? name[0].length : unusual()
  }
  const inner = readChoice(r)
  return eat(r, ')') ? inner : unusual()
}

const readAtom = (r: Reader): Pattern => {
  const character = r.points[r.next++] ?? unusual()
  if (character === '(') return readGroup(r)
  if (character === '[') return readClass(r)
  if (character === '\\') return readEscape(r)
  if (character === '.') return { kind: 'set', set: r.flags.dotAll ? ANY : oppositeOf(LINE_END) }
  if (character === '^') return { kind: 'place', place: 'start' }
  if (character === '$') return { kind: 'place', place: 'end' }
  if ('*+?{'.includes(character)) return unusual()
  const point = character.codePointAt(0)!
  return { kind: 'set', set: normalSet(rangeOf(r, point, point)) }
}

/** min and max of the repetition that follows, if one does. */
const readCount = (r: Reader): Range | null => {
  if (eat(r, '*')) return [0, Number.POSITIVE_INFINITY]
  if (eat(r, '+')) return [1, Number.POSITIVE_INFINITY]
  if (eat(r, '?')) return [0, 1]
  if (peek(r) !== '{') return null
  const [all, min, comma, max] = /^\{(\d+)(,?)(\d*)\}/.exec(r.points.slice(r.next).join('')) ?? unusual()
  r.next += all!.length
  return [Number(min), comma ? (max ? Number(max) : Number.POSITIVE_INFINITY) : Number(min)]
}

const readRepeated = (r: Reader): Pattern => {
  const item = readAtom(r)
  const count = readCount(r)
  if (!count) return item
  // Whether it is greedy matters to what is found, not to whether something is.
  eat(r, '?')
  if (readCount(r) || item.kind === 'place') return unusual()
  return { kind: 'repeat', item, min: count[0], max: count[1] }
}

const readRow = (r: Reader): Pattern => {
  const items: Pattern[] = []
  while (r.next < r.points.length && peek(r) !== '|' && peek(r) !== ')') items.push(readRepeated(r))
  return items.length === 1 ? items[0]! : { kind: 'row', items }
}

const readChoice = (r: Reader): Pattern => {
  const items = [readRow(r)]
  while (eat(r, '|')) items.push(readRow(r))
  return items.length === 1 ? items[0]! : { kind: 'choice', items }
}

const LEADING_FLAGS = /^\(\?([is]+)\)/

/** The tree of a pattern, or null. */
export const readPattern = (pattern: string, { fold, dotAll }: Flags): Pattern | null => {
  const [written, letters = ''] = LEADING_FLAGS.exec(pattern) ?? ['']
  const r: Reader = {
    points: [...pattern.slice(written.length)],
    next: 0,
    flags: { fold: fold || letters.includes('i'), dotAll: dotAll || letters.includes('s') },
  }
  try {
    const tree = readChoice(r)
    return r.next === r.points.length ? tree : null
  } catch (error) {
    if (error instanceof Unusual) return null
    throw error
  }
}
