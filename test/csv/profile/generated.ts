/** A list of 5,000 seeded records with a column of each kind: made alike on every run, so that another tool's answers about it can be kept beside it (generated.duckdb.json). */
import { steady } from './cells.ts'

const ROWS = 5_000
const NAMES = ['id', 'group', 'cents', 'ratio', 'wide', 'negative', 'day', 'moment', 'flag', 'word', 'note', 'sparse', 'empty'] as const

const day = (number: number): string => new Date(number * 86_400_000).toISOString().slice(0, 10)
const two = (number: number): string => String(number).padStart(2, '0')

const random = steady(2_026)
const below = (bound: number): number => Math.floor(random() * bound)

const row = (i: number): string => {
  const word = ['alpha', 'Beta', 'gämma', '日本', 'delta, or so', 'say ""hi""', 'two\nlines', ''][Math.min(7, below(9))]!
  return [
    i * 7 + 13,
    below(12),
    (below(1_000_000) / 100).toFixed(2),
    (random() - 0.5).toFixed(6),
    (random() * 10 ** below(9)).toFixed(3),
    -below(4_000),
    day(18_000 + below(2_500)),
    `${day(19_000 + below(30))} ${two(below(24))}:${two(below(60))}:${two(below(60))}`,
    random() < 0.3 ? 'true' : 'false',
    `"${word}"`,
    `note ${below(3_000)}`,
    random() < 0.02 ? below(500) : '',
    '',
  ].join(',')
}

/** Records only, and the columns' names. */
export const GENERATED = {
  names: NAMES,
  header: `${NAMES.join(',')}\n`,
  body: `${Array.from({ length: ROWS }, (_, i) => row(i)).join('\n')}\n`,
}
