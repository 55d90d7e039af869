/** What every operation owes: any split of the input gives the same answer, and every row is accounted for. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, textOf, utf8 } from '../../shared/base/bytes.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { DEFAULT_DIALECT } from '../../shared/csv/dialect.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import { bindSpec, normalSpec, OPERATIONS } from '../../shared/operations/index.ts'
import type { AnyOperation, Bound } from '../../shared/operations/operation.ts'

const COLUMNS = ['name', 'age', 'state']
const INPUT = { file: 'file_x', etag: 'e', dialect: DEFAULT_DIALECT, columns: COLUMNS }

/** Operation -> specifications to try it with. */
const SPECS: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  analyse: [{}, { frequent: 'off' }],
  count: [
    { where: 'age > 40', head: 3 },
    { where: 'age IS NULL', head: 1_000, ragged: 'reject' },
    { sample: { rate: 0.5, seed: 1 }, head: 5, format: 'arrays', columns: ['age'] },
  ],
  filter: [
    { where: "age > 40 OR state = 'NY'" },
    { where: 'name IS NOT NULL', ragged: 'reject' },
    { where: 'age > 20', sample: { rate: 0.4 } },
    { sample: { rate: 0.7, seed: 7 }, ragged: 'reject', columns: ['state', { name: 'name', as: 'who' }] },
    { where: 'age > 40', format: 'ndjson' },
    { columns: { except: ['age'] }, format: 'arrays' },
    { format: 'tsv', output_dialect: { quoting: 'all', newline: 'crlf' }, formula_guard: true },
    { where: 'age > 20', limit: 7 },
    { offset: 3, limit: 5, sample: { rate: 0.8 }, columns: ['age'] },
    { where: "state = 'NY'", offset: 2, ragged: 'reject' },
  ],
}

interface Part {
  readonly state: Uint8Array
  readonly out: Uint8Array
  readonly counts: { rows: number; out: number; filtered: number; rejected: number; blankLines: number; rejects: number }
}

/** One pass over these whole lines, in blocks of `blockBytes`. `start`: byte offset of the first; `before`: what a sequential operation goes on from. */
const pass = (bound: Bound, lines: string, blockBytes: number, start = 0, before: Uint8Array | null = null): Part => {
  const bytes = utf8(lines)
  const scanner = makeNaiveScanner({
    dialect: DEFAULT_DIALECT,
    start,
    end: Number.POSITIVE_INFINITY,
    recordBytesMax: LIMITS.recordBytesMax,
  })
  const running = bound.pass(before)
  const kept: Uint8Array[] = []
  const counts = { rows: 0, out: 0, filtered: 0, rejected: 0, blankLines: 0, rejects: 0 }
  const sink = { keep: (piece: Uint8Array) => void kept.push(piece.slice()), reject: () => void counts.rejects++ }
  const take = (batch: ReturnType<typeof scanner.push>) => {
    const done = running.add(batch, sink)
    counts.rows += batch.count
    counts.out += done.out
    counts.filtered += done.filtered
    counts.rejected += done.rejected
  }
  for (let at = 0; at < bytes.length; at += blockBytes) take(scanner.push(bytes.subarray(at, at + blockBytes)))
  take(scanner.finish())
  counts.blankLines = scanner.counts.blankLines
  return { state: running.state(), out: concatBytes(kept), counts }
}

const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.constantFrom('Ada', '"B, C"', '"x\ny"', '', 'Ünal'), fc.integer({ min: 0, max: 99 }), fc.constantFrom('NY', 'VT', ''))
      .map((row) => row.join(',')),
  },
  { weight: 1, arbitrary: fc.constant('short,1') },
  { weight: 1, arbitrary: fc.constant('long,50,NY,more') },
  { weight: 1, arbitrary: fc.constant('') },
)
const lines = fc.array(line, { maxLength: 40 })
const textFrom = (all: readonly string[]) => all.map((one) => `${one}\n`).join('')

const cases = OPERATIONS.flatMap((operation) => (SPECS[operation.name] ?? []).map((spec) => [operation.name, spec, operation] as const))
const boundTo = (operation: AnyOperation, spec: object): Bound => bindSpec(operation, normalSpec(operation, spec), INPUT)
const outCounts = ({ counts }: Part) => [counts.out, counts.filtered, counts.rejected]

describe('every operation', () => {
  it('has specifications to be tried with', () => {
    expect(Object.keys(SPECS).sort()).toEqual(OPERATIONS.map(({ name }) => name).sort())
  })

  it('is sequential only with a limit or an offset', () => {
    const sequential = cases.filter(([, spec, operation]) => boundTo(operation, spec).isSequential).map(([, spec]) => spec)
    expect(sequential).toEqual(cases.map(([, spec]) => spec).filter((spec) => 'limit' in spec || 'offset' in spec))
    expect(sequential.length).toBeGreaterThan(0)
  })

  it.each(cases)('%s %j: any blocks give the same answer, output and counts', (_, spec, operation) => {
    const bound = boundTo(operation, spec)
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 64 }), (all, blockBytes) => {
        const [whole, pieces] = [pass(bound, textFrom(all), 1 << 16), pass(bound, textFrom(all), blockBytes)]
        expect(textOf(pieces.out)).toBe(textOf(whole.out))
        expect(outCounts(pieces)).toEqual(outCounts(whole))
        expect(pieces.state).toEqual(whole.state)
      }),
      { numRuns: 40 },
    )
  })

  it.each(cases)('%s %j: any split in three gives the same answer and output, however it is joined', (_, spec, operation) => {
    const bound = boundTo(operation, spec)
    fc.assert(
      fc.property(lines, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 64 }), (all, i, j, blockBytes) => {
        const [from, to] = [i % (all.length + 1), j % (all.length + 1)].sort((a, b) => a - b) as [number, number]
        const whole = pass(bound, textFrom(all), 1 << 16)
        const part = (k: number, before: Part | null): Part => {
          const borders = [0, from, to, all.length]
          const left = textFrom(all.slice(0, borders[k]))
          const state = bound.isSequential && before ? before.state : null
          return pass(bound, textFrom(all.slice(borders[k], borders[k + 1])), blockBytes, utf8(left).length, state)
        }
        const a = part(0, null)
        const b = part(1, a)
        const c = part(2, b)
        const totals = { rows: whole.counts.rows, blankLines: whole.counts.blankLines, header: utf8('name,age,state\n') }
        const answer = JSON.stringify(bound.finish(whole.state, totals))
        expect(JSON.stringify(bound.finish(bound.merge(bound.merge(a.state, b.state), c.state), totals))).toBe(answer)
        expect(JSON.stringify(bound.finish(bound.merge(a.state, bound.merge(b.state, c.state)), totals))).toBe(answer)
        expect(textOf(concatBytes([a.out, b.out, c.out]))).toBe(textOf(whole.out))
      }),
      { numRuns: 60 },
    )
  })

  it.each(cases)('%s %j: every row is kept, filtered or rejected', (_, spec, operation) => {
    const bound = boundTo(operation, spec)
    fc.assert(
      fc.property(lines, (all) => {
        const { counts } = pass(bound, textFrom(all), 1 << 16)
        expect(counts.out + counts.filtered + counts.rejected).toBe(counts.rows)
        expect(counts.rejects).toBe(counts.rejected)
      }),
      { numRuns: 60 },
    )
  })

  it.each(cases)('%s %j: a specification is spelt in one way', (_, spec, operation) => {
    const once = normalSpec(operation, spec)
    expect(normalSpec(operation, once)).toEqual(once)
  })
})
