/**
 * Is a function called as it wants to be? As many arguments as its row says, each of its type, literals where literals must stand; what is wrong is said with its place.
 * The literals are tried on the function at once, so that a wrong pattern or unit is a mistake of the clause and never one of a job.
 */
import { utf8 } from '../base/bytes.ts'
import type { Ast, AstOf } from './ast.ts'
import { fail, type Hints, type Span } from './clause.ts'
import type { Expr, ExprOf, Type } from './expr.ts'
import { functionNamed } from './functions.ts'
import { type FilterFunction, type Given, isLiteral, type Param } from './signature.ts'
import { coerce, type Placed, unify } from './types.ts'

interface Argument {
  readonly param: Param
  readonly ast: Ast
  /** Argument number, from 1. */
  readonly number: number
}

const countOf = (count: number): string => (count === 1 ? 'one argument' : `${count} arguments`)

const refuseCount = (ast: AstOf<'call'>, { name, params, isVariadic, signature }: FilterFunction): never => {
  const least = params.filter(({ isOptional }) => !isOptional).length
  const takes = isVariadic
    ? `at least ${countOf(least)}`
    : least === params.length
      ? countOf(least)
      : `${least} to ${params.length} arguments`
  const surplus = isVariadic ? undefined : ast.args[params.length]
  return fail('clause_invalid', surplus ?? ast, `${name}() takes ${takes}, not ${ast.args.length}.`, {
    found: countOf(ast.args.length),
    expected: signature,
  })
}

/** Each argument with its parameter. */
const argumentsOf = (ast: AstOf<'call'>, known: FilterFunction): Argument[] => {
  const { params, isVariadic } = known
  const least = params.filter(({ isOptional }) => !isOptional).length
  if (ast.args.length < least || (!isVariadic && ast.args.length > params.length)) refuseCount(ast, known)
  return ast.args.map((arg, i) => ({ param: params[Math.min(i, params.length - 1)]!, ast: arg, number: i + 1 }))
}

const WHOLE = /^-?\d+$/

/** A literal argument: a whole number or a text, just as written. */
const literalOf = ({ param, ast, number }: Argument, name: string): Expr => {
  const isWhole = param.type === 'integer'
  if (isWhole && ast.kind === 'number' && WHOLE.test(ast.digits) && Number.isSafeInteger(Number(ast.digits)))
    return { kind: 'literal', type: 'number', value: Number(ast.digits) }
  if (!isWhole && ast.kind === 'text') return { kind: 'literal', type: 'text', value: utf8(ast.value) }
  const expected = isWhole ? 'a whole number' : 'a text in single quotes'
  return fail('type_mismatch', ast, `Argument ${number} of ${name}() (${param.name}) must be written out as ${expected}.`, { expected })
}

/** Where a part of a text literal stands in the clause: a quote within is written twice. */
const placeWithin = (ast: Ast, at: number | undefined, length: number | undefined): Span => {
  if (ast.kind !== 'text' || at === undefined || length === undefined) return ast
  const written = (end: number) => end + [...ast.value.slice(0, end)].filter((character) => character === "'").length
  const start = ast.at + 1 + written(at)
  return { at: start, length: Math.max(1, ast.at + 1 + written(at + length) - start) }
}

const literalGiven = (of: Type, args: readonly Argument[]): Given => {
  const literal = (name: string) => args.find(({ param }) => param.name === name)?.ast
  return {
    of,
    integer: (name) => {
      const ast = literal(name)
      return ast?.kind === 'number' ? Number(ast.digits) : undefined
    },
    text: (name) => {
      const ast = literal(name)
      return ast?.kind === 'text' ? ast.value : undefined
    },
    refuse: (name, sentence, hints: Hints = {}, at, length) =>
      fail('clause_invalid', placeWithin(literal(name)!, at, length), sentence, hints),
  }
}

/** Arguments of any type are cast to their widest, all others to what the parameter says. */
const valuesOf = (args: readonly Argument[], name: string, resolve: (ast: Ast) => Placed): { of: Type; exprs: Expr[] } => {
  const placed = args.map(({ param, ast }) => (isLiteral(param.type) ? null : resolve(ast)))
  const alike = unify(
    placed.filter((_, i) => args[i]!.param.type === 'any').filter((item) => item !== null),
    (later, earlier) => `The values of ${name}() are of one type: this is ${later}, another is ${earlier}.`,
  )
  const unified = [...alike.exprs]
  const exprs = args.map((arg, i) => {
    const { type } = arg.param
    if (isLiteral(type)) return literalOf(arg, name)
    return type === 'any' ? unified.shift()! : coerce(placed[i]!, type, `Argument ${arg.number} of ${name}() (${arg.param.name}) is`)
  })
  return { of: alike.of, exprs }
}

export const checkCall = (ast: AstOf<'call'>, resolve: (ast: Ast) => Placed): ExprOf<'call'> => {
  const known = functionNamed(ast.name)!
  const args = argumentsOf(ast, known)
  const { of, exprs } = valuesOf(args, known.name, resolve)
  known.bind(literalGiven(of, args))
  return { kind: 'call', type: known.result === 'any' ? of : known.result, name: known.name, of, args: exprs }
}
