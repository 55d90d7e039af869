/** The law of operations: any split of the input, joined in any order, gives the same answer, output, rejects and accounts, whichever scanner reads the parts. */
import { concatBytes, textOf, utf8 } from '../../shared/base/bytes.ts'
import { DEFAULT_DIALECT } from '../../shared/csv/dialect.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import type { MakeScanner } from '../../shared/csv/scanner.ts'
import { bindSpec, normalSpec, operationOf } from '../../shared/operations/index.ts'
import type { Bound, Reject } from '../../shared/operations/operation.ts'
import { rejectRows } from '../../shared/operations/rejects.ts'
import { type Accounts, startRun } from '../../shared/operations/run.ts'
import type { Random } from '../support/random.ts'
import { inPieces, scanOptions } from '../support/scan.ts'
import { COLUMNS, randomTable, type Table } from './cells.ts'
import { randomClause } from './clauses.ts'
import { bodyOf } from './filters.ts'
import { type AnyTarget, define, type Failure, json } from './target.ts'

interface SplitCase {
  readonly table: Table
  readonly operation: string
  readonly spec: Readonly<Record<string, unknown>>
  /** Rows at which the table is cut, where its operation can be. */
  readonly cuts: readonly number[]
  readonly blockBytes: number
  /** How the states are joined: from the left or from the right. */
  readonly isFromRight: boolean
}

interface Part extends Accounts {
  readonly state: Uint8Array
  readonly output: string
  readonly rejects: string
  readonly blankLines: number
}

const ROWS_MAX = 60

const columnList = (random: Random): unknown =>
  random.oneIn(3)
    ? { except: [random.pick(COLUMNS)] }
    : random.times(random.between(1, 4), (c) => ({ name: random.pick(COLUMNS), as: `c${c}` }))

/** Everything that a part of the input can be asked for without knowing the others. */
const rowSpec = (random: Random) => ({
  where: randomClause(random, 3).text,
  ragged: random.pick(['keep', 'reject']),
  ...(random.oneIn(3) ? { format: random.pick(['csv', 'tsv', 'ndjson', 'arrays']) } : {}),
  ...(random.oneIn(3) ? { columns: columnList(random) } : {}),
  ...(random.oneIn(4) ? { sample: { rate: random.pick([0.1, 0.5, 0.9]), seed: random.below(3) } } : {}),
})

/** What becomes of a row depends on those before it: one pass, in blocks of any size. */
const windowSpec = (random: Random) => ({ ...rowSpec(random), limit: random.below(20), offset: random.below(5) })

const KINDS: readonly (readonly [operation: string, spec: (random: Random) => Record<string, unknown>])[] = [
  ['analyse', () => ({})],
  ['count', (random) => ({ ...rowSpec(random), head: random.pick([0, 1, 5, 1_000]) })],
  ['filter', rowSpec],
  ['filter', windowSpec],
]

const randomCase = (random: Random): SplitCase => {
  const table = randomTable(random, ROWS_MAX)
  const [operation, spec] = random.pick(KINDS)
  return {
    table,
    operation,
    spec: spec(random),
    cuts: random.times(random.few(4), () => random.below(table.rows.length + 1)).sort((a, b) => a - b),
    blockBytes: random.between(1, 300),
    isFromRight: random.oneIn(2),
  }
}

const boundOf = ({ operation: name, spec }: SplitCase): Bound => {
  const operation = operationOf(name)
  return bindSpec(operation, normalSpec(operation, spec), { file: 'f', etag: 'e', dialect: DEFAULT_DIALECT, columns: COLUMNS })
}

const runOver = (
  make: MakeScanner,
  bound: Bound,
  bytes: Uint8Array,
  start: number,
  blockBytes: number,
  before: Uint8Array | null = null,
): Part => {
  const kept: Uint8Array[] = []
  const rejects: Reject[] = []
  const sink = {
    keep: (piece: Uint8Array) => void kept.push(piece.slice()),
    reject: (reject: Reject) => void rejects.push({ ...reject, record: 0, line: 0, raw: reject.raw.slice() }),
  }
  const scanner = make(scanOptions({ start, columns: COLUMNS.length }))
  const run = startRun({ scanner, pass: bound.pass(before), columns: COLUMNS.length, newline: 'lf' }, sink)
  for (const piece of inPieces(bytes, blockBytes)) run.push(piece)
  const { bytesIn: _, warnings: __, ...ran } = run.finish()
  return { ...ran, output: textOf(concatBytes(kept)), rejects: textOf(rejectRows(rejects, 0)) }
}

const partsOf = (make: MakeScanner, bound: Bound, { table, cuts, blockBytes }: SplitCase): Part[] => {
  const borders = [0, ...cuts, table.rows.length]
  let start = 0
  let before: Uint8Array | null = null
  return borders.slice(1).map((to, i) => {
    const bytes = utf8(bodyOf({ ...table, rows: table.rows.slice(borders[i], to) }))
    const part = runOver(make, bound, bytes, start, blockBytes, before)
    start += bytes.length
    if (bound.isSequential) before = part.state
    return part
  })
}

/** The answer of a job whose parts these are, with all that it says of rows. */
const answerOf = (bound: Bound, parts: readonly Part[], { table, isFromRight }: SplitCase) => {
  const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0)
  const states = parts.map(({ state }) => state)
  const state = isFromRight
    ? states.reduceRight((right, left) => bound.merge(left, right))
    : states.reduce((left, right) => bound.merge(left, right))
  const rows = sum(({ rowsIn }) => rowsIn)
  const blankLines = sum((part) => part.blankLines)
  return {
    rows,
    out: sum(({ rowsOut }) => rowsOut),
    filtered: sum(({ rowsFiltered }) => rowsFiltered),
    rejected: sum(({ rowsRejected }) => rowsRejected),
    blankLines,
    output: parts.map(({ output }) => output).join(''),
    rejects: parts.map(({ rejects }) => rejects).join(''),
    answer: bound.finish(state, { rows, blankLines, header: utf8(table.header) }),
  }
}

const check = (scanners: Readonly<Record<string, MakeScanner>>, one: SplitCase): Failure | null => {
  const bound = boundOf(one)
  const expected = answerOf(bound, [runOver(makeNaiveScanner, bound, utf8(bodyOf(one.table)), 0, 1 << 18)], one)
  if (expected.rows !== expected.out + expected.filtered + expected.rejected)
    return { what: 'rows in, and rows out, filtered and rejected', expected: expected.rows, actual: expected }
  for (const [name, make] of Object.entries(scanners)) {
    const actual = answerOf(bound, partsOf(make, bound, one), one)
    if (json(actual) !== json(expected)) return { what: `${one.operation} over the whole and over parts of the ${name}`, expected, actual }
  }
  return null
}

function* smaller(one: SplitCase): Generator<SplitCase> {
  for (let i = 0; i < one.cuts.length; i++) yield { ...one, cuts: one.cuts.filter((_, c) => c !== i) }
  for (let row = 0; row < one.table.rows.length; row++) {
    const rows = one.table.rows.filter((_, r) => r !== row)
    yield { ...one, table: { ...one.table, rows }, cuts: one.cuts.map((cut) => (cut > row ? cut - 1 : cut)) }
  }
}

export const splitsTarget = (scanners: Readonly<Record<string, MakeScanner>>): AnyTarget =>
  define<SplitCase>({
    name: 'splits',
    generate: randomCase,
    check: (one) => check(scanners, one),
    files: ({ table, ...rest }) => ({ 'input.csv': table.header + bodyOf(table), 'options.json': json(rest) }),
    smaller,
  })
