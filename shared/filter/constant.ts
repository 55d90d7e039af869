/** Which parts of a clause are the same for every record? They are computed once, with the very code that would compute them for a record: `age > 50 + 10` compares with a literal. */
import { AppError } from '../base/errors.ts'
import { DEFAULT_DIALECT } from '../csv/dialect.ts'
import type { RecordBatch } from '../csv/record-batch.ts'
import { fail, type Span } from './clause.ts'
import { compileValue } from './evaluate.ts'
import { type Expr, operandsOf } from './expr.ts'
import { makeWorkshop } from './row.ts'

const COMPUTED: ReadonlySet<Expr['kind']> = new Set(['negate', 'arith', 'concat', 'case', 'call'] as const)

const EMPTY: RecordBatch = {
  bytes: new Uint8Array(0),
  base: 0,
  firstLine: 1,
  firstRecord: 0,
  count: 0,
  width: 0,
  kernel: null,
  starts: new Uint32Array(0),
  ends: new Uint32Array(0),
  firstFields: new Uint32Array(1),
  fieldEnds: new Uint32Array(0),
  rejects: [],
}

/** The literal that an expression comes to, or the expression if it depends on the record. Comparisons and logic stay as they are written. */
export const constantOf = (expr: Expr, place: Span): Expr => {
  if (!COMPUTED.has(expr.kind) || operandsOf(expr).some(({ kind }) => kind !== 'literal')) return expr
  try {
    const value = compileValue(expr, makeWorkshop(DEFAULT_DIALECT, expr))({ batch: EMPTY, r: 0, turn: 0 })
    return { kind: 'literal', type: expr.type, value }
  } catch (error) {
    if (error instanceof AppError) return fail('clause_invalid', place, error.detail)
    throw error
  }
}
