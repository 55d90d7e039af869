/**
 * What can a job do? The contract of an operation. An operation is one file and one row of the table in index.ts; validation, API docs,
 * dispatch and the joining of partial results derive from it.
 *
 * A pass goes over some of the input's records and leaves a state; `merge` joins the states of neighbours and is associative, so any split of the input
 * gives the same answer. Kept records leave through the sink in input order: outputs join by lying one after the other.
 */
import type { z } from 'zod'
import type { Dialect } from '../csv/dialect.ts'
import type { RecordBatch } from '../csv/record-batch.ts'
import type { Warning } from '../csv/scanner.ts'
import type { DialectHints } from '../csv/sniff/hints.ts'

/** What is known about the input when a job is planned. */
export interface Input {
  readonly file: string
  readonly etag: string
  readonly dialect: Dialect
  readonly columns: readonly string[]
}

/** A record that is not cut like the others, and why. `raw`: its bytes, empty where they were not kept. */
export interface Reject {
  /** Data record and physical line, from 1, relative to where the pass began. */
  readonly record: number
  readonly line: number
  readonly byteOffset: number
  readonly reason: 'record_too_long' | 'too_few_fields' | 'too_many_fields'
  readonly raw: Uint8Array
}

/** Where a pass puts records; what it is given is copied. */
export interface Sink {
  keep(bytes: Uint8Array): void
  reject(reject: Reject): void
}

/** What became of the records of a batch; together they are all of them. */
export interface RowCounts {
  readonly out: number
  readonly filtered: number
  readonly rejected: number
}

export interface Pass {
  add(batch: RecordBatch, sink: Sink): RowCounts
  /** What this pass found, encoded; empty where an operation needs no state. */
  state(): Uint8Array
  /** What had to be changed in what was given out, by code; places count from where the pass began. */
  warnings?(): readonly Warning[]
}

/** How kept records leave, and what kind of file they make. */
export interface Output {
  /** `csv`: a CSV of some dialect. The others are one JSON value a line, and no input for a job. */
  readonly format: 'csv' | 'ndjson' | 'arrays'
  readonly contentType: string
  /** What is appended to the input's name for the result: `people.csv.cut.csv`. */
  readonly suffix: string
  readonly columns: readonly string[]
  /** The dialect of a CSV, as hints for whoever reads it. */
  readonly hints: DialectHints
  /** How much input may be handed over at once: less where a short record can come to a long one. */
  readonly blockBytes: number
  /** What the output begins with. `record`: the input's header record as it came with its line end; empty without one. */
  header(record: Uint8Array): Uint8Array
}

/** What a whole job found. */
export interface Totals {
  readonly rows: number
  readonly blankLines: number
  /** The input's header record as it came; empty without a header. */
  readonly header: Uint8Array
}

/** An operation with its specification and its input: ready to run. */
export interface Bound {
  /** True: what becomes of a record depends on what is left of it. Such passes go one after the other from left to right, each from the state in which the one before it ended. */
  readonly isSequential: boolean
  /** Null: no records leave. */
  readonly output: Output | null
  /** `before`: where it is sequential, the state of everything to the left; null at the beginning of the input. */
  pass(before?: Uint8Array | null): Pass
  /** Room that a pass uses in the kernel's memory, if it has it; none where this is not said. */
  readonly stateBytes?: number
  /** Joins the states of neighbours, left and right. */
  merge(left: Uint8Array, right: Uint8Array): Uint8Array
  /** The answer of a whole job: a profile, a count; `{}` where the file is the answer. */
  finish(state: Uint8Array, totals: Totals): Record<string, unknown>
}

export interface Operation<Spec> {
  readonly name: string
  readonly title: string
  /** One sentence for people. */
  readonly summary: string
  readonly spec: z.ZodType<Spec>
  /** `file`: a new file with an edge to its input. `profile`: kept with the input. `answer`: in the job's result. */
  readonly makes: 'file' | 'profile' | 'answer'
  readonly edge: 'CUT_FROM' | 'DERIVED_FROM'
  /** The same specification in one spelling; throws what is wrong with it whatever the columns are. */
  normalise(spec: Spec): Spec
  /** Throws what is wrong with the specification for these columns: column_unknown, column_ambiguous, type_mismatch. */
  bind(spec: Spec, input: Input): Bound
}

/** An operation as a table holds it: its specification is checked by its own schema before it comes back in. */
export type AnyOperation = Operation<never> & { readonly spec: z.ZodType<unknown> }

/** Checks the definition and forgets the type of its specification. */
export const define = <Spec>(operation: Operation<Spec>): AnyOperation => operation as unknown as AnyOperation
