/**
 * Does a clause make sense for these columns? Names become places, types are decided, and every conversion is written into the tree: what comes out cannot fail any more.
 * BETWEEN is two comparisons joined by AND, each with its own type, as in SQL.
 */
import { utf8 } from '../base/bytes.ts'
import { LIMITS } from '../base/limits.ts'
import type { Ast, AstOf, CastType, Comparison } from './ast.ts'
import { castDate } from './casts/date.ts'
import { castTimestamp } from './casts/timestamp.ts'
import { checkCall } from './check-call.ts'
import { attempt, type ClauseError, fail } from './clause.ts'
import { columnIndex } from './columns.ts'
import { constantOf } from './constant.ts'
import type { Expr, ExprOf, Type } from './expr.ts'
import { parseClause } from './parser.ts'
import { printClause } from './print.ts'
import { coerce, type Placed, typeName, unify } from './types.ts'

/** A clause that fits its columns. */
export interface Filter {
  /** The clause in its canonical text, columns by their exact names. */
  readonly clause: string
  /** The columns that it reads, counted from 0, ascending. */
  readonly columns: readonly number[]
  /** A boolean: a record is kept if it is TRUE. */
  readonly expr: Expr
}

interface Scope {
  readonly text: string
  readonly columns: readonly string[]
  /** The names met so far and where their columns are. */
  readonly places: Map<string, number>
}

const TYPE_OF: Readonly<Record<CastType, Type>> = {
  DOUBLE: 'number',
  VARCHAR: 'text',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
  BOOLEAN: 'boolean',
}

const placed = (ast: Ast, scope: Scope): Placed => ({ expr: resolve(ast, scope), place: ast })

const condition = (ast: Ast, scope: Scope, what = 'A condition is'): Expr => coerce(placed(ast, scope), 'boolean', what)

const negate = (negated: boolean, operand: Expr): Expr => (negated ? { kind: 'not', type: 'boolean', operand } : operand)

const compare = (operator: Comparison, left: Placed, right: Placed): ExprOf<'compare'> => {
  const { of, exprs } = unify([left, right])
  return { kind: 'compare', type: 'boolean', operator, of, left: exprs[0]!, right: exprs[1]! }
}

/** The items of an IN list must be of one type among themselves: 5 next to 'five' is more likely a slip than a wish. */
const refuseMixed = (list: readonly Placed[]): void => {
  const typed = list.filter(({ expr }) => expr.type !== 'null')
  const odd = typed.find(({ expr }) => expr.type !== typed[0]!.expr.type)
  if (!odd) return
  const [found, expected] = [typeName(odd.expr.type), typeName(typed[0]!.expr.type)]
  fail('type_mismatch', odd.place, `An IN list holds values of one type: this is ${found}, the first is ${expected}.`, { found, expected })
}

const resolveIn = (ast: AstOf<'in'>, scope: Scope): Expr => {
  const list = ast.list.map((item) => placed(item, scope))
  refuseMixed(list)
  const { of, exprs } = unify([placed(ast.operand, scope), ...list])
  return { kind: 'in', type: 'boolean', negated: ast.negated, of, operand: exprs[0]!, list: exprs.slice(1) }
}

const resolveBetween = (ast: AstOf<'between'>, scope: Scope): Expr => {
  const operand = placed(ast.operand, scope)
  const items = [compare('>=', operand, placed(ast.low, scope)), compare('<=', operand, placed(ast.high, scope))]
  return negate(ast.negated, { kind: 'logic', type: 'boolean', operator: 'AND', items })
}

const resolveLike = (ast: AstOf<'like'>, scope: Scope): Expr => {
  const word = ast.fold ? 'ILIKE takes' : 'LIKE takes'
  const operand = coerce(placed(ast.operand, scope), 'text', word)
  const pattern = coerce(placed(ast.pattern, scope), 'text', word)
  return {
    kind: 'like',
    type: 'boolean',
    negated: ast.negated,
    fold: ast.fold,
    operand,
    pattern,
    escape: ast.escape === null ? null : utf8(ast.escape),
  }
}

const resolveIs = (ast: AstOf<'is'>, scope: Scope): Expr => {
  const operand = ast.what === 'NULL' ? resolve(ast.operand, scope) : condition(ast.operand, scope, `IS ${ast.what} takes`)
  return { kind: 'is', type: 'boolean', negated: ast.negated, what: ast.what, operand }
}

const resolveColumn = (ast: AstOf<'column'>, scope: Scope): Expr => {
  const index = columnIndex(ast, scope.columns, scope.text[ast.at] === '"')
  scope.places.set(ast.name, index)
  return { kind: 'column', type: 'text', index }
}

const resolveCast = (ast: AstOf<'cast'>, scope: Scope): Expr => {
  const to = TYPE_OF[ast.type]
  return coerce(placed(ast.operand, scope), to, `A cast to ${ast.type} takes${to === 'text' ? '' : ' text or'}`)
}

const resolveSign = (ast: AstOf<'sign'>, scope: Scope): Expr => {
  const operand = coerce(placed(ast.operand, scope), 'number', 'A sign takes')
  return ast.minus ? { kind: 'negate', type: 'number', operand } : operand
}

/** What to do with dates instead of adding and subtracting them. */
const DATE_ADVICE = 'Between two dates lies date_diff(…), which'

const resolveArith = (ast: AstOf<'sum'> | AstOf<'product'>, scope: Scope): Expr => {
  const items = ast.items.map((item) => {
    const side = placed(item, scope)
    const isMoment = side.expr.type === 'date' || side.expr.type === 'timestamp'
    return coerce(side, 'number', isMoment ? `${DATE_ADVICE} gives a number; arithmetic takes` : 'Arithmetic takes')
  })
  return { kind: 'arith', type: 'number', operators: ast.operators, items }
}

const resolveConcat = (ast: AstOf<'concat'>, scope: Scope): Expr => ({
  kind: 'concat',
  type: 'text',
  items: ast.items.map((item) => coerce(placed(item, scope), 'text', '|| joins texts (a logical or is written OR): it takes')),
})

/** With a subject, each WHEN is its own comparison with it, as in SQL. */
const resolveCase = (ast: AstOf<'case'>, scope: Scope): Expr => {
  const subject = ast.subject && placed(ast.subject, scope)
  const conditions = ast.branches.map(({ when }) =>
    subject ? compare('=', subject, placed(when, scope)) : condition(when, scope, 'WHEN takes'),
  )
  const results = [...ast.branches.map(({ result }) => result), ...(ast.otherwise ? [ast.otherwise] : [])].map((result) =>
    placed(result, scope),
  )
  const { of, exprs } = unify(
    results,
    (later, earlier) => `The results of a CASE are of one type: this is ${later}, another is ${earlier}.`,
  )
  const branches = conditions.map((when, i) => ({ when, result: exprs[i]! }))
  const otherwise: Expr = ast.otherwise ? exprs.at(-1)! : { kind: 'literal', type: of, value: null }
  return { kind: 'case', type: of, branches, otherwise }
}

const RESOLVE: { readonly [K in Ast['kind']]: (ast: AstOf<K>, scope: Scope) => Expr } = {
  column: resolveColumn,
  number: (ast) => ({ kind: 'literal', type: 'number', value: Number(ast.digits) }),
  text: (ast) => ({ kind: 'literal', type: 'text', value: utf8(ast.value) }),
  boolean: (ast) => ({ kind: 'literal', type: 'boolean', value: ast.value }),
  null: () => ({ kind: 'literal', type: 'null', value: null }),
  moment: (ast) =>
    ast.type === 'DATE'
      ? { kind: 'literal', type: 'date', value: castDate(utf8(ast.value)) }
      : { kind: 'literal', type: 'timestamp', value: castTimestamp(utf8(ast.value)) },
  cast: resolveCast,
  sign: resolveSign,
  sum: resolveArith,
  product: resolveArith,
  concat: resolveConcat,
  call: (ast, scope) => checkCall(ast, (arg) => placed(arg, scope)),
  case: resolveCase,
  logic: (ast, scope) => ({
    kind: 'logic',
    type: 'boolean',
    operator: ast.operator,
    items: ast.items.map((item) => condition(item, scope, `${ast.operator} joins conditions, each`)),
  }),
  not: (ast, scope) => ({ kind: 'not', type: 'boolean', operand: condition(ast.operand, scope, 'NOT takes') }),
  compare: (ast, scope) => compare(ast.operator, placed(ast.left, scope), placed(ast.right, scope)),
  in: resolveIn,
  between: resolveBetween,
  like: resolveLike,
  is: resolveIs,
}

const resolve = (ast: Ast, scope: Scope): Expr => constantOf((RESOLVE[ast.kind] as (ast: Ast, scope: Scope) => Expr)(ast, scope), ast)

const checkTree = (text: string, ast: Ast, columns: readonly string[]): Filter => {
  const scope: Scope = { text, columns, places: new Map() }
  const expr = condition(ast, scope)
  const clause = printClause(ast, (name) => columns[scope.places.get(name)!]!)
  if (utf8(clause).length > LIMITS.clauseBytesMax)
    fail(
      'clause_invalid',
      { at: 0, length: text.length },
      `Written out in full, this clause is longer than ${LIMITS.clauseBytesMax} bytes.`,
    )
  return {
    clause,
    columns: [...new Set(scope.places.values())].sort((a, b) => a - b),
    expr,
  }
}

/** The clause made ready for a file with these columns, or its first mistake. */
export const checkClause = (text: string, columns: readonly string[]): { ok: true; filter: Filter } | { ok: false; error: ClauseError } => {
  const parsed = parseClause(text)
  if (!parsed.ok) return parsed
  const checked = attempt(() => checkTree(text, parsed.ast, columns))
  return checked.ok ? { ok: true, filter: checked.value } : checked
}
