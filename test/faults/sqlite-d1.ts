/**
 * D1 on the SQLite that comes with Node: the binding that the real adapter (shared/db/db.ts) is given. A batch is one transaction; a statement counts the rows that it
 * changed itself; foreign keys are on; failures are worded like D1's.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Failures, Task } from './scheduler.ts'

/** What a trigger has to say: see watch.ts. */
export type Hear = (...values: readonly unknown[]) => void

/** The database that all invocations share. */
export interface Database {
  readonly sqlite: DatabaseSync
  prepared(sql: string): StatementSync
  /** Who hears what triggers say with `watch(…)`. */
  hear: Hear
}

const open = (migrations: readonly string[], triggers: string): Database => {
  const sqlite = new DatabaseSync(':memory:')
  sqlite.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON')
  for (const sql of migrations) sqlite.exec(sql)
  const statements = new Map<string, StatementSync>()
  const database: Database = {
    sqlite,
    prepared: (sql) => {
      const known = statements.get(sql) ?? sqlite.prepare(sql)
      statements.set(sql, known)
      return known
    },
    hear: () => {},
  }
  sqlite.function('watch', { varargs: true }, (...values) => {
    database.hear(...values)
    return null
  })
  sqlite.exec(triggers)
  return database
}

/** Takes all rows out: what refers before what is referred to. (To switch the foreign keys off would have every statement prepared anew.) */
const empty = ({ prepared }: Database): void => {
  const tables = prepared("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid DESC").all()
  for (const { name } of tables as { name: string }[]) prepared(`DELETE FROM ${name}`).run()
}

/** Databases by their schema, to be used again one after the other: to prepare two hundred statements anew takes longer than to run them. */
const kept = new Map<string, Database>()

/** An empty database with this schema. There is one at a time. */
export const openDatabase = (migrations: readonly string[], triggers: string): Database => {
  const schema = [...migrations, triggers].join('\n')
  const database = kept.get(schema) ?? open(migrations, triggers)
  kept.set(schema, database)
  database.hear = () => {}
  empty(database)
  return database
}

const FAILURES: Failures = {
  before: () => new Error('D1_ERROR: D1 DB is overloaded. Requests queued for too long.'),
  after: () => new Error('D1_ERROR: Network connection lost.'),
}

/** A statement with its values, as D1 holds it until it is run. */
interface Bound {
  readonly sql: string
  readonly params: readonly (string | number | null)[]
}

interface Result {
  readonly results: readonly unknown[]
  readonly success: true
  readonly meta: { readonly changes: number }
}

const READS = /^\s*(?:SELECT|WITH\b(?:(?!\b(?:INSERT|UPDATE|DELETE)\b)[\s\S])*$)/i

const RETURNS = /\bRETURNING\b/i

const runOne = (database: Database, { sql, params }: Bound): Result => {
  const statement = database.prepared(sql)
  if (READS.test(sql)) return { results: statement.all(...params), success: true, meta: { changes: 0 } }
  if (!RETURNS.test(sql)) return { results: [], success: true, meta: { changes: Number(statement.run(...params).changes) } }
  const results = statement.all(...params)
  return { results, success: true, meta: { changes: (database.prepared('SELECT changes() AS n').get() as { n: number }).n } }
}

/** A constraint that is hit is told like this; anything else that SQLite says is a mistake of ours. */
const worded = (cause: unknown): Error => {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new Error(`D1_ERROR: ${message}${/constraint/i.test(message) ? ': SQLITE_CONSTRAINT' : ''}`, { cause })
}

const runAll = (database: Database, statements: readonly Bound[]): Result[] => {
  const isMany = statements.length > 1
  if (isMany) database.prepared('BEGIN').run()
  try {
    const results = statements.map((statement) => runOne(database, statement))
    if (isMany) database.prepared('COMMIT').run()
    return results
  } catch (cause) {
    if (isMany) database.prepared('ROLLBACK').run()
    throw worded(cause)
  }
}

const spacings = new Map<string, string>()

const spaced = (sql: string): string => {
  const known = spacings.get(sql) ?? sql.replace(/\s+/g, ' ').trim()
  spacings.set(sql, known)
  return known
}

/** What is seen of the calls; `onCommit` after everything that may have changed rows, with who did it. */
export interface D1Caller {
  call<T>(task: Task, site: string, perform: () => T, failures: Failures): Promise<T>
  onCommit(task: Task): void
  onRollback(): void
}

/** The binding of one invocation. */
export const sqliteD1 = (database: Database, task: Task, caller: D1Caller): D1Database => {
  const perform = (statements: readonly Bound[]): Result[] => {
    try {
      const results = runAll(database, statements)
      caller.onCommit(task)
      return results
    } catch (cause) {
      caller.onRollback()
      throw cause
    }
  }
  const run = (statements: readonly Bound[]): Promise<Result[]> => {
    const site = `d1 ${[...new Set(statements.map(({ sql }) => spaced(sql)))].join(' ; ')}`
    return caller.call(task, site, () => perform(statements), FAILURES)
  }
  const statement = (sql: string, params: Bound['params']) => ({
    sql,
    params,
    bind: (...values: Bound['params']) => statement(sql, values),
    first: async () => (await run([{ sql, params }]))[0]!.results[0] ?? null,
    all: async () => (await run([{ sql, params }]))[0]!,
    run: async () => (await run([{ sql, params }]))[0]!,
  })
  const binding = { prepare: (sql: string) => statement(sql, []), batch: (statements: readonly Bound[]) => run(statements) }
  return binding as unknown as D1Database
}
