/**
 * What are the least and the greatest value? Kept for numbers, for times and for bytes side by side, because the column's type is known only at the end.
 * Bytes are compared over what is kept of a value, so that the answer is the same in any order.
 */
import { compareBytes } from '../../base/bytes.ts'
import type { Cell } from './cell.ts'
import type { ByteReader, ByteWriter } from './codec.ts'
import type { Sketch } from './sketch.ts'
import { isoDate, isoTimestamp } from './time.ts'
import { DATE, DECIMAL, INTEGER, TIMESTAMP } from './type-code.ts'
import { keptBytes, keptLength, keptText } from './value.ts'
import type { ColumnType } from './view.ts'

/** Days since 1970-01-01 and microseconds of the day: one number could not hold both exactly. */
export interface Instant {
  readonly days: number
  readonly micros: number
}

interface Ends<T> {
  min: T
  max: T
}

export interface ExtentState {
  number: Ends<number> | null
  time: Ends<Instant> | null
  bytes: Ends<Uint8Array> | null
}

type End = number | string | null

/** The two ends as values of a column's type; null where no value is of it. */
export type ExtentResult = (type: ColumnType) => Ends<End>

const compareNumbers = (a: number, b: number): number => a - b
const compareInstants = (a: Instant, b: Instant): number => a.days - b.days || a.micros - b.micros

const joined = <T>(left: Ends<T> | null, right: Ends<T> | null, compare: (a: T, b: T) => number): Ends<T> | null => {
  const only = left === null ? right : right === null ? left : null
  if (left === null || right === null) return only === null ? null : { ...only }
  return { min: compare(right.min, left.min) < 0 ? right.min : left.min, max: compare(right.max, left.max) > 0 ? right.max : left.max }
}

const addNumber = (state: ExtentState, value: number): void => {
  if (!Number.isFinite(value)) return
  if (state.number === null) state.number = { min: value, max: value }
  else if (value < state.number.min) state.number.min = value
  else if (value > state.number.max) state.number.max = value
}

const addTime = (state: ExtentState, { days, micros }: Cell): void => {
  const ends = state.time
  if (ends !== null && (days > ends.min.days || (days === ends.min.days && micros >= ends.min.micros))) {
    if (days < ends.max.days || (days === ends.max.days && micros <= ends.max.micros)) return
  }
  const instant = { days, micros }
  state.time = joined(ends, { min: instant, max: instant }, compareInstants)
}

/** memcmp of what would be kept of `cell` with `kept`, without a copy. */
const compareKept = (cell: Cell, kept: Uint8Array): number => {
  const length = keptLength(cell)
  const shared = Math.min(length, kept.length)
  for (let i = 0; i < shared; i++) {
    const difference = cell.bytes[cell.from + i]! - kept[i]!
    if (difference !== 0) return difference
  }
  return length - kept.length
}

const addBytes = (state: ExtentState, cell: Cell): void => {
  if (state.bytes === null) {
    const kept = keptBytes(cell)
    state.bytes = { min: kept, max: kept }
  } else if (compareKept(cell, state.bytes.min) < 0) state.bytes.min = keptBytes(cell)
  else if (compareKept(cell, state.bytes.max) > 0) state.bytes.max = keptBytes(cell)
}

const NONE: Ends<End> = { min: null, max: null }

const shown = <T>(ends: Ends<T> | null, show: (end: T) => End): Ends<End> =>
  ends === null ? NONE : { min: show(ends.min), max: show(ends.max) }

/** Which ends a column of each type shows, and how. */
const SHOWN: Readonly<Record<ColumnType, (state: ExtentState) => Ends<End>>> = {
  empty: () => NONE,
  boolean: (state) => shown(state.bytes, keptText),
  integer: (state) => shown(state.number, (value) => value),
  decimal: (state) => shown(state.number, (value) => value),
  date: (state) => shown(state.time, ({ days }) => isoDate(days)),
  timestamp: (state) => shown(state.time, ({ days, micros }) => isoTimestamp(days, micros)),
  text: (state) => shown(state.bytes, keptText),
}

const encodeEnds = <T>(to: ByteWriter, ends: Ends<T> | null, encodeEnd: (end: T) => void): void => {
  to.count(ends === null ? 0 : 1)
  if (ends === null) return
  encodeEnd(ends.min)
  encodeEnd(ends.max)
}

const decodeEnds = <T>(from: ByteReader, decodeEnd: () => T): Ends<T> | null =>
  from.count() === 0 ? null : { min: decodeEnd(), max: decodeEnd() }

export const extent: Sketch<ExtentState, ExtentResult> = {
  commutes: true,
  empty: () => ({ number: null, time: null, bytes: null }),
  add(state, cell) {
    if (cell.type === INTEGER || cell.type === DECIMAL) addNumber(state, cell.number)
    else if (cell.type === DATE || cell.type === TIMESTAMP) addTime(state, cell)
    addBytes(state, cell)
  },
  merge(left, right) {
    left.number = joined(left.number, right.number, compareNumbers)
    left.time = joined(left.time, right.time, compareInstants)
    left.bytes = joined(left.bytes, right.bytes, compareBytes)
    return left
  },
  result: (state) => (type) => SHOWN[type](state),
  encode({ number, time, bytes }, to) {
    encodeEnds(to, number, (end) => to.float(end))
    encodeEnds(to, time, ({ days, micros }) => {
      to.float(days)
      to.float(micros)
    })
    encodeEnds(to, bytes, (end) => to.text(end))
  },
  decode: (from) => ({
    number: decodeEnds(from, () => from.float()),
    time: decodeEnds(from, () => ({ days: from.float(), micros: from.float() })),
    bytes: decodeEnds(from, () => from.text()),
  }),
}
