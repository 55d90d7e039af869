/**
 * Which records of a batch does a filter keep? The checked tree is compiled once into closures, one per node, and these are asked record by record.
 * This is the meaning in its plainest form, against which faster ways are measured: values are fetched and cast when first asked for, once per record, and no text becomes a string.
 * Logic is three-valued: TRUE, FALSE and NULL; a record is kept if the clause is TRUE.
 */
import type { Dialect } from '../csv/dialect.ts'
import type { RecordBatch } from '../csv/record-batch.ts'
import { type Selection, select, selectNone } from '../csv/selection.ts'
import type { Comparison } from './ast.ts'
import { castBetween } from './casts/cast.ts'
import type { Filter } from './check.ts'
import { readArith, readCall, readCase, readJoined, readNegated } from './compute.ts'
import type { Expr, ExprOf, Type, Value } from './expr.ts'
import { likeMatcher, type Matches } from './like.ts'
import { ORDERINGS, type Ordering } from './ordering.ts'
import { makeWorkshop, type Read, type Row, readColumn, sharedRead, type Workshop } from './row.ts'

const readCast = (operand: Read, from: Type, to: Type): Read => {
  const cast = castBetween(from, to) as (value: Value) => Value
  return (row) => {
    const value = operand(row)
    return value === null ? null : cast(value)
  }
}

const compileCast = (expr: ExprOf<'cast'>, workshop: Workshop): Read => {
  const make = () => readCast(compile(expr.operand, workshop), expr.operand.type, expr.type)
  return expr.operand.kind === 'column' ? sharedRead(workshop, `${expr.operand.index} as ${expr.type}`, make) : make()
}

/** One item that equals `decisive` (FALSE for AND, TRUE for OR) decides; else NULL if there was one; else the opposite. */
const readLogic =
  (items: readonly Read<boolean>[], decisive: boolean): Read<boolean> =>
  (row) => {
    let isUnknown = false
    for (const item of items) {
      const value = item(row)
      if (value === decisive) return decisive
      if (value === null) isUnknown = true
    }
    return isUnknown ? null : !decisive
  }

const readNot =
  (operand: Read<boolean>): Read<boolean> =>
  (row) => {
    const value = operand(row)
    return value === null ? null : !value
  }

type Test = (a: Value, b: Value) => boolean

const TESTS: Readonly<Record<Comparison, (order: Ordering<Value>) => Test>> = {
  '=': ({ equal }) => equal,
  '<>':
    ({ equal }) =>
    (a, b) =>
      !equal(a, b),
  '<':
    ({ compare }) =>
    (a, b) =>
      compare(a, b) < 0,
  '<=':
    ({ compare }) =>
    (a, b) =>
      compare(a, b) <= 0,
  '>':
    ({ compare }) =>
    (a, b) =>
      compare(a, b) > 0,
  '>=':
    ({ compare }) =>
    (a, b) =>
      compare(a, b) >= 0,
  'IS DISTINCT FROM':
    ({ equal }) =>
    (a, b) =>
      a === null || b === null ? a !== b : !equal(a, b),
  'IS NOT DISTINCT FROM':
    ({ equal }) =>
    (a, b) =>
      a === null || b === null ? a === b : equal(a, b),
}

const TAKES_NULL: ReadonlySet<Comparison> = new Set<Comparison>(['IS DISTINCT FROM', 'IS NOT DISTINCT FROM'])

const orderingOf = (type: Type): Ordering<Value> => ORDERINGS[type] as unknown as Ordering<Value>

const compileCompare = (expr: ExprOf<'compare'>, workshop: Workshop): Read<boolean> => {
  const left = compile(expr.left, workshop)
  const right = compile(expr.right, workshop)
  const test = TESTS[expr.operator](orderingOf(expr.of))
  if (TAKES_NULL.has(expr.operator)) return (row) => test(left(row), right(row))
  return (row) => {
    const a = left(row)
    if (a === null) return null
    const b = right(row)
    return b === null ? null : test(a, b)
  }
}

/** Literals are looked up at once; columns in the list are compared one by one. A NULL anywhere makes a miss unknown. */
const compileIn = (expr: ExprOf<'in'>, workshop: Workshop): Read<boolean> => {
  const operand = compile(expr.operand, workshop)
  const { equal, oneOf } = orderingOf(expr.of)
  const constants = expr.list.flatMap((item) => (item.kind === 'literal' ? [item.value] : []))
  const isConstant = oneOf(constants.filter((value) => value !== null))
  const hasNull = constants.includes(null)
  const others = expr.list.filter((item) => item.kind !== 'literal').map((item) => compile(item, workshop))
  const found: Read<boolean> = (row) => {
    const value = operand(row)
    if (value === null) return null
    if (isConstant(value)) return true
    let isUnknown = hasNull
    for (const other of others) {
      const candidate = other(row)
      if (candidate === null) isUnknown = true
      else if (equal(value, candidate)) return true
    }
    return isUnknown ? null : false
  }
  return expr.negated ? readNot(found) : found
}

/** The test for the pattern of this record; a pattern that is a literal is compiled once. */
const compilePattern = (expr: ExprOf<'like'>, workshop: Workshop): Read<Matches> => {
  const make = (pattern: Value) => (pattern === null ? null : likeMatcher(pattern as Uint8Array, expr.escape, expr.fold))
  if (expr.pattern.kind === 'literal') {
    const matches = make(expr.pattern.value)
    return () => matches
  }
  const pattern = compile(expr.pattern, workshop)
  return (row) => make(pattern(row))
}

const compileLike = (expr: ExprOf<'like'>, workshop: Workshop): Read<boolean> => {
  const operand = compile(expr.operand, workshop) as Read<Uint8Array>
  const pattern = compilePattern(expr, workshop)
  return (row) => {
    const text = operand(row)
    const matches = text === null ? null : pattern(row)
    return text === null || matches === null ? null : matches(text) !== expr.negated
  }
}

const compileAll = (exprs: readonly Expr[], workshop: Workshop): Read[] => exprs.map((expr) => compile(expr, workshop))

const IS_VALUE: Readonly<Record<ExprOf<'is'>['what'], Value>> = { NULL: null, TRUE: true, FALSE: false }

const compileIs = (expr: ExprOf<'is'>, workshop: Workshop): Read<boolean> => {
  const operand = compile(expr.operand, workshop)
  const wanted = IS_VALUE[expr.what]
  return (row) => (operand(row) === wanted) !== expr.negated
}

const COMPILE: { readonly [K in Expr['kind']]: (expr: ExprOf<K>, workshop: Workshop) => Read } = {
  column: (expr, workshop) => sharedRead(workshop, `${expr.index}`, () => readColumn(expr.index, workshop.dialect)),
  literal: (expr) => () => expr.value,
  cast: compileCast,
  logic: (expr, workshop) => readLogic(compileAll(expr.items, workshop) as Read<boolean>[], expr.operator === 'OR'),
  not: (expr, workshop) => readNot(compile(expr.operand, workshop) as Read<boolean>),
  compare: compileCompare,
  in: compileIn,
  like: compileLike,
  is: compileIs,
  negate: (expr, workshop) => readNegated(compile(expr.operand, workshop) as Read<number>),
  arith: (expr, workshop) => readArith(expr.operators, compileAll(expr.items, workshop) as Read<number>[]),
  concat: (expr, workshop) => readJoined(compileAll(expr.items, workshop) as Read<Uint8Array>[]),
  case: (expr, workshop) =>
    readCase(
      expr.branches.map(({ when, result }) => ({ when: compile(when, workshop) as Read<boolean>, result: compile(result, workshop) })),
      compile(expr.otherwise, workshop),
    ),
  call: (expr, workshop) => readCall(expr, (arg) => compile(arg, workshop)),
}

/** A node that is an operand of several is computed once a record: a BETWEEN around a BETWEEN around … would else be computed twice, four times, … */
const compile = (expr: Expr, workshop: Workshop): Read => {
  const make = () => (COMPILE[expr.kind] as (expr: Expr, workshop: Workshop) => Read)(expr, workshop)
  return workshop.repeated.has(expr) ? sharedRead(workshop, expr, make) : make()
}

/** Reads a condition for one record after the other: TRUE, FALSE or NULL. Several parts of one clause may be compiled in its workshop: they share what they have in common. */
export const compileCondition = (expr: Expr, workshop: Workshop): Read<boolean> => compile(expr, workshop) as Read<boolean>

/** Reads any expression for one record after the other. */
export const compileValue = (expr: Expr, workshop: Workshop): Read => compile(expr, workshop)

/**
 * A function that selects the records of a batch for which the filter is TRUE; `selected` has room for batch.count records and is written over.
 * Fields beyond a short record's end are NULL, and so are empty ones. It is for one batch at a time and keeps nothing between calls but its code.
 */
export const compileFilter = (filter: Filter, dialect: Dialect): ((batch: RecordBatch, selected: Selection) => void) => {
  const keeps = compileCondition(filter.expr, makeWorkshop(dialect, filter.expr))
  let turn = 0
  return (batch, selected) => {
    const row: Row = { batch, r: 0, turn }
    selectNone(selected, batch.count)
    for (let r = 0; r < batch.count; r++) {
      row.r = r
      row.turn++
      if (keeps(row) === true) select(selected, r)
    }
    turn = row.turn
  }
}
