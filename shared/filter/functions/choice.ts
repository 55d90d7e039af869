/** What the functions do that choose among values of one type, NULLs among them. */
import type { Type, Value } from '../expr.ts'
import { ORDERINGS, type Ordering } from '../ordering.ts'

const orderingOf = (type: Type): Ordering<Value> => ORDERINGS[type] as unknown as Ordering<Value>

export const coalesce = (...values: Value[]): Value => values.find((value) => value !== null) ?? null

export const nullif = (of: Type) => {
  const { equal } = orderingOf(of)
  return (value: Value, other: Value): Value => (value !== null && other !== null && equal(value, other) ? null : value)
}

/** The value that comes last in the order (`direction` 1) or first (-1); NULLs do not count. */
export const extreme = (of: Type, direction: 1 | -1) => {
  const { compare } = orderingOf(of)
  return (...values: Value[]): Value =>
    values.reduce((best, value) => {
      if (value === null) return best
      return best === null || compare(value, best) * direction > 0 ? value : best
    }, null)
}

export const choose = (condition: Value, then: Value, otherwise: Value): Value => (condition === true ? then : otherwise)
