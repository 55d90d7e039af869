/** The JSON of a profile: what analyse finds, as it lies in storage and leaves the API. */
import type { DialectView } from '../dialect.ts'

export type ColumnType = 'empty' | 'boolean' | 'integer' | 'decimal' | 'date' | 'timestamp' | 'text'

export interface ColumnProfile {
  readonly index: number
  readonly name: string
  /** The type that all non-empty values share; `text` where they do not. */
  readonly type: ColumnType
  /** How many non-empty values look like each type (the narrowest); types that never occur are left out. */
  readonly types: Readonly<Partial<Record<Exclude<ColumnType, 'empty'>, number>>>
  readonly nulls: number
  /** `error`: the standard error as a fraction of the value (0 when exact). */
  readonly distinct: { readonly value: number; readonly exact: boolean; readonly error: number }
  /** By the column's type: numbers for integer and decimal, ISO text for dates, text (at most 64 bytes, then …) else; null without values. */
  readonly min: number | string | null
  readonly max: number | string | null
  /** Of the finite numbers; null where the column is not numeric. `stddev` is that of a sample (n - 1), null for a single value. */
  readonly mean: number | null
  readonly stddev: number | null
  /** Of the unquoted values in code points, empty ones not counted; null without values. */
  readonly length: { readonly min: number; readonly max: number; readonly mean: number } | null
  /** Most frequent first. `count` is at most the true count, which is at most count + error. */
  readonly frequent: readonly { readonly value: string; readonly count: number; readonly error: number }[]
  /** At most 5 different values, in the order of the file. */
  readonly samples: readonly string[]
  /** Sentences about what looks off. */
  readonly warnings: readonly string[]
}

export interface Profile {
  readonly version: 1
  readonly file: string
  readonly etag: string
  readonly rows: number
  readonly blank_lines: number
  readonly ragged: { readonly short: number; readonly long: number }
  readonly dialect: DialectView
  readonly columns: readonly ColumnProfile[]
}
