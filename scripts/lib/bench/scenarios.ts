/**
 * What is measured, against whom, and what must be reached? One entry a scenario: the clause for us, the same as SQL over texts for DuckDB, as a function over
 * cells for readers in JavaScript, as a pattern for awk. That they mean the same is checked before anything is timed.
 */
import type { ShapeName } from './shapes.ts'

/** A row's cells tell whether it is kept; `at` finds a column by its name once. */
export type Keeps = (at: (column: string) => number) => (cells: readonly string[]) => boolean

export interface Scenario {
  readonly name: string
  readonly about: string
  readonly operation: 'filter' | 'count' | 'analyse'
  /** A made-up list by its shape, or a real one by its file; `delimiter` where it is no comma. */
  readonly data: { readonly made: ShapeName; readonly gzip?: true } | { readonly real: string; readonly delimiter?: string }
  readonly where: string
  readonly sql: string
  readonly keeps: Keeps
  readonly awk?: string
  /** Every field of the list is quoted: writers are asked for the same. */
  readonly isQuoted?: true
  /** Ours is the whole job of the local service, from submission to success; a peer writes a file. */
  readonly isThroughService?: true
  /** Who is run beside us. */
  readonly peers: readonly string[]
  /** At least so many times as fast as a peer: the marks of the project. */
  readonly marks: Readonly<Record<string, number>>
}

const READERS = ['csv-parse', 'papaparse', 'udsv']
const DUCKDB = ['duckdb-1', 'duckdb-all']
/** 2.2 GB/s where a plain memory copy does 20. */
const OF_A_COPY = 2.2 / 20

const olderThan = (age: number): Pick<Scenario, 'where' | 'sql' | 'keeps' | 'awk'> => ({
  where: `age > ${age}`,
  sql: `TRY_CAST("age" AS DOUBLE) > ${age}`,
  keeps: (at) => {
    const column = at('age')
    return (cells) => Number(cells[column]) > age
  },
  awk: `$4 > ${age}`,
})

const numberCompare = (name: string, age: number, share: string): Scenario => ({
  name,
  about: `number compare, clean, ${share} of rows out`,
  operation: 'filter',
  data: { made: 'clean' },
  ...olderThan(age),
  peers: [...DUCKDB, ...READERS, 'mawk', 'gawk', 'memory-copy'],
  marks: { 'duckdb-1': 12, 'csv-parse': 50, udsv: 12, 'memory-copy': OF_A_COPY },
})

/** A clause whose SQL is the clause itself, because it compares texts only. */
const texts = (where: string, keeps: Keeps): Pick<Scenario, 'where' | 'sql' | 'keeps'> => ({ where, sql: where, keeps })

const contains =
  (name: string, part: string): Keeps =>
  (at) => {
    const column = at(name)
    return (cells) => cells[column]!.includes(part)
  }

/** A filter over a made-up list against everybody, unless the scenario says otherwise. */
const onShape = (made: ShapeName, scenario: Omit<Scenario, 'operation' | 'data' | 'peers'> & Partial<Scenario>): Scenario => ({
  operation: 'filter',
  data: { made },
  peers: [...DUCKDB, ...READERS],
  ...scenario,
})

/** Texts of random quotes have no rows that anybody would agree on: only our own plain scanner is asked. */
const onQuotes = (name: string, made: ShapeName, about: string, where: string): Scenario => ({
  name,
  about,
  operation: 'filter',
  data: { made },
  ...texts(where, () => () => false),
  peers: ['twin'],
  marks: { twin: 1 },
})

const onReal = (name: string, file: string, clause: Pick<Scenario, 'where' | 'sql' | 'keeps'>, delimiter?: string): Scenario => ({
  name,
  about: `${file}, repeated to size`,
  operation: 'filter',
  data: { real: file, ...(delimiter ? { delimiter } : {}) },
  ...clause,
  peers: [...DUCKDB, ...READERS],
  marks: {},
})

const FIVE_TERMS: Pick<Scenario, 'where' | 'sql' | 'keeps'> = {
  where: "(age > 60 OR amount < 1000) AND state <> 'CA' AND (plan = 'pro' OR notes LIKE '%left%')",
  sql: `(TRY_CAST("age" AS DOUBLE) > 60 OR TRY_CAST("amount" AS DOUBLE) < 1000) AND "state" <> 'CA' AND ("plan" = 'pro' OR "notes" LIKE '%left%')`,
  keeps: (at) => {
    const [age, amount, state, plan, notes] = ['age', 'amount', 'state', 'plan', 'notes'].map(at) as [
      number,
      number,
      number,
      number,
      number,
    ]
    return (cells) =>
      (Number(cells[age]) > 60 || (cells[amount] !== '' && Number(cells[amount]) < 1_000)) &&
      cells[state] !== '' &&
      cells[state] !== 'CA' &&
      (cells[plan] === 'pro' || cells[notes]!.includes('left'))
  },
}

const LONG_RUNWAYS: Pick<Scenario, 'where' | 'sql' | 'keeps'> = {
  where: "length_ft > 5000 AND surface LIKE 'ASP%'",
  sql: `TRY_CAST("length_ft" AS DOUBLE) > 5000 AND "surface" LIKE 'ASP%'`,
  keeps: (at) => {
    const [length, surface] = [at('length_ft'), at('surface')]
    return (cells) => Number(cells[length]) > 5_000 && cells[surface]!.startsWith('ASP')
  },
}

const NORTHERN_STATIONS: Pick<Scenario, 'where' | 'sql' | 'keeps'> = {
  where: "country = 'FR' AND latitude > 48",
  sql: `"country" = 'FR' AND TRY_CAST("latitude" AS DOUBLE) > 48`,
  keeps: (at) => {
    const [country, latitude] = [at('country'), at('latitude')]
    return (cells) => cells[country] === 'FR' && Number(cells[latitude]) > 48
  },
}

export const SCENARIOS: readonly Scenario[] = [
  numberCompare('number-1', 99, '1 %'),
  numberCompare('number-40', 60, '40 %'),
  numberCompare('number-95', 5, '95 %'),
  onShape('clean', {
    name: 'text-equal',
    about: 'text equality, clean',
    ...texts("state = 'NY'", (at) => {
      const column = at('state')
      return (cells) => cells[column] === 'NY'
    }),
    marks: { 'duckdb-1': 12 },
  }),
  onShape('clean', {
    name: 'like',
    about: 'LIKE contains, clean',
    ...texts("notes LIKE '%left%'", contains('notes', 'left')),
    marks: { 'duckdb-1': 12 },
  }),
  onShape('clean', { name: 'and-or', about: 'AND and OR of 5 terms, clean', ...FIVE_TERMS, marks: { 'duckdb-1': 8 } }),
  onShape('quoted', {
    name: 'quoted',
    about: 'number compare, every field quoted',
    ...olderThan(60),
    isQuoted: true,
    marks: { 'duckdb-1': 10 },
  }),
  onShape('stray', { name: 'stray', about: 'number compare, a stray quote in every row', ...olderThan(60), marks: { 'duckdb-1': 6 } }),
  onShape('wide', {
    name: 'wide',
    about: 'number compare, 200 columns',
    where: 'c150 > 600',
    sql: 'TRY_CAST("c150" AS DOUBLE) > 600',
    keeps: (at) => {
      const column = at('c150')
      return (cells) => Number(cells[column]) > 600
    },
    marks: {},
  }),
  onShape('long', {
    name: 'long-text',
    about: 'LIKE contains in texts of up to 8 kB',
    ...texts("body LIKE '%ropes lighthouse%'", contains('body', 'ropes lighthouse')),
    marks: {},
  }),
  onShape('clean', { name: 'gzip', about: 'number compare, compressed', data: { made: 'clean', gzip: true }, ...olderThan(60), marks: {} }),
  onShape('clean', {
    name: 'count',
    about: 'count only, clean',
    ...olderThan(60),
    operation: 'count',
    peers: [...DUCKDB, ...READERS, 'mawk', 'gawk'],
    marks: { 'duckdb-1': 5 },
  }),
  onShape('clean', {
    name: 'analyse',
    about: 'the full profile, clean',
    ...olderThan(0),
    operation: 'analyse',
    peers: [...DUCKDB, 'duckdb-1-text'],
    marks: { 'duckdb-1': 4 },
  }),
  onQuotes('quotes-98', 'noise', '98 % quotes at random', "a LIKE '%a%'"),
  onQuotes('quotes-runs', 'runs', 'long runs of stray quotes', "b = 'y'"),
  onShape('clean', {
    name: 'service',
    about: 'the whole job through the local service',
    ...olderThan(60),
    peers: ['duckdb-1'],
    isThroughService: true,
    marks: { 'duckdb-1': 1 },
  }),
  onReal('real-media', 'nga_media_items.csv', texts("description LIKE '%Washington%'", contains('description', 'Washington'))),
  onReal('real-tweets', 'fte_mayweather_tweets.csv', texts("text LIKE '%McGregor%'", contains('text', 'McGregor'))),
  onReal('real-runways', 'ourairports_runways.csv', LONG_RUNWAYS),
  onReal('real-stations', 'trainline_stations.csv', NORTHERN_STATIONS, ';'),
]

/** The scenario of this name; throws. */
export const scenarioOf = (name: string): Scenario => {
  const found = SCENARIOS.find((scenario) => scenario.name === name)
  if (!found) throw new Error(`There is no scenario ${name}.`)
  return found
}
