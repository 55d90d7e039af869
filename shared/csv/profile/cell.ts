/**
 * What is known about one cell? Everything that more than one sketch asks, found once.
 * One Cell is used for a whole batch: the sketches read it and keep nothing of it but copies, so that no object is made per cell.
 */
import { readType } from './cell-type.ts'
import { hashInto } from './hash.ts'
import { type CellType, TEXT } from './type-code.ts'

export interface Cell {
  /** The unquoted value is bytes [from, to); from = to is an empty cell, a null. */
  bytes: Uint8Array
  from: number
  to: number
  /** The value without blanks at its ends. */
  trimmedFrom: number
  trimmedTo: number
  /** Number of the record from 1, relative to where the profile began; rejected lines count. */
  record: number
  /** Code points; bytes where the encoding is not known. */
  points: number
  type: CellType
  /** Of an integer or decimal: its double. NaN for nan, infinite where it does not fit. */
  number: number
  /** Of a date or timestamp: days since 1970-01-01 and microseconds of that day; an offset is not applied. */
  days: number
  micros: number
  hashLow: number
  hashHigh: number
}

export const makeCell = (): Cell => ({
  bytes: new Uint8Array(0),
  from: 0,
  to: 0,
  trimmedFrom: 0,
  trimmedTo: 0,
  record: 0,
  points: 0,
  type: TEXT,
  number: 0.5,
  days: 0,
  micros: 0.5,
  hashLow: 0,
  hashHigh: 0,
})

/** True: the cell has no value. */
export const isNull = (cell: Cell): boolean => cell.from === cell.to

/** Code points of UTF-8: bytes that do not continue one. Invalid sequences count one for each byte that looks like a start. */
const codePoints = (bytes: Uint8Array, from: number, to: number): number => {
  let count = 0
  for (let at = from; at < to; at++) if ((bytes[at]! & 0xc0) !== 0x80) count++
  return count
}

/** Space, tab, line ends and the two other blanks that a cast to a number skips. */
const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

const trim = (cell: Cell): void => {
  let { from, to } = cell
  while (from < to && isBlank(cell.bytes[from]!)) from++
  while (to > from && isBlank(cell.bytes[to - 1]!)) to--
  cell.trimmedFrom = from
  cell.trimmedTo = to
}

/** Points `cell` at an unquoted value and finds all facts about it. */
export const readCell = (cell: Cell, bytes: Uint8Array, from: number, to: number, record: number, isUtf8: boolean): void => {
  cell.bytes = bytes
  cell.from = from
  cell.to = to
  cell.record = record
  if (from === to) return
  cell.points = isUtf8 ? codePoints(bytes, from, to) : to - from
  trim(cell)
  cell.type = readType(cell)
  hashInto(cell, bytes, from, to)
}
