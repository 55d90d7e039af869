/**
 * Which types can be turned into which, and how? One table: whatever stands in it the checker allows, and the evaluator does.
 * Every cast is a TRY_CAST: a value that does not fit is NULL.
 */
import type { Type, ValueOf } from '../expr.ts'
import { castBoolean } from './boolean.ts'
import { castDate } from './date.ts'
import { castNumber } from './number.ts'
import { castTimestamp, dateToTimestamp, timestampToDate } from './timestamp.ts'

type Casts = { readonly [From in Type]?: { readonly [To in Type]?: (value: ValueOf[From]) => ValueOf[To] | null } }

const CASTS = {
  text: { number: castNumber, boolean: castBoolean, date: castDate, timestamp: castTimestamp },
  date: { timestamp: dateToTimestamp },
  timestamp: { date: timestampToDate },
} satisfies Casts

/** The cast from one type to another, or null if there is none. */
export const castBetween = <From extends Type, To extends Type>(
  from: From,
  to: To,
): ((value: ValueOf[From]) => ValueOf[To] | null) | null => (CASTS as Casts)[from]?.[to] ?? null
