/**
 * A Db that asks again where that is safe: a statement that only reads, and any that the database refused before it began. A write whose answer was lost may have been committed: that
 * is left to the caller, who alone can tell by reading again.
 */
import { isUndone, mayPass } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { insist, type Patience } from '../base/retry.ts'
import type { Db, Stmt } from './db.ts'

const WRITES = /\b(?:INSERT|UPDATE|DELETE|REPLACE)\b/i

/** True for a statement that changes nothing. */
const isReading = ({ sql }: Stmt): boolean => !WRITES.test(sql)

export const steadyDb = (db: Db, patience: Patience): Db => {
  const ask = <T>(statements: readonly Stmt[], work: () => Promise<T>): Promise<T> =>
    insist(patience, LIMITS.databaseTriesMax, statements.every(isReading) ? mayPass : isUndone, work)
  return {
    first: (statement) => ask([statement], () => db.first(statement)),
    all: (statement) => ask([statement], () => db.all(statement)),
    run: (statement) => ask([statement], () => db.run(statement)),
    batch: (statements) => ask(statements, () => db.batch(statements)),
  }
}
