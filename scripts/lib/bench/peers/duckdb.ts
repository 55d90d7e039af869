/**
 * DuckDB: what a user of SQL would take. Every column is given as text, nothing is guessed, and COPY writes the kept rows; a database in memory, one connection.
 * Its reader is told to take ragged rows and stray quotes as we do. On clean data that costs nothing (measured: 150 against 154 MB/s in strict mode).
 */
import type { ColumnFacts, Contender, List, Outcome, Runner, Task } from '../contender.ts'
import { type Scenario, scenarioOf } from '../scenarios.ts'
import { loadPackage, missingPackage } from './packages.ts'

interface Answer {
  getRowObjects(): Readonly<Record<string, unknown>>[]
}
interface Connection {
  run(sql: string): Promise<{ readonly rowsChanged: number }>
  runAndReadAll(sql: string): Promise<Answer>
}
interface DuckDb {
  readonly DuckDBInstance: { create(place: string): Promise<{ connect(): Promise<Connection> }> }
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** What SUMMARIZE needs to know to find means and quantiles, as our profile does; all other columns are texts. */
const TYPES: Readonly<Record<string, string>> = { id: 'BIGINT', age: 'BIGINT', amount: 'DOUBLE', signup_date: 'DATE' }

/** Padding short rows forbids reading quoted line ends in parallel, so it is asked for on one thread only. */
const reader = ({ path, dialect, columns, isGzip }: List, typeOf: (column: string) => string, isParallel: boolean): string => {
  const types = columns.map((column) => `${text(column)}: ${text(typeOf(column))}`).join(', ')
  const options = [
    `delim = ${text(dialect.delimiter)}`,
    "quote = '\"'",
    "escape = '\"'",
    'header = true',
    'auto_detect = false',
    'strict_mode = false',
    `columns = {${types}}`,
    ...(isParallel ? [] : ['null_padding = true', 'parallel = false']),
    ...(isGzip ? ["compression = 'gzip'"] : []),
  ]
  return `read_csv(${text(path)}, ${options.join(', ')})`
}

const asText = (): string => 'VARCHAR'

/** Without USE_TMP_FILE false it would write a file beside `out` and rename it over that. */
const filter = async (connection: Connection, scenario: Scenario, list: List, isParallel: boolean, out: string): Promise<Outcome> => {
  const from = `SELECT * FROM ${reader(list, asText, isParallel)} WHERE ${scenario.sql}`
  const quotes = scenario.isQuoted ? ', FORCE_QUOTE *' : ''
  const options = `FORMAT csv, HEADER, DELIMITER ${text(list.dialect.delimiter)}, USE_TMP_FILE false${quotes}`
  const { rowsChanged } = await connection.run(`COPY (${from}) TO ${text(out)} (${options})`)
  return { rows: rowsChanged }
}

const count = async (connection: Connection, { sql }: Scenario, list: List, isParallel: boolean): Promise<Outcome> => {
  const answer = await connection.runAndReadAll(`SELECT count(*) AS rows FROM ${reader(list, asText, isParallel)} WHERE ${sql}`)
  return { rows: Number(answer.getRowObjects()[0]?.rows) }
}

/** `hasTypes` false: texts only, so that no means and quantiles are found and the extremes of numbers are those of texts. */
const summarize = async (connection: Connection, list: List, isParallel: boolean, hasTypes: boolean): Promise<Outcome> => {
  const typeOf = (column: string): string => (hasTypes && TYPES[column]) || asText()
  const answer = await connection.runAndReadAll(`SUMMARIZE SELECT * FROM ${reader(list, typeOf, isParallel)}`)
  const found = answer.getRowObjects()
  const columns = found.map((row): ColumnFacts => {
    const column = String(row.column_name)
    const isNumber = ['BIGINT', 'DOUBLE'].includes(typeOf(column))
    const value = (one: unknown) => (one === null ? null : isNumber ? Number(one) : String(one))
    const isTyped = hasTypes || !TYPES[column]
    return {
      name: column,
      nullPercent: Number(String(row.null_percentage)),
      ...(isTyped ? { min: value(row.min), max: value(row.max) } : {}),
      ...(isTyped && isNumber ? { mean: Number(row.avg) } : {}),
    }
  })
  return { rows: Number(found[0]?.count), columns }
}

/** What its parallel reader says of a list that it cannot read (it guesses where rows begin, wrongly in long quoted texts) or will not. */
const REFUSED = /parallel\s*=\s*false|CSV Error on Line/

/** Once the parallel reader has refused a list it is read by one thread, as a user would have to; the work behind the reader is still on all. */
const unlessRefused = (work: (isParallel: boolean, out: string) => Promise<Outcome>, isParallelAtFirst: boolean): Runner['run'] => {
  let isParallel = isParallelAtFirst
  return async (out) => {
    try {
      return await work(isParallel, out)
    } catch (error) {
      if (!isParallel || !REFUSED.test((error as Error).message)) throw error
      isParallel = false
      return work(isParallel, out)
    }
  }
}

const duckdb = (contender: string, about: string, threads: 1 | null, hasTypes = true): Contender => ({
  name: contender,
  about,
  cores: threads === 1 ? 'one' : 'all',
  missing: () => missingPackage('@duckdb/node-api'),
  prepare: async ({ scenario: title, list }: Task) => {
    const { DuckDBInstance } = loadPackage<DuckDb>('@duckdb/node-api')
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    if (threads === 1) await connection.run('SET threads = 1')
    const scenario = scenarioOf(title)
    const work = {
      filter: (isParallel: boolean, out: string) => filter(connection, scenario, list, isParallel, out),
      count: (isParallel: boolean) => count(connection, scenario, list, isParallel),
      analyse: (isParallel: boolean) => summarize(connection, list, isParallel, hasTypes),
    }
    return { run: unlessRefused(work[scenario.operation], threads === null) }
  },
})

export const DUCKDB_CONTENDERS: readonly Contender[] = [
  duckdb('duckdb-1', 'DuckDB, SET threads = 1', 1),
  duckdb('duckdb-all', 'DuckDB as it comes, on all cores', null),
  duckdb('duckdb-1-text', 'DuckDB, SET threads = 1, SUMMARIZE of texts: no means, no quantiles', 1, false),
]
