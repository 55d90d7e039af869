/**
 * Which of two values of one type is smaller, and are they equal? One row per type; NULL never comes here.
 * Text is compared as bytes, without any collation. NaN equals NaN and is greater than every other number, as in DuckDB.
 */
import { compareBytes } from '../base/bytes.ts'
import type { Type, ValueOf } from './expr.ts'

export interface Ordering<V> {
  /** Negative, zero or positive. */
  readonly compare: (a: V, b: V) => number
  readonly equal: (a: V, b: V) => boolean
  /** A test for being one of many. */
  readonly oneOf: (values: readonly V[]) => (value: V) => boolean
}

const compareNumbers = (a: number, b: number): number => {
  if (a < b) return -1
  if (a > b) return 1
  return a === b ? 0 : Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** FNV-1a, 32 bits. */
const hashOf = (bytes: Uint8Array): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  return hash
}

const oneOfBytes = (values: readonly Uint8Array[]) => {
  const byHash = new Map<number, Uint8Array[]>()
  const longest = Math.max(0, ...values.map((value) => value.length))
  for (const value of values) byHash.set(hashOf(value), [...(byHash.get(hashOf(value)) ?? []), value])
  return (value: Uint8Array): boolean =>
    value.length <= longest && (byHash.get(hashOf(value))?.some((known) => equalBytes(known, value)) ?? false)
}

/** A Set finds NaN and takes -0 for 0, as the language does. */
const oneOfSet = <V>(values: readonly V[]) => {
  const known = new Set(values)
  return (value: V): boolean => known.has(value)
}

const compareMoments = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0)
const equalMoments = (a: number | bigint, b: number | bigint): boolean => compareMoments(a, b) === 0

const numbers: Ordering<number> = { compare: compareNumbers, equal: (a, b) => a === b || compareNumbers(a, b) === 0, oneOf: oneOfSet }
const texts: Ordering<Uint8Array> = { compare: compareBytes, equal: equalBytes, oneOf: oneOfBytes }

export const ORDERINGS: { readonly [T in Type]: Ordering<ValueOf[T]> } = {
  text: texts,
  number: numbers,
  boolean: { compare: (a, b) => Number(a) - Number(b), equal: (a, b) => a === b, oneOf: oneOfSet },
  date: numbers,
  timestamp: { compare: compareMoments, equal: equalMoments, oneOf: oneOfSet },
  null: { compare: () => 0, equal: () => true, oneOf: oneOfSet },
}
