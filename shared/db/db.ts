/**
 * The door to D1: statements are data (text and values), so that a change may ride along in another's batch and the same code runs on any SQLite.
 * SQL itself lives in `*.sql.ts` files only. A batch is one transaction.
 */
import { AppError } from '../base/errors.ts'

export type Value = string | number | null

/** One statement with its values bound to ?1, ?2, … */
export interface Stmt {
  readonly sql: string
  readonly params: readonly Value[]
}

/** What one statement of a batch did. */
export interface Outcome {
  readonly rows: readonly unknown[]
  /** Rows inserted, updated or deleted. */
  readonly changes: number
}

export interface Db {
  /** The first row, or null. */
  first<Row>(statement: Stmt): Promise<Row | null>
  all<Row>(statement: Stmt): Promise<Row[]>
  /** Number of rows changed. */
  run(statement: Stmt): Promise<number>
  /** All or nothing, in order. */
  batch(statements: readonly Stmt[]): Promise<Outcome[]>
}

/** A statement. JavaScript's `undefined` is no SQL value: pass null. */
export const stmt = (sql: string, ...params: readonly Value[]): Stmt => ({ sql, params })

/** What D1 says when it is unwell: the same statement may succeed later. A lost answer may have been committed, which is why every write is conditional. */
const UNWELL =
  /overloaded|network connection lost|timed? ?out|reset because|to be reset|was reset|internal error|too many requests|not available|transient issue/i

/** What D1 says of a statement that never left its queue. */
const SHED = /overloaded|too many requests/i

const unwell = (cause: unknown): unknown =>
  cause instanceof Error && UNWELL.test(cause.message) && !/constraint/i.test(cause.message)
    ? new AppError('overloaded', 'The database is busy. Try again in a few seconds.', {
        cause,
        retryAfterS: 2,
        ...(SHED.test(cause.message) ? { isUndone: true } : {}),
      })
    : cause

const guarded = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (cause) {
    throw unwell(cause)
  }
}

/** The Db of a D1 binding. */
export const d1 = (binding: D1Database): Db => {
  const bound = ({ sql, params }: Stmt) => binding.prepare(sql).bind(...params)
  return {
    first: (statement) => guarded(bound(statement).first()),
    all: async (statement) => (await guarded(bound(statement).all())).results as never,
    run: async (statement) => (await guarded(bound(statement).run())).meta.changes,
    batch: async (statements) => {
      if (statements.length === 0) return []
      const results = await guarded(binding.batch(statements.map(bound)))
      return results.map((result) => ({ rows: result.results, changes: result.meta.changes }))
    },
  }
}

/** True if this failure says that a unique or check constraint was hit. */
export const isConflict = (cause: unknown): boolean => cause instanceof Error && /constraint/i.test(cause.message)
