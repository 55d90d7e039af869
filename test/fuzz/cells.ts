/** Texts that stand in cells, each with its meaning written beside it: what the casts must find, told by hand and not by code. Also the lists they stand in. */
import type { Random } from '../support/random.ts'

export interface Cell {
  readonly text: string
  readonly number: number | null
  readonly boolean: boolean | null
  /** Days since 1970-01-01. */
  readonly date: number | null
}

const day = (year: number, month: number, dayOfMonth: number): number => Date.UTC(year, month - 1, dayOfMonth) / 86_400_000

const numeric = (text: string, number: number, boolean: boolean | null = null): Cell => ({ text, number, boolean, date: null })
const dated = (text: string, date: number | null): Cell => ({ text, number: null, boolean: null, date })
/** Words that are numbers and days alike. */
const infinite = (text: string, value: number): Cell => ({ text, number: value, boolean: null, date: value })
const truth = (text: string, boolean: boolean | null): Cell => ({ text, number: null, boolean, date: null })
const plain = (text: string): Cell => truth(text, null)

/** An empty field is NULL, and so is one that a short record does not have. */
export const NOTHING: Cell = plain('')

const NUMBERS = [
  numeric('0', 0, false),
  numeric('1', 1, true),
  numeric('-0', -0),
  numeric('12', 12),
  numeric(' 12', 12),
  numeric('12 ', 12),
  numeric('007', 7),
  numeric('+5', 5),
  numeric('-7', -7),
  numeric('.5', 0.5),
  numeric('5.', 5),
  numeric('12.50', 12.5),
  numeric('1e3', 1_000),
  numeric('1_000', 1_000),
  numeric('9007199254740993', 9_007_199_254_740_992),
  numeric('0.1000000000000000055511151231257827', 0.1),
  infinite('inf', Number.POSITIVE_INFINITY),
  infinite('-Infinity', Number.NEGATIVE_INFINITY),
  numeric('nan', Number.NaN),
]
const TEXTS = [
  'NY',
  'ny',
  ' NY',
  'Zoë',
  'ZOË',
  'a%b',
  'a_b',
  'ab',
  'aXb',
  'say "hi"',
  'x\ny',
  'a,b',
  '😀',
  'é',
  "O'Neil",
  '1,000',
  '0x10',
  '12abc',
  '-',
  '.',
  '1e',
  '$5',
].map(plain)
const DATES = [
  dated('2024-01-31', day(2024, 1, 31)),
  dated('2024-1-3', day(2024, 1, 3)),
  dated('1969-12-31', day(1969, 12, 31)),
  dated('2024/02/29', day(2024, 2, 29)),
  dated('2024-02-30', null),
  dated('31-01-2024', null),
  dated('Jan 31, 2024', null),
]
const BOOLEANS = [
  truth('true', true),
  truth('T', true),
  truth('yes', true),
  truth('y', true),
  truth('FALSE', false),
  truth('f', false),
  truth('No', false),
  truth('N', false),
  truth('on', null),
  truth(' true', null),
]

export const POOLS: readonly (readonly Cell[])[] = [NUMBERS, TEXTS, DATES, BOOLEANS]

/** A number of one or two digits, with or without a fraction. */
const smallNumber = (random: Random): Cell => {
  const text = random.oneIn(3) ? `${random.below(10)}.${random.below(100)}` : String(random.between(2, 99))
  return numeric(text, Number(text))
}

export const cellOf = (random: Random, pool: readonly Cell[]): Cell => {
  if (random.oneIn(8)) return NOTHING
  if (pool === NUMBERS && random.oneIn(2)) return smallNumber(random)
  return random.pick(random.oneIn(10) ? random.pick(POOLS) : pool)
}

export const COLUMNS = ['a', 'B', 'c d', 'é"'] as const
/** The columns as a clause names them. */
export const COLUMN_NAMES = ['a', 'b', '"c d"', '"é"""'] as const

export interface TableRow {
  /** One for each column; NOTHING where the record is short. */
  readonly cells: readonly Cell[]
  /** As it lies in the file, line end included. */
  readonly line: string
  readonly isRagged: boolean
}

export interface Table {
  readonly header: string
  /** Records and, as rows without cells, blank lines. */
  readonly rows: readonly TableRow[]
}

const written = (random: Random, { text }: Cell): string =>
  /[",\n]/.test(text) || random.oneIn(6) ? `"${text.replaceAll('"', '""')}"` : text

const randomRow = (random: Random, pools: readonly (readonly Cell[])[], lineEnd: string): TableRow => {
  if (random.oneIn(25)) return { cells: [], line: lineEnd, isRagged: false }
  const cells = pools.map((pool) => cellOf(random, pool))
  const width = random.oneIn(10) ? random.between(2, cells.length + 2) : cells.length
  const shown = random.times(width, (c) => cells[c] ?? random.pick(TEXTS))
  return {
    cells: cells.map((cell, c) => (c < width ? cell : NOTHING)),
    line: shown.map((cell) => written(random, cell)).join(',') + lineEnd,
    isRagged: width !== cells.length,
  }
}

export const randomTable = (random: Random, rowsMax: number): Table => {
  const lineEnd = random.oneIn(4) ? '\r\n' : '\n'
  const pools = COLUMNS.map(() => random.pick(POOLS))
  return {
    header: `a,B,c d,"é"""${lineEnd}`,
    rows: random.times(random.below(rowsMax + 1), () => randomRow(random, pools, lineEnd)),
  }
}

export const isRecord = ({ cells }: TableRow): boolean => cells.length > 0
