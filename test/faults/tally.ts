/** Counts what runs come to, and says it. */
import { Coverage, type CoverageEntry } from './coverage.ts'
import type { Fault } from './fault.ts'
import { INVARIANTS, type Sets } from './invariants.ts'
import type { Done } from './suite.ts'

const SETS = ['lost', 'duplicated', 'unexpected', 'recovered'] as const

type Counts = Record<'passed' | 'failed' | 'calls', number> & {
  readonly faults: Record<Fault, number>
  readonly sets: Record<keyof Sets, number>
}

/** What one process has counted, for another. */
export interface TallyResult {
  readonly counts: Counts
  readonly coverage: readonly CoverageEntry[]
}

const list = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(' · ')

const VIOLATIONS_SHOWN = 12
const ELEMENTS_SHOWN = 5

/** The lines that tell one run: its seed, its faults by kind, its four sets; and what went wrong. */
export const linesOf = ({ one, run }: Done): string[] => [
  `${one.how}: ${run.sites.length} calls; faults: ${list(run.faults)}; ${SETS.map((name) => `${name} ${run.sets[name].length}`).join(' · ')}`,
  ...run.violations.slice(0, VIOLATIONS_SHOWN).map(({ invariant, what }) => `  ${invariant} (${INVARIANTS[invariant]})\n    ${what}`),
  ...SETS.filter((name) => name !== 'recovered').flatMap((name) =>
    run.sets[name].slice(0, ELEMENTS_SHOWN).map((element) => `  ${name}: ${element}`),
  ),
]

/** A run is well if it keeps every promise and the first three sets are empty; and whatever was struck in it has got over it. */
export const isWell = ({ run: { violations, sets, struck } }: Done): boolean =>
  violations.length + sets.lost.length + sets.duplicated.length + sets.unexpected.length === 0 &&
  (struck.length === 0 || sets.recovered.length > 0)

export class Tally {
  readonly coverage = new Coverage()
  readonly #counts: Counts = {
    passed: 0,
    failed: 0,
    calls: 0,
    faults: { before: 0, after: 0, crash: 0, hang: 0, torn: 0 },
    sets: { lost: 0, duplicated: 0, unexpected: 0, recovered: 0 },
  }
  readonly #say: (line: string) => void

  constructor(say: (line: string) => void) {
    this.#say = say
  }

  get passed(): number {
    return this.#counts.passed
  }

  get failed(): number {
    return this.#counts.failed
  }

  /** Counts something that is no run. */
  count(holds: boolean): void {
    this.#counts[holds ? 'passed' : 'failed']++
  }

  /** Counts a run; one that fails is told, with the command that shows it again. `rate`: that of its random faults. */
  add(done: Done, rate = 0): void {
    const { run, one } = done
    this.coverage.add(done, rate)
    this.#counts.calls += run.sites.length
    for (const fault of Object.keys(run.faults) as Fault[]) this.#counts.faults[fault] += run.faults[fault]
    for (const name of SETS) this.#counts.sets[name] += run.sets[name].length
    const holds = isWell(done)
    this.count(holds)
    if (!holds) for (const line of ['FAILED', ...linesOf(done), `  see it again: npm run faults -- ${one.how} --log`]) this.#say(line)
  }

  /** Takes over what another process has counted. */
  merge({ counts, coverage }: TallyResult): void {
    for (const name of ['passed', 'failed', 'calls'] as const) this.#counts[name] += counts[name]
    for (const fault of Object.keys(counts.faults) as Fault[]) this.#counts.faults[fault] += counts.faults[fault]
    for (const name of SETS) this.#counts.sets[name] += counts.sets[name]
    this.coverage.merge(coverage)
  }

  get result(): TallyResult {
    return { counts: this.#counts, coverage: this.coverage.entries }
  }

  /** What all runs came to. */
  get lines(): string[] {
    const { calls, faults, sets } = this.#counts
    return [
      `${calls} calls; faults: ${list(faults)}; ${list(sets)}`,
      `${this.coverage.siteCount} call sites, ${this.coverage.coveredCount} of them hit by each of the four faults`,
    ]
  }
}
