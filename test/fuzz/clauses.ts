/**
 * Random clauses that are right in types, each with its meaning beside it: a function over the cells of a row, written without any of the product's code.
 * Slow and plain: numbers, texts and truths as JavaScript has them, three-valued logic by the book.
 */
import type { Random } from '../support/random.ts'
import { type Cell, COLUMN_NAMES } from './cells.ts'

export type Truth = boolean | null
type Row = readonly Cell[]

export interface Clause {
  readonly text: string
  readonly holds: (row: Row) => Truth
}

const not = (a: Truth): Truth => (a === null ? null : !a)
const and = (all: readonly Truth[]): Truth => (all.includes(false) ? false : all.includes(null) ? null : true)
const or = (all: readonly Truth[]): Truth => not(and(all.map(not)))

/** A type: how its values are ordered, what a cell means in it, and how a random one is written in a clause. */
interface Kind<V> {
  readonly of: (cell: Cell) => V | null
  readonly order: (a: V, b: V) => number
  readonly literal: (random: Random) => { readonly text: string; readonly value: V }
}

/** NaN equals itself and is more than anything else; -0 is 0. */
const orderNumbers = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a < b ? -1 : a > b ? 1 : 0

const NUMBER: Kind<number> = {
  of: ({ number }) => number,
  order: orderNumbers,
  literal: (random) => {
    const text = random.pick(['0', '1', '5', '12', '12.5', '-7', '.5', '1e3', '50', '0.1', '9007199254740993', '1000000'])
    return { text, value: Number(text) }
  },
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const VALUES = ['NY', 'ny', 'Zoë', 'a%b', 'x\ny', '12', '5', "O'Neil", 'true', '2024-01-31', '😀', '\ud7ff', 'say "hi"', 'a']

const TEXT: Kind<string> = {
  of: ({ text }) => (text === '' ? null : text),
  order: (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)),
  literal: (random) => {
    const value = random.pick(VALUES)
    return { text: quoted(value), value }
  },
}

const DATES: readonly (readonly [string, number])[] = [
  ['2024-01-31', 19_753],
  ['1970-01-01', 0],
  ['2024-02-29', 19_782],
  ['1969-12-31', -1],
]

const DATE: Kind<number> = {
  of: ({ date }) => date,
  order: orderNumbers,
  literal: (random) => {
    const [text, value] = random.pick(DATES)
    return { text: `DATE '${text}'`, value }
  },
}

interface Operator {
  readonly signs: readonly string[]
  readonly holds: (order: number) => boolean
}

const OPERATORS: readonly Operator[] = [
  { signs: ['=', '=='], holds: (order) => order === 0 },
  { signs: ['<>', '!='], holds: (order) => order !== 0 },
  { signs: ['<'], holds: (order) => order < 0 },
  { signs: ['<='], holds: (order) => order <= 0 },
  { signs: ['>'], holds: (order) => order > 0 },
  { signs: ['>='], holds: (order) => order >= 0 },
]

const compare = <V>({ order }: Kind<V>, a: V | null, b: V | null, holds: (order: number) => boolean): Truth =>
  a === null || b === null ? null : holds(order(a, b))

/** A column by its name, with the cell it stands for. */
const column = (random: Random): { text: string; cell: (row: Row) => Cell } => {
  const index = random.below(COLUMN_NAMES.length)
  return { text: COLUMN_NAMES[index]!, cell: (row) => row[index]! }
}

const comparison = <V>(random: Random, kind: Kind<V>): Clause => {
  const { text, cell } = column(random)
  const literal = kind.literal(random)
  const { signs, holds } = random.pick(OPERATORS)
  const sign = random.pick(signs)
  const test = (row: Row, isTurned: boolean): Truth =>
    compare(kind, kind.of(cell(row)), literal.value, (order) => holds(isTurned ? -order : order))
  return random.oneIn(5)
    ? { text: `${literal.text} ${sign} ${text}`, holds: (row) => test(row, true) }
    : { text: `${text} ${sign} ${literal.text}`, holds: (row) => test(row, false) }
}

const columns = (random: Random): Clause => {
  const [left, right] = [column(random), column(random)]
  const { signs, holds } = random.pick(OPERATORS)
  return {
    text: `${left.text} ${random.pick(signs)} ${right.text}`,
    holds: (row) => compare(TEXT, TEXT.of(left.cell(row)), TEXT.of(right.cell(row)), holds),
  }
}

const between = <V>(random: Random, kind: Kind<V>): Clause => {
  const { text, cell } = column(random)
  const [low, high] = [kind.literal(random), kind.literal(random)]
  const isNot = random.oneIn(3)
  return {
    text: `${text} ${isNot ? 'NOT ' : ''}BETWEEN ${low.text} AND ${high.text}`,
    holds: (row) => {
      const value = kind.of(cell(row))
      const inside = and([compare(kind, value, low.value, (order) => order >= 0), compare(kind, value, high.value, (order) => order <= 0)])
      return isNot ? not(inside) : inside
    },
  }
}

const oneOf = <V>(random: Random, kind: Kind<V>): Clause => {
  const { text, cell } = column(random)
  const list = random.times(random.between(1, 5), () => kind.literal(random))
  const isNot = random.oneIn(3)
  const hasNull = random.oneIn(6)
  return {
    text: `${text} ${isNot ? 'NOT ' : ''}IN (${[...list.map((one) => one.text), ...(hasNull ? ['NULL'] : [])].join(', ')})`,
    holds: (row) => {
      const value = kind.of(cell(row))
      const found = or([...list.map((one) => compare(kind, value, one.value, (order) => order === 0)), ...(hasNull ? [null] : [])])
      return isNot ? not(found) : found
    },
  }
}

/** Does the pattern match from there to the end? By the definition, character after character. */
const isLike = (text: readonly string[], pattern: readonly string[], escaper: string | null): boolean => {
  const [first, ...rest] = pattern
  if (first === undefined) return text.length === 0
  if (first === escaper) return rest.length > 0 && text[0] === rest[0] && isLike(text.slice(1), rest.slice(1), escaper)
  if (first === '%') return isLike(text, rest, escaper) || (text.length > 0 && isLike(text.slice(1), pattern, escaper))
  return text.length > 0 && (first === '_' || first === text[0]) && isLike(text.slice(1), rest, escaper)
}

const PATTERN_PIECES = ['%', '%', '_', 'a', 'N', 'Y', 'n', 'ë', 'X', 'b', '1', '2', '"', '\n', '$%', '$_', '😀', ' ']

const like = (random: Random): Clause => {
  const { text, cell } = column(random)
  const isFolded = random.oneIn(3)
  const hasEscape = random.oneIn(3)
  const isNot = random.oneIn(3)
  const folded = (value: string): string => (isFolded ? value.toLowerCase() : value)
  const pattern = random.times(random.below(5), () => random.pick(PATTERN_PIECES)).join('')
  return {
    text: `${text} ${isNot ? 'NOT ' : ''}${isFolded ? 'ILIKE' : 'LIKE'} ${quoted(pattern)}${hasEscape ? " ESCAPE '$'" : ''}`,
    holds: (row) => {
      const value = TEXT.of(cell(row))
      return value === null ? null : isLike([...folded(value)], [...folded(pattern)], hasEscape ? '$' : null) !== isNot
    },
  }
}

const distinct = <V>(random: Random, kind: Kind<V>): Clause => {
  const { text, cell } = column(random)
  const literal = kind.literal(random)
  const isNot = random.oneIn(2)
  return {
    text: `${text} IS ${isNot ? 'NOT ' : ''}DISTINCT FROM ${literal.text}`,
    holds: (row) => {
      const value = kind.of(cell(row))
      return (value === null || kind.order(value, literal.value) !== 0) !== isNot
    },
  }
}

const isNull = (random: Random): Clause => {
  const { text, cell } = column(random)
  const isNot = random.oneIn(2)
  return { text: `${text} IS ${isNot ? 'NOT ' : ''}NULL`, holds: (row) => (TEXT.of(cell(row)) === null) !== isNot }
}

/** A column as a condition: TRY_CAST AS BOOLEAN, spelt out or not. (Alone in parentheses it would be text again for IS NULL.) */
const bare = (random: Random): Clause => {
  const { text, cell } = column(random)
  return { text: random.oneIn(2) ? `${text} OR FALSE` : `CAST(${text} AS BOOLEAN)`, holds: (row) => cell(row).boolean }
}

const castNumber = (random: Random): Clause => {
  const { text, cell } = column(random)
  const other = column(random)
  const { signs, holds } = random.pick(OPERATORS)
  return {
    text: `CAST(${text} AS DOUBLE) ${random.pick(signs)} CAST(${other.text} AS DOUBLE)`,
    holds: (row) => compare(NUMBER, cell(row).number, other.cell(row).number, holds),
  }
}

const KINDS = [NUMBER, NUMBER, TEXT, DATE] as unknown as readonly Kind<unknown>[]

const LEAVES: readonly ((random: Random) => Clause)[] = [
  (random) => comparison(random, random.pick(KINDS)),
  (random) => comparison(random, random.pick(KINDS)),
  (random) => between(random, random.pick(KINDS)),
  (random) => oneOf(random, random.pick(KINDS)),
  (random) => distinct(random, random.pick(KINDS)),
  columns,
  like,
  isNull,
  bare,
  castNumber,
]

const joined = (random: Random, depth: number, operator: 'AND' | 'OR'): Clause => {
  const items = random.times(random.between(2, 4), () => randomClause(random, depth - 1))
  const join = operator === 'AND' ? and : or
  return { text: items.map(({ text }) => `(${text})`).join(` ${operator} `), holds: (row) => join(items.map(({ holds }) => holds(row))) }
}

const negated = (random: Random, depth: number): Clause => {
  const { text, holds } = randomClause(random, depth - 1)
  return { text: `NOT (${text})`, holds: (row) => not(holds(row)) }
}

const asked = (random: Random, depth: number): Clause => {
  const { text, holds } = randomClause(random, depth - 1)
  const [word, wanted] = random.pick([
    ['TRUE', true],
    ['FALSE', false],
    ['NULL', null],
  ] as const)
  const isNot = random.oneIn(2)
  return { text: `(${text}) IS ${isNot ? 'NOT ' : ''}${word}`, holds: (row) => (holds(row) === wanted) !== isNot }
}

/** A clause whose tree is at most `depth` deep. */
export const randomClause = (random: Random, depth: number): Clause => {
  if (depth <= 1 || random.oneIn(3)) return random.pick(LEAVES)(random)
  const way = random.below(6)
  if (way < 2) return joined(random, depth, 'AND')
  if (way < 4) return joined(random, depth, 'OR')
  return way === 4 ? negated(random, depth) : asked(random, depth)
}
