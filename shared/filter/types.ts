/**
 * Which types fit together? Next to a timestamp, date, number or boolean (in this order) text is cast; everything else of another type is a mistake, said before anything runs.
 * The table of casts decides what fits (casts/cast.ts); only the widest type is chosen here.
 */
import { castBetween } from './casts/cast.ts'
import { fail, type Hints, type Span } from './clause.ts'
import type { Expr, Type, Value } from './expr.ts'

/** An expression and the place it was written. */
export interface Placed {
  readonly expr: Expr
  readonly place: Span
}

const WIDEST_FIRST: readonly Type[] = ['timestamp', 'date', 'number', 'boolean', 'text']

const NAMES: Readonly<Record<Type, string>> = {
  text: 'text',
  number: 'a number',
  boolean: 'a boolean',
  date: 'a date',
  timestamp: 'a timestamp',
  null: 'NULL',
}

/** A type as a sentence calls it. */
export const typeName = (type: Type): string => NAMES[type]

const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1)

const refuse = (place: Span, sentence: string, found: Type, expected: Type): never => {
  const hints: Hints = { found: NAMES[found], expected: NAMES[expected] }
  return fail('type_mismatch', place, sentence, hints)
}

const fits = (from: Type, to: Type): boolean => from === to || from === 'null' || castBetween(from, to) !== null

/** The expression as a value of type `to`; a literal is cast at once. The caller has made sure that it fits. */
const convert = (expr: Expr, to: Type): Expr => {
  if (expr.type === to || expr.type === 'null') return expr
  const cast = castBetween(expr.type, to) as ((value: Value) => Value) | null
  if (expr.kind === 'literal' && cast) return { kind: 'literal', type: to, value: expr.value === null ? null : cast(expr.value) }
  return { kind: 'cast', type: to, operand: expr }
}

/** The expression cast to `to`, or a mistake: `what` says who wants that type, as in "LIKE takes". */
export const coerce = ({ expr, place }: Placed, to: Type, what: string): Expr =>
  fits(expr.type, to) ? convert(expr, to) : refuse(place, `${what} ${NAMES[to]}, but this is ${NAMES[expr.type]}.`, expr.type, to)

/** Says that two types do not go together; the place is the later one's. */
type Complaint = (later: string, earlier: string) => string

const uncomparable: Complaint = (later, earlier) => `${capital(later)} cannot be compared with ${earlier}.`

/** All sides cast to the widest type among them, and that type (that of NULL, if all are); the first side that does not fit is the mistake. */
export const unify = (sides: readonly Placed[], complain: Complaint = uncomparable): { of: Type; exprs: Expr[] } => {
  const of = WIDEST_FIRST.find((type) => sides.some(({ expr }) => expr.type === type)) ?? 'null'
  const odd = sides.find(({ expr }) => !fits(expr.type, of))
  if (odd) {
    const other = sides.find(({ expr }) => expr.type === of)!
    const later = odd.place.at > other.place.at ? odd : other
    const earlier = later === odd ? other : odd
    refuse(later.place, complain(NAMES[later.expr.type], NAMES[earlier.expr.type]), later.expr.type, earlier.expr.type)
  }
  return { of, exprs: sides.map(({ expr }) => convert(expr, of)) }
}
