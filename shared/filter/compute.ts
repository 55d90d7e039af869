/** How are values computed from others? Arithmetic, `||`, CASE and the calls of functions, over operands that are compiled already. A NULL among the operands makes the result NULL, except where a row of the table of functions says otherwise. */
import { textOf } from '../base/bytes.ts'
import type { Additive, Multiplicative } from './ast.ts'
import type { Expr, ExprOf, Value } from './expr.ts'
import { joinTexts } from './functions/text-size.ts'
import { functionNamed } from './functions.ts'
import type { Read, Row } from './row.ts'
import { type FilterFunction, type Given, isLiteral } from './signature.ts'

/** On doubles, as IEEE 754 has it: dividing by 0 is infinite or NaN, the rest of a division has the sign of what is divided. */
const OPERATIONS: Readonly<Record<Additive | Multiplicative, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
}

export const readNegated =
  (operand: Read<number>): Read<number> =>
  (row) => {
    const value = operand(row)
    return value === null ? null : -value
  }

export const readArith = (operators: readonly (Additive | Multiplicative)[], [first, ...others]: readonly Read<number>[]): Read<number> => {
  const steps = others.map((read, i) => ({ read, apply: OPERATIONS[operators[i]!] }))
  return (row) => {
    let total = first!(row)
    for (const { read, apply } of steps) {
      if (total === null) return null
      const value = read(row)
      total = value === null ? null : apply(total, value)
    }
    return total
  }
}

/** The values of all operands, or null if one is NULL. */
const valuesOf = <V>(reads: readonly Read<V>[], row: Row): V[] | null => {
  const values: V[] = []
  for (const read of reads) {
    const value = read(row)
    if (value === null) return null
    values.push(value)
  }
  return values
}

export const readJoined =
  (items: readonly Read<Uint8Array>[]): Read<Uint8Array> =>
  (row) => {
    const texts = valuesOf(items, row)
    return texts && joinTexts(texts, '||')
  }

export const readCase =
  (branches: readonly { readonly when: Read<boolean>; readonly result: Read }[], otherwise: Read): Read =>
  (row) => {
    for (const { when, result } of branches) if (when(row) === true) return result(row)
    return otherwise(row)
  }

/** The literals of a call that has been checked: nothing is refused any more. */
const givenOf = ({ params }: FilterFunction, { of, args }: ExprOf<'call'>): Given => {
  const literal = (name: string): Value => {
    const arg = args[params.findIndex((param) => param.name === name)]
    return arg?.kind === 'literal' ? arg.value : null
  }
  return {
    of,
    integer: (name) => (literal(name) as number | null) ?? undefined,
    text: (name) => {
      const value = literal(name) as Uint8Array | null
      return value === null ? undefined : textOf(value)
    },
    refuse: (name, sentence) => {
      throw new Error(`The literal ${name} was checked, and yet: ${sentence}`)
    },
  }
}

const paramTypeAt = ({ params }: FilterFunction, index: number) => params[Math.min(index, params.length - 1)]!.type

export const readCall = (call: ExprOf<'call'>, compile: (arg: Expr) => Read): Read => {
  const known = functionNamed(call.name)!
  const run = known.bind(givenOf(known, call))
  const reads = call.args.filter((_, i) => !isLiteral(paramTypeAt(known, i))).map(compile)
  if (known.takesNull) return (row) => run(...reads.map((read) => read(row)))
  const [only] = reads
  if (reads.length === 1 && only)
    return (row) => {
      const value = only(row)
      return value === null ? null : run(value)
    }
  return (row) => {
    const values = valuesOf(reads, row)
    return values && run(...values)
  }
}
