/** Which candidate fits? Each is tried on the sample with the scanner that will read the file, and its records are scored. */
import { LIMITS } from '../../base/limits.ts'
import type { Dialect } from '../dialect.ts'
import { recordTexts } from '../field.ts'
import { makeNaiveScanner } from '../naive.ts'
import type { RecordBatch } from '../record-batch.ts'
import { type Candidate, candidatesFor } from './candidates.ts'
import type { DialectHints } from './hints.ts'
import { lineEndsOf } from './newline.ts'
import { tableScore } from './score.ts'

/** What is tried: the sample, and what is known of it. */
export interface Subject {
  readonly head: Uint8Array
  readonly isWhole: boolean
  readonly hints: DialectHints
  /** What is known before any candidate is tried. */
  readonly base: Dialect
}

/** One candidate, tried: its dialect without header facts, the records it gives, and how good they look. */
export interface Trial {
  readonly dialect: Dialect
  readonly records: readonly (readonly string[])[]
  readonly score: number
}

/** The candidate whose records look most like a table; ties go to the earlier one. A list of one column is a comma file, whatever scored best. */
export const bestTrial = (subject: Subject): Trial => {
  const plain = best(subject)
  return mayHaveComments(subject) ? (withComments(subject) ?? plain) : plain
}

const best = (subject: Subject): Trial => {
  const trials = candidatesFor(new TextDecoder().decode(subject.head), subject.hints).map((candidate) => tryOut(subject, candidate))
  const found = trials.reduce((a, b) => (b.score > a.score ? b : a))
  const isOneColumn = found.records.every(({ length }) => length === 1)
  return isOneColumn ? trials[0]! : found
}

const HASH = '#'

/** Comments are looked for where the very first line begins with a hash and the user has not said what hashes are. */
const mayHaveComments = ({ head, hints, base }: Subject): boolean =>
  hints.comment === undefined &&
  head[base.bom ? 3 : 0] === HASH.charCodeAt(0) &&
  ![hints.quote, hints.escape].includes(HASH) &&
  !hints.delimiter?.includes(HASH)

/**
 * Read with comments it is a table of several columns, and none of the lines that begin with a hash has the width of its rows: a first column that is called # or holds
 * hashtags is no comment. Null: it does not look so.
 */
const withComments = (subject: Subject): Trial | null => {
  const trial = best({ ...subject, base: { ...subject.base, comment: HASH } })
  const width = trial.records[0]?.length ?? 0
  if (width < 2 || trial.records.length < 2 || trial.records[1]!.length !== width) return null
  const all = tryOut(subject, trial.dialect).records
  return all.some((record) => record[0]?.startsWith(HASH) && record.length === width) ? null : trial
}

const tryOut = ({ head, isWhole, hints, base }: Subject, { delimiter, quote, escape: escaper }: Candidate): Trial => {
  const plain: Dialect = { ...base, delimiter, quote, escape: escaper }
  const dialect = { ...plain, ...lineEndsOf(head, plain, isWhole, hints.newline) }
  const scanner = scannerOf(dialect)
  const batch = scanner.push(head)
  const records = textsOf(batch, dialect)
  if (isWhole || records.length === 0) records.push(...textsOf(scanner.finish(), dialect))
  const fieldTotal = records.reduce((sum, { length }) => sum + length, 0)
  const strays = scanner.warnings.find(({ code }) => code === 'stray_quote')?.count ?? 0
  return { dialect, records, score: tableScore(records, fieldTotal === 0 ? 0 : Math.min(1, strays / fieldTotal)) }
}

/** The scanner for a whole sample from the file's first byte on. */
export const scannerOf = (dialect: Dialect) =>
  makeNaiveScanner({ dialect, start: 0, end: Number.POSITIVE_INFINITY, recordBytesMax: LIMITS.recordBytesMax })

const textsOf = (batch: RecordBatch, dialect: Dialect): string[][] =>
  Array.from({ length: batch.count }, (_, r) => recordTexts(batch, r, dialect))
