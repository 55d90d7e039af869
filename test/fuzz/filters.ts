/** Random clauses over random lists: every way to evaluate against the meaning beside the clause, in rows, counts and output bytes; and the clause as it is printed again. */
import { concatBytes, textOf, utf8 } from '../../shared/base/bytes.ts'
import { DEFAULT_DIALECT, type Dialect } from '../../shared/csv/dialect.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import type { RecordBatch } from '../../shared/csv/record-batch.ts'
import { eachSelected, type Selection, selectionWords } from '../../shared/csv/selection.ts'
import { checkClause, type Filter } from '../../shared/filter/check.ts'
import { compileFilter } from '../../shared/filter/evaluate.ts'
import { bindSpec, normalSpec, operationOf } from '../../shared/operations/index.ts'
import { startRun } from '../../shared/operations/run.ts'
import type { Random } from '../support/random.ts'
import { inPieces, scanOptions } from '../support/scan.ts'
import { COLUMNS, isRecord, randomTable, type Table } from './cells.ts'
import { type Clause, randomClause } from './clauses.ts'
import { type AnyTarget, define, type Failure, json } from './target.ts'

type Compile = (filter: Filter, dialect: Dialect) => (batch: RecordBatch, selection: Selection) => void

/** A new way to evaluate is put here, and all clauses judge it too. */
export const EVALUATORS: Readonly<Record<string, Compile>> = { evaluate: compileFilter }

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
const keptBy = (compile: Compile, filter: Filter, { table, blockBytes }: FilterCase): number[] => {
  const keeps = compile(filter, DIALECT)
  const scanner = makeNaiveScanner(scanOptions({ dialect: DIALECT }))
  const kept: number[] = []
  const take = (batch: RecordBatch): void => {
    const selection = new Uint32Array(selectionWords(batch.count))
    keeps(batch, selection)
    eachSelected(selection, batch.count, (r) => void kept.push(batch.firstRecord + r))
  }
  for (const piece of inPieces(utf8(bodyOf(table)), blockBytes)) take(scanner.push(piece))
  take(scanner.finish())
  return kept
}

const cutBy = (clause: string, { table, blockBytes }: FilterCase): string => {
  const operation = operationOf('filter')
  const bound = bindSpec(operation, normalSpec(operation, { where: clause }), { file: '', etag: '', dialect: DIALECT, columns: COLUMNS })
  const kept: Uint8Array[] = []
  const sink = { keep: (bytes: Uint8Array) => void kept.push(bytes.slice()), reject: () => {} }
  const scanner = makeNaiveScanner(scanOptions({ dialect: DIALECT }))
  const run = startRun({ scanner, pass: bound.pass(), columns: COLUMNS.length, newline: DIALECT.newline }, sink)
  for (const piece of inPieces(utf8(bodyOf(table)), blockBytes)) run.push(piece)
  const { rowsIn, rowsOut, rowsFiltered, rowsRejected } = run.finish()
  return `${rowsIn} in, ${rowsOut} out, ${rowsFiltered} filtered, ${rowsRejected} rejected\n${textOf(concatBytes(kept))}`
}

const checkCase = (evaluators: Readonly<Record<string, Compile>>, one: FilterCase): Failure | null => {
  const { clause, table } = one
  const checked = checkClause(clause.text, COLUMNS)
  if (!checked.ok) return { what: 'a clause that is right is refused', expected: clause.text, actual: checked.error }
  const records = table.rows.filter(isRecord)
  const kept = records.filter(({ cells }) => clause.holds(cells) === true)
  const expected = records.flatMap((row, r) => (kept.includes(row) ? [r] : []))
  for (const [name, compile] of Object.entries(evaluators)) {
    const actual = keptBy(compile, checked.filter, one)
    if (json(actual) !== json(expected)) return { what: `the meaning and ${name}`, expected, actual }
  }
  const accounts = `${records.length} in, ${kept.length} out, ${records.length - kept.length} filtered, 0 rejected\n`
  const bytes = accounts + kept.map(({ line }) => line).join('')
  const actual = cutBy(clause.text, one)
  return actual === bytes ? null : { what: 'the meaning and the operation, which prints the clause anew', expected: bytes, actual }
}

function* smaller(one: FilterCase): Generator<FilterCase> {
  const { rows } = one.table
  for (let size = rows.length >> 1; size > 0; size >>= 1)
    for (let at = 0; at + size <= rows.length; at += size)
      yield { ...one, table: { ...one.table, rows: [...rows.slice(0, at), ...rows.slice(at + size)] } }
  if (one.blockBytes < 1 << 18) yield { ...one, blockBytes: 1 << 18 }
}

export const filtersTarget = (evaluators: Readonly<Record<string, Compile>>): AnyTarget =>
  define<FilterCase>({
    name: 'filters',
    generate: randomCase,
    check: (one) => checkCase(evaluators, one),
    files: ({ table, clause, blockBytes }) => ({
      'input.csv': table.header + bodyOf(table),
      'clause.sql': `${clause.text}\n`,
      'options.json': json({ blockBytes }),
    }),
    smaller,
  })
