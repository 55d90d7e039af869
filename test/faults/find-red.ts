/** Looks for a run that fails, in the order in which one is found soonest: calm runs must not fail; then runs without faults, seeds, single faults. */
import type { Violation } from './invariants.ts'
import { calmCase, type Done, runCase, STRUCK, seeds, singles } from './suite.ts'

export interface Found {
  /** Violations of runs in which nothing goes wrong: none. */
  readonly calm: readonly Violation[]
  /** The first run that fails; null: none does. */
  readonly red: { readonly how: string; readonly violations: readonly Violation[] } | null
  readonly runs: number
}

const CALM_SEEDS = 3
const SEEDS = 60

async function* all(): AsyncGenerator<Done, void, undefined> {
  yield* seeds(1, 3, 0)
  yield* seeds(1, SEEDS)
  for (const scenario of STRUCK) yield* singles(scenario)
}

export const findRed = async (): Promise<Found> => {
  const calm: Violation[] = []
  for (let seed = 1; seed <= CALM_SEEDS; seed++) calm.push(...(await runCase(calmCase(seed))).run.violations)
  let runs = 0
  for await (const { one, run } of all()) {
    runs++
    if (run.violations.length > 0) return { calm, red: { how: one.how, violations: run.violations.slice(0, 20) }, runs }
  }
  return { calm, red: null, runs }
}
