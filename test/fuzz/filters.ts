/** Random clauses over random lists: every way to evaluate, over the batches of every scanner, against the meaning beside the clause, in rows, counts and output bytes; and the clause as it is printed again. */
import { concatBytes, textOf, utf8 } from '../../shared/base/bytes.ts'
import { DEFAULT_DIALECT, type Dialect } from '../../shared/csv/dialect.ts'
import type { RecordBatch } from '../../shared/csv/record-batch.ts'
import type { MakeScanner } from '../../shared/csv/scanner.ts'
import { eachSelected, selectionWords } from '../../shared/csv/selection.ts'
import { checkClause, type Filter } from '../../shared/filter/check.ts'
import { compileFilter } from '../../shared/filter/evaluate.ts'
import { type Plan, planFilter } from '../../shared/filter/plan/plan.ts'
import { bindSpec, normalSpec, operationOf } from '../../shared/operations/index.ts'
import { startRun } from '../../shared/operations/run.ts'
import type { Random } from '../support/random.ts'
import { inPieces, scanOptions } from '../support/scan.ts'
import { COLUMNS, isRecord, randomTable, type Table } from './cells.ts'
import { type Clause, randomClause } from './clauses.ts'
import { type AnyTarget, define, type Failure, json } from './target.ts'

export type Scanners = Readonly<Record<string, MakeScanner>>
type Compile = (filter: Filter, dialect: Dialect) => Plan

export type Evaluators = Readonly<Record<string, Compile>>

/** A new way to evaluate is put here, and all clauses judge it too. */
export const EVALUATORS: Evaluators = {
  evaluate: (filter, dialect) => {
    const keeps = compileFilter(filter, dialect)
    return {
      select: (batch) => {
        const selection = new Uint32Array(selectionWords(batch.count))
        keeps(batch, selection)
        return selection
      },
    }
  },
  plan: planFilter,
}

interface FilterCase {
  readonly table: Table
  readonly clause: Clause
  readonly blockBytes: number
}

const ROWS_MAX = 150
const DEPTH_MAX = 5

const randomCase = (random: Random): FilterCase => ({
  table: randomTable(random, random.oneIn(3) ? ROWS_MAX : 10),
  clause: randomClause(random, random.between(1, DEPTH_MAX)),
  blockBytes: random.oneIn(2) ? 1 << 18 : random.between(1, 200),
})

export const bodyOf = ({ rows }: Table): string => rows.map(({ line }) => line).join('')

/** The dialect of a list that begins with its header; line ends are what the last record gets if it has none, and here all have. */
const DIALECT = DEFAULT_DIALECT

/** Numbers of the kept records, from 0. */
export const keptBy = (compile: Compile, make: MakeScanner, filter: Filter, bytes: Uint8Array, blockBytes: number): number[] => {
  const plan = compile(filter, DIALECT)
  const scanner = make(scanOptions({ dialect: DIALECT, columns: COLUMNS.length }))
  const kept: number[] = []
  const take = (batch: RecordBatch): void => {
    eachSelected(plan.select(batch), batch.count, (r) => void kept.push(batch.firstRecord + r))
  }
  for (const piece of inPieces(bytes, blockBytes)) take(scanner.push(piece))
  take(scanner.finish())
  return kept
}

const cutBy = (make: MakeScanner, clause: string, { table, blockBytes }: FilterCase): string => {
  const operation = operationOf('filter')
  const bound = bindSpec(operation, normalSpec(operation, { where: clause }), { file: '', etag: '', dialect: DIALECT, columns: COLUMNS })
  const kept: Uint8Array[] = []
  const sink = { keep: (bytes: Uint8Array) => void kept.push(bytes.slice()), reject: () => {} }
  const scanner = make(scanOptions({ dialect: DIALECT, columns: COLUMNS.length }))
  const run = startRun({ scanner, pass: bound.pass(), columns: COLUMNS.length, newline: DIALECT.newline }, sink)
  for (const piece of inPieces(utf8(bodyOf(table)), blockBytes)) run.push(piece)
  const { rowsIn, rowsOut, rowsFiltered, rowsRejected } = run.finish()
  return `${rowsIn} in, ${rowsOut} out, ${rowsFiltered} filtered, ${rowsRejected} rejected\n${textOf(concatBytes(kept))}`
}

const checkRows = (evaluators: Evaluators, scanners: Scanners, one: FilterCase, expected: readonly number[]): Failure | null => {
  const checked = checkClause(one.clause.text, COLUMNS)
  if (!checked.ok) return { what: 'a clause that is right is refused', expected: one.clause.text, actual: checked.error }
  const bytes = utf8(bodyOf(one.table))
  for (const [scanner, make] of Object.entries(scanners)) {
    for (const [name, compile] of Object.entries(evaluators)) {
      const actual = keptBy(compile, make, checked.filter, bytes, one.blockBytes)
      if (json(actual) !== json(expected)) return { what: `the meaning and ${name} over the ${scanner}'s batches`, expected, actual }
    }
  }
  return null
}

/** The operation prints the clause anew, and is the one that makes bytes of it. */
const checkBytes = (scanners: Scanners, one: FilterCase, expected: string): Failure | null => {
  for (const [scanner, make] of Object.entries(scanners)) {
    const actual = cutBy(make, one.clause.text, one)
    if (actual !== expected) return { what: `the meaning and the operation over the ${scanner}'s batches`, expected, actual }
  }
  return null
}

const checkCase = (evaluators: Evaluators, scanners: Scanners, one: FilterCase): Failure | null => {
  const records = one.table.rows.filter(isRecord)
  const keptRows = records.flatMap(({ cells }, r) => (one.clause.holds(cells) === true ? [r] : []))
  const accounts = `${records.length} in, ${keptRows.length} out, ${records.length - keptRows.length} filtered, 0 rejected\n`
  const bytes = accounts + keptRows.map((r) => records[r]!.line).join('')
  return checkRows(evaluators, scanners, one, keptRows) ?? checkBytes(scanners, one, bytes)
}

function* smaller(one: FilterCase): Generator<FilterCase> {
  const { rows } = one.table
  for (let size = rows.length >> 1; size > 0; size >>= 1)
    for (let at = 0; at + size <= rows.length; at += size)
      yield { ...one, table: { ...one.table, rows: [...rows.slice(0, at), ...rows.slice(at + size)] } }
  if (one.blockBytes < 1 << 18) yield { ...one, blockBytes: 1 << 18 }
}

export const filtersTarget = (evaluators: Evaluators, scanners: Scanners): AnyTarget =>
  define<FilterCase>({
    name: 'filters',
    generate: randomCase,
    check: (one) => checkCase(evaluators, scanners, one),
    files: ({ table, clause, blockBytes }) => ({
      'input.csv': table.header + bodyOf(table),
      'clause.sql': `${clause.text}\n`,
      'options.json': json({ blockBytes }),
    }),
    smaller,
  })
