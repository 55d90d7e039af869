/** Ten seconds of fuzzing with a new seed each time (a failure prints its own), and that the fuzzer would see a mistake if there were one. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { joinStep } from '../../shared/csv/chunks.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import type { MakeScanner } from '../../shared/csv/scanner.ts'
import { selectAll } from '../../shared/csv/selection.ts'
import { castNumber } from '../../shared/filter/casts/number.ts'
import { planFilter } from '../../shared/filter/plan/plan.ts'
import { Random } from '../support/random.ts'
import { SCANNERS } from '../support/scan.ts'
import { chunksTarget } from './chunks.ts'
import { filtersTarget } from './filters.ts'
import { keepFailure, reproCommand } from './keep.ts'
import { runNoise } from './long-noise.ts'
import { type FailedCase, fuzz, runSeed } from './loop.ts'
import { numbersTarget } from './numbers.ts'
import { scannersTarget } from './scanners.ts'
import { type AnyTarget, define } from './target.ts'
import { TARGETS } from './targets.ts'

const FUZZ_MS = 10_000

const newSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!

/** The first failure of a target within so many seeds. */
const firstFailure = (target: AnyTarget, seeds: number): FailedCase => {
  for (let seed = 0; seed < seeds; seed++) {
    const failed = runSeed(target, seed)
    if (failed) return failed
  }
  throw new Error(`${target.name}: no failure within ${seeds} seeds`)
}

it('ten seconds of random cases find no two opinions', async () => {
  const until = performance.now() + FUZZ_MS
  const found: unknown[] = []
  const tallies = await fuzz({
    targets: TARGETS,
    seed: newSeed(),
    casesMax: Number.POSITIVE_INFINITY,
    failuresMax: 1,
    isOver: () => performance.now() > until,
    onFailure: (failed) => found.push({ repro: reproCommand(failed), ...failed.failure, files: failed.target.files(failed.smallest) }),
  })
  expect(found).toEqual([])
  for (const { caseCount } of tallies) expect(caseCount).toBeGreaterThan(20)
})

it('noise by the 100,000 bytes is scanned alike in blocks of any size', () => {
  const bytes = new Uint8Array(100_000)
  for (let seed = 1; seed <= 5; seed++) {
    const { expected, hashes } = runNoise(SCANNERS, seed, bytes)
    for (const hash of Object.values(hashes)) expect(hash, `npm run fuzz -- --noise --seeds 1 --seed ${seed}`).toBe(expected)
  }
})

/** Loses a blank line that ends a push. */
const forgetful: MakeScanner = (options) => {
  const scanner = makeNaiveScanner(options)
  let lost = 0
  return {
    push: (block) => {
      const before = scanner.counts.blankLines
      const batch = scanner.push(block)
      if (scanner.counts.blankLines > before && block.at(-1) === 10) lost++
      return batch
    },
    finish: () => scanner.finish(),
    get done() {
      return scanner.done
    },
    get next() {
      return scanner.next
    },
    get isSkipping() {
      return scanner.isSkipping
    },
    get counts() {
      return { ...scanner.counts, blankLines: scanner.counts.blankLines - lost }
    },
    get warnings() {
      return scanner.warnings
    },
  }
}

const generous: typeof planFilter = (filter, dialect) => {
  const plan = planFilter(filter, dialect)
  return {
    select: (batch) => {
      const selection = plan.select(batch)
      if (batch.count === 1) selectAll(selection, 1)
      return selection
    },
  }
}

/** Believes whatever a chunk reported. */
const trusting: typeof joinStep = (cursor, range, report) => joinStep(cursor, range, report?.first ? { ...report, first: cursor } : report)

/** Takes the rest of a line over the limit for a line. */
const greedy: MakeScanner = (options) => makeNaiveScanner({ ...options, skips: false })

const MISTAKES: readonly (readonly [what: string, target: AnyTarget])[] = [
  ['a scanner that loses a blank line at the end of a push', scannersTarget({ forgetful })],
  ['a parser that rounds twice', numbersTarget({ hasty: (bytes) => castNumber(bytes) && Math.fround(castNumber(bytes)!) })],
  ['a chunk that is joined though it began in the wrong place', chunksTarget(SCANNERS, trusting)],
  ['a chunk that begins with the rest of a line over the limit', chunksTarget({ greedy })],
  ['an evaluation that keeps a record that is alone in its batch', filtersTarget({ generous }, SCANNERS)],
]

describe('the fuzzer', () => {
  it.each(MISTAKES)('finds %s, makes it small, and finds it again by its seed', (_, target) => {
    const failed = firstFailure(target, 3_000)
    const again = runSeed(target, failed.seed)!
    expect([again.failure, target.files(again.smallest)]).toEqual([failed.failure, target.files(failed.smallest)])
    const size = (one: unknown): number => Object.values(target.files(one)).reduce((sum, content) => sum + content.length, 0)
    expect(size(failed.smallest)).toBeLessThanOrEqual(size(failed.original))
    expect(target.check(failed.smallest)).not.toBeNull()
  })

  it('takes an exception for a failure', () => {
    const thrower = define({
      name: 'thrower',
      generate: (random: Random) => random.bits(),
      check: () => JSON.parse('{'),
      files: () => ({}),
    })
    expect(firstFailure(thrower, 1).failure).toMatchObject({ what: 'it threw', actual: expect.stringContaining('SyntaxError') })
  })

  it('keeps the case, both answers and the command that shows it again', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'fuzz-'))
    const failed = firstFailure(scannersTarget({ forgetful }), 3_000)
    const at = keepFailure(folder, failed)
    expect(readdirSync(at, { recursive: true }).sort()).toEqual([
      ...[
        'actual.txt',
        'expected.txt',
        'input.bin',
        'options.json',
        'original',
        'original/input.bin',
        'original/options.json',
        'repro.txt',
      ],
    ])
    expect(readFileSync(path.join(at, 'repro.txt'), 'utf8')).toContain(`npm run fuzz -- --only scanners --seed ${failed.seed} --cases 1\n`)
    expect(readFileSync(path.join(at, 'expected.txt'), 'utf8')).not.toBe(readFileSync(path.join(at, 'actual.txt'), 'utf8'))
    rmSync(folder, { recursive: true })
  })

  it('hears a difference in noise too long to be kept', () => {
    const results = [1, 2, 3].map((seed) => runNoise({ forgetful }, seed, new Uint8Array(50_000)).isEqual)
    expect(results).toContain(false)
  })

  it('ends after so many cases, and gives a target up that failed often enough', async () => {
    const always = define({ name: 'always', generate: () => 0, check: () => ({ what: '', expected: 0, actual: 1 }), files: () => ({}) })
    const never = define({ name: 'never', generate: () => 0, check: () => null, files: () => ({}) })
    const tallies = await fuzz({
      ...{ targets: [always, never], seed: 2 ** 32 - 1, casesMax: 7, failuresMax: 3 },
      ...{ isOver: () => false, onFailure: () => {} },
    })
    expect(tallies.map(({ caseCount, failureCount }) => [caseCount, failureCount])).toEqual([
      [3, 3],
      [7, 0],
    ])
  })
})

describe('random numbers', () => {
  it('are the same for the same seed and others for the next', () => {
    const draw = (seed: number): number[] => {
      const random = new Random(seed)
      return random.times(4, () => random.bits())
    }
    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  it('reach both ends of a range and nothing else', () => {
    const random = new Random(1)
    const seen = new Set(random.times(1_000, () => random.between(3, 7)))
    expect([...seen].sort()).toEqual([3, 4, 5, 6, 7])
  })
})
