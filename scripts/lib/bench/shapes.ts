/**
 * What do the made-up lists of the benchmark look like? One entry a shape. A shape is a header and a function from (draw, row number) to a row with its line end,
 * so a list is fixed by shape, seed and size. Its bytes may only change together with this file: the digest of this file is part of the lists' names.
 */
import { between, chance, type Draw, pick, two } from '../seeded.ts'

export interface Shape {
  /** What it is like, for people. */
  readonly about: string
  readonly columns: readonly string[]
  /** The header as it is written. */
  readonly header: string
  row(draw: Draw, number: number): string
}

const FIRST = [
  'Ann',
  'Zoë',
  'José',
  'Maria',
  'Jürgen',
  'Olga',
  'Ming',
  'Priya',
  'Kwame',
  'Ivan',
  'Fatima',
  'Noah',
  'Ada',
  'Tom',
  'Eve',
  'Bob',
]
const LAST = ["O'Neil", 'Smith', 'Garcia', 'Okafor', 'Tanaka', 'Van der Berg', 'Smith-Jones', 'Lee', 'Nowak', 'Silva', 'Haddad', 'Kim']
const PLACES = [
  ['NY', 'New York'],
  ['NY', 'Buffalo'],
  ['NY', 'Rochester'],
  ['CA', 'Los Angeles'],
  ['CA', 'San Diego'],
  ['TX', 'Austin'],
  ['TX', 'Fort Worth'],
  ['WA', 'Seattle'],
  ['IL', 'Chicago'],
  ['FL', 'Miami'],
  ['NM', 'Santa Fe'],
  ['VT', 'Burlington'],
] as const
const PLANS = ['free', 'free', 'free', 'basic', 'basic', 'pro', 'yearly']
const NOTES = [
  'prefers e-mail',
  'called twice and left a message',
  'moved house',
  'VIP; handle with care',
  'left after the first year',
  'asked for a refund in March',
  'no answer',
  'speaks French',
]
const WORDS =
  'the harbour lay still and a lighthouse stood over grey water while boats came home with nets ropes salt wind and the news of far coasts'.split(
    ' ',
  )

const COLUMNS = ['id', 'name', 'email', 'age', 'state', 'city', 'amount', 'signup_date', 'plan', 'notes'] as const

/** Ten cells without a comma, quote or line end. `age` is uniform in 1…100, so that `age > 99`, `> 60`, `> 5` keep 1, 40 and 95 %. */
const personCells = (draw: Draw, id: number): string[] => {
  const [first, last] = [pick(draw, FIRST), pick(draw, LAST)]
  const [state, city] = pick(draw, PLACES)
  return [
    String(id),
    `${first} ${last}`,
    chance(draw, 0.03) ? '' : `user${id}@${pick(draw, ['example.com', 'example.org', 'mail.example.net'])}`,
    String(between(draw, 1, 100)),
    state,
    city,
    chance(draw, 0.03) ? '' : `${between(draw, 0, 9_999)}.${two(between(draw, 0, 99))}`,
    `${between(draw, 2015, 2026)}-${two(between(draw, 1, 12))}-${two(between(draw, 1, 28))}`,
    pick(draw, PLANS),
    chance(draw, 0.2) ? '' : pick(draw, NOTES),
  ]
}

const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`

/** Every third note has a line end in it, every eighth doubled quotes. */
const quotedCells = (draw: Draw, id: number): string[] => {
  const cells = personCells(draw, id)
  if (id % 3 === 0) cells[9] = `${cells[9]}\nsecond line, with a comma`
  else if (id % 8 === 0) cells[9] = `said "${cells[9]}" twice`
  return cells
}

const WIDE = 200

/** Five kinds of short cells in turn: whole number, decimal, word, code, empty. */
const wideCell = (draw: Draw, column: number): string => {
  const kind = column % 5
  if (kind === 0) return String(between(draw, 0, 999))
  if (kind === 1) return `${between(draw, 0, 99)}.${between(draw, 0, 9)}`
  if (kind === 2) return pick(draw, WORDS)
  return kind === 3 ? `k${between(draw, 10, 99)}` : ''
}

const prose = (draw: Draw, bytes: number): string => {
  let text = ''
  while (text.length < bytes) text += `${pick(draw, WORDS)}${chance(draw, 0.08) ? pick(draw, [', ', '.\n', ' "so to say" ']) : ' '}`
  return text
}

const headed = (columns: readonly string[], about: string, row: Shape['row']): Shape => ({
  about,
  columns,
  header: `${columns.join(',')}\n`,
  row,
})

/** 49 quotes on average, then a byte that separates fields, ends a record, or is a letter. Few records are well-formed. */
const noise = (draw: Draw): string => {
  let text = ''
  while (text.length < 4_096) text += '"'.repeat(between(draw, 0, 98)) + pick(draw, [',', '\n', '\n', 'a'])
  return text
}

export const SHAPES = {
  clean: headed(COLUMNS, '10 columns, 90 bytes a row, no quotes', (draw, id) => `${personCells(draw, id).join(',')}\n`),
  quoted: {
    about: 'the same 10 columns, every field quoted, line ends in a third of the notes, doubled quotes in some',
    columns: COLUMNS,
    header: `${COLUMNS.map(quoted).join(',')}\n`,
    row: (draw, id) => `${quotedCells(draw, id).map(quoted).join(',')}\n`,
  },
  stray: headed(COLUMNS, 'the same 10 columns, the notes of every row with one quote that is an ordinary character', (draw, id) => {
    const cells = personCells(draw, id)
    cells[9] = `a ${between(draw, 3, 80)}" screen`
    return `${cells.join(',')}\n`
  }),
  wide: headed(
    Array.from({ length: WIDE }, (_, column) => `c${column}`),
    '200 columns, 3.5 bytes a field, a fifth of the fields empty',
    (draw) => `${Array.from({ length: WIDE }, (_, column) => wideCell(draw, column)).join(',')}\n`,
  ),
  long: headed(
    ['id', 'score', 'title', 'body'],
    '4 columns, the last a quoted text of 0.5 to 8 kB with commas, line ends and doubled quotes',
    (draw, id) => `${id},${between(draw, 1, 100)},Chapter ${id},${quoted(prose(draw, between(draw, 500, 8_000)))}\n`,
  ),
  noise: headed(['a', 'b'], '98 of 100 bytes are quotes, at random', (draw) => noise(draw)),
  runs: headed(['a', 'b'], 'fields of a letter and 200 to 400 quotes after it, every one of them an ordinary character', (draw) => {
    return `x${'"'.repeat(between(draw, 200, 400))},${pick(draw, ['y', 'n'])}\n`
  }),
} as const satisfies Readonly<Record<string, Shape>>

export type ShapeName = keyof typeof SHAPES
