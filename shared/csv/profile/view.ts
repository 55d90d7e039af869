/** The JSON of a profile: what analyse finds, as it lies in storage and leaves the API. */
import type { DialectView } from '../dialect.ts'
import type { OddityCode } from './oddities.ts'

export type ColumnType = 'empty' | 'boolean' | 'integer' | 'decimal' | 'date' | 'timestamp' | 'text'

type SeenType = Exclude<ColumnType, 'empty'>

/** A value, cut after 64 bytes, and the number of its record from 1. */
export interface Example {
  readonly record: number
  readonly value: string
}

/**
 * The p-th percentile is the least value with at least p % of the values at or below it. `error`: what it is off at most; 0 when exact. Of numbers as a fraction of the true
 * value (below 2^-1022, the least normal double, 2^-1029 instead), of dates in days, of timestamps in seconds. Timestamps are cut to milliseconds.
 */
export interface Quantiles {
  readonly p01: number | string
  readonly p05: number | string
  readonly p25: number | string
  readonly p50: number | string
  readonly p75: number | string
  readonly p95: number | string
  readonly p99: number | string
  readonly error: number
}

/** Bar i counts the values from `from` + i × `width` up to where the next begins; the last one ends with `to`, which is max. Width in days for dates, in seconds for timestamps. */
export interface Bars {
  readonly from: number | string
  readonly to: number | string
  readonly width: number
  readonly counts: readonly number[]
}

export interface ColumnProfile {
  readonly index: number
  readonly name: string
  /** The type that all non-empty values share; `text` where they do not. */
  readonly type: ColumnType
  /** How many non-empty values look like each type (the narrowest); types that never occur are left out. */
  readonly types: Readonly<Partial<Record<SeenType, number>>>
  /** The first value of each of `types`. */
  readonly type_examples: Readonly<Partial<Record<SeenType, Example>>>
  /** Records in which the field is empty or absent. */
  readonly nulls: number
  /** Values of nothing but blanks, and values that often mean none (NA, n/a, null, none, -): both are values, and text. */
  readonly blank: number
  readonly null_like: number
  /** `error`: the standard error as a fraction of the value (0 when exact). */
  readonly distinct: { readonly value: number; readonly exact: boolean; readonly error: number }
  /** Whether no value comes twice. Null: cannot be told, for the distinct count is an estimate that allows it; or there is no value. */
  readonly unique: boolean | null
  /** By the column's type: numbers for integer and decimal, ISO text for dates, text (at most 64 bytes, then …) else; null without values. */
  readonly min: number | string | null
  readonly max: number | string | null
  /** Of the finite numbers; null where the column is not numeric. `stddev` is that of a sample (n - 1), null for a single value. */
  readonly mean: number | null
  readonly stddev: number | null
  /** Of the unquoted values in code points, empty ones not counted; null without values. */
  readonly length: { readonly min: number; readonly max: number; readonly mean: number } | null
  /** Of finite numbers, dates and timestamps; null where the column is of another type. The counts of the histogram's bars add up to these values. */
  readonly quantiles: Quantiles | null
  readonly histogram: Bars | null
  /** Most frequent first. Empty where `precision.frequent_max` is 0. `count` is at most the true count, which is at most count + error. */
  readonly frequent: readonly { readonly value: string; readonly count: number; readonly error: number }[]
  /** At most 5 different values, in the order of the file. */
  readonly samples: readonly string[]
  /** What looks off, by kind: in how many values, and in which first. Kinds that do not occur are left out. */
  readonly oddities: Readonly<Partial<Record<OddityCode, { readonly count: number; readonly first: Example }>>>
  /** The same and more in sentences. */
  readonly warnings: readonly string[]
}

/** What the scanner met: `stray_quote`, `invalid_utf8` and others, as in a job's warnings. Lines count from 1, the header's included. */
export interface InputWarning {
  readonly code: string
  readonly count: number
  /** Record and line are absent where it was met before there were records: while the file was decoded. */
  readonly first: { readonly record?: number; readonly line?: number; readonly byte_offset: number }
}

/** A column that could tell rows apart. `exact`: it does; else it may, by an estimate. */
export interface CandidateKey {
  readonly index: number
  readonly name: string
  readonly exact: boolean
}

export interface Profile {
  readonly version: 2
  readonly file: string
  readonly etag: string
  readonly rows: number
  readonly blank_lines: number
  readonly ragged: { readonly short: number; readonly long: number }
  /** Records that repeat the header; null where none does. */
  readonly header_repeated: { readonly count: number; readonly first: { readonly record: number } } | null
  readonly dialect: DialectView
  /** Columns without nulls whose values all differ: first those that are sure, then in the order of the file. */
  readonly candidate_keys: readonly CandidateKey[]
  /** What was kept of each column: up to how many different values the distinct count and the frequent values are exact, and how many buckets the quantiles come from. */
  readonly precision: { readonly distinct_max: number; readonly frequent_max: number; readonly buckets_max: number }
  readonly warnings: readonly InputWarning[]
  readonly columns: readonly ColumnProfile[]
}
