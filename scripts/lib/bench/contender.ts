/** What must be able to take part in the benchmark? Something that does a scenario's work on a list, in a process of its own, once for each call. */
import type { Dialect } from '../../../shared/csv/dialect.ts'

/** The list a scenario works on. Dialect and columns are given to everybody alike: finding them out is not what is measured. */
export interface List {
  readonly path: string
  /** Of the list as it is read: speeds are told in these, also where the file is compressed. */
  readonly bytes: number
  readonly isGzip: boolean
  readonly dialect: Dialect
  readonly columns: readonly string[]
  /** The header record with its line end, as it stands in the list. */
  readonly header: string
}

/** Plain data, so that it travels to another process; the scenario is looked up there by its name. */
export interface Task {
  readonly scenario: string
  readonly list: List
}

/** What is known of a column, by those who know it. Texts where the column holds texts. */
export interface ColumnFacts {
  readonly name: string
  /** Of all rows, in per cent with two digits: the coarsest that a contender tells. */
  readonly nullPercent: number
  readonly min?: string | number | null
  readonly max?: string | number | null
  readonly mean?: number | null
}

/** What came out of a run beside the file that it wrote. */
export interface Outcome {
  /** Rows kept or counted, or looked at by analyse; null: a contender that does not tell. */
  readonly rows: number | null
  readonly columns?: readonly ColumnFacts[]
}

export interface Runner {
  /** Does the work once. `out`: where the kept rows go. */
  run(out: string): Promise<Outcome>
  end?(): void
}

export interface Contender {
  readonly name: string
  /** How it is used, in a few words. */
  readonly about: string
  readonly cores: 'one' | 'all'
  /** It does not do the work: its speed is the machine's, and nothing of it is checked. */
  readonly isYardstick?: true
  /** What must be installed for it to take part; null: it is all here. */
  missing(): string | null
  /** Everything that is not timed: modules loaded, a database opened. */
  prepare(task: Task): Promise<Runner>
}
