/**
 * A list to try things on: 100,000 made-up people, the same bytes every time, with what real lists have: quotes, doubled quotes, commas and line ends inside
 * fields, accents, empty fields, numbers written in several ways, dates of two kinds, blank lines. No real person: names and addresses are drawn from small tables.
 */
import { createHash } from 'node:crypto'
import { closeSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { between, chance, type Draw, pick, seeded, two } from './seeded.ts'

export const SAMPLE_ROWS = 100_000
/** SHA-256 of the sample: when the generator changes, this does, and an older sample on disk is made again. */
export const SAMPLE_SHA256 = '428de5c4fe32a22ae679d8bdf801a3337b8d52af37378132059878b1a6929ac9'

const SEED = 20_261_120
/** Rows written to the file at once. */
const PIECE_ROWS = 5_000

const FIRST = [
  'Ann',
  'Zoë',
  'José',
  'Maria',
  'Renée',
  'Jürgen',
  'Søren',
  'Łukasz',
  'Aoife',
  'Nguyễn',
  'Olga',
  'Ming',
  'Priya',
  'Kwame',
  'Björn',
  'Chloé',
  'Ivan',
  'Fatima',
  'Noah',
  'Ada',
]
const LAST = [
  "O'Neil",
  'Smith',
  'García',
  'Müller',
  'Çelik',
  'Dvořák',
  'Okafor',
  'Tanaka',
  'Van der Berg',
  'Smith-Jones',
  'Ångström',
  'Lee',
  'Nowak',
  'Silva',
  'Haddad',
  'Kim',
  'Dubois',
  'Rossi',
  'Patel',
  'Brown',
]
const PLACES = [
  ['NY', 'New York'],
  ['NY', 'Buffalo'],
  ['NY', 'Rochester'],
  ['CA', 'San José'],
  ['CA', 'Los Angeles'],
  ['TX', 'Austin'],
  ['TX', 'Fort Worth, Tarrant'],
  ['WA', 'Seattle'],
  ['IL', 'Chicago'],
  ['FL', 'Miami'],
  ['NM', 'Española'],
  ['PR', 'Mayagüez'],
] as const
const DOMAINS = ['example.com', 'example.org', 'mail.example.net']
const PLANS = ['free', 'free', 'free', 'basic', 'basic', 'pro', 'Enterprise, yearly']
const NOTES = [
  '',
  '',
  '',
  'prefers e-mail',
  'called twice, no answer',
  'said "maybe next year"',
  'moved house\nnew address unknown',
  'line one\r\nline two, with a comma',
  'VIP; handle with care',
  'näive façade, crème brûlée',
  '"quoted" from start to "end"',
  'résumé on file\t(see folder 7)',
]

/** Quoted where it must be, and now and then where it need not be. */
const field = (draw: Draw, text: string): string => (/[",\r\n]/.test(text) || chance(draw, 0.02) ? `"${text.replaceAll('"', '""')}"` : text)

const ascii = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase()

const age = (draw: Draw): string =>
  chance(draw, 0.03) ? '' : chance(draw, 0.01) ? pick(draw, ['n/a', 'unknown', ' 42 ']) : String(between(draw, 18, 97))
const amount = (draw: Draw): string =>
  chance(draw, 0.04) ? '' : `${chance(draw, 0.02) ? '-' : ''}${between(draw, 0, 9_999)}.${two(between(draw, 0, 99))}`
const date = (draw: Draw): string => {
  const [year, month, day] = [between(draw, 2015, 2026), between(draw, 1, 12), between(draw, 1, 28)]
  return chance(draw, 0.02) ? `${month}/${day}/${year}` : `${year}-${two(month)}-${two(day)}`
}

const row = (draw: Draw, id: number): string => {
  const [first, last] = [pick(draw, FIRST), pick(draw, LAST)]
  const [state, city] = pick(draw, PLACES)
  const name = chance(draw, 0.1) ? `${last}, ${first}` : `${first} ${last}`
  const email = chance(draw, 0.05) ? '' : `${ascii(first)}.${ascii(last)}${id}@${pick(draw, DOMAINS)}`
  const cells = [
    String(id),
    name,
    email,
    age(draw),
    chance(draw, 0.02) ? '' : state,
    city,
    amount(draw),
    date(draw),
    pick(draw, PLANS),
    pick(draw, NOTES),
  ]
  return cells.map((cell) => field(draw, cell)).join(',')
}

/** The sample's text in pieces, with `rows` rows. */
export function* samplePieces(rows: number = SAMPLE_ROWS): Generator<string> {
  const draw = seeded(SEED)
  let piece = 'id,name,email,age,state,city,amount,signup_date,plan,notes\n'
  for (let id = 1; id <= rows; id++) {
    piece += `${row(draw, id)}\n`
    if (id % 9_973 === 0) piece += '\n'
    if (id % PIECE_ROWS > 0 && id < rows) continue
    yield piece
    piece = ''
  }
}

const isThere = (file: string): boolean => {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex') === SAMPLE_SHA256
  } catch {
    return false
  }
}

/** Puts the draft in its place. One that another command has just put there stays: it may be reading it already. */
const publish = (draft: string, file: string): void => {
  if (!isThere(file)) rmSync(file, { force: true })
  try {
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft)
  }
}

/** Puts the sample at `file` unless it is there. Commands started at the same time may both make it: each writes its own draft. */
export const makeSample = (file: string): void => {
  if (isThere(file)) return
  const draft = `${file}.${process.pid}`
  const out = openSync(draft, 'w')
  for (const piece of samplePieces()) writeSync(out, piece)
  closeSync(out)
  publish(draft, file)
}
