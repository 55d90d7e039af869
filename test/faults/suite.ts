/**
 * The suite: every single fault at every call of the scenarios, then random faults by seed, then what of both is still missing: each call site that was ever seen is
 * hit by each kind of fault. A run that fails says how it is seen again.
 */
import { makeEngine, twinEngine } from '../../shared/csv/engine.ts'
import { KERNEL_MODULE } from '../support/kernel.ts'
import { Random } from '../support/random.ts'
import { CALM, type Weather } from './broker.ts'
import { FAULTS, type Fault, noFaults, randomFaults, singleFault } from './fault.ts'
import type { ScenarioName } from './scenario.ts'
import { type Run, type RunOptions, simulate } from './simulate.ts'

/** Scenarios whose every call is struck by every fault. */
export const STRUCK: readonly ScenarioName[] = ['reference', 'arrivals']

/** The seed of the runs that are struck. */
export const REFERENCE_SEED = 1

/** What is run, and the options of `npm run faults` that show it again. */
export interface Case {
  readonly how: string
  readonly options: RunOptions
}

export interface Done {
  readonly one: Case
  readonly run: Run
}

const kernelEngine = makeEngine(KERNEL_MODULE)

/** Nothing hostile, nothing goes wrong, first come, first served. */
export const calmCase = (seed: number): Case => ({
  how: `--seed ${seed} --rate 0 --scenario calm`,
  options: { seed, plan: noFaults(), scenario: 'calm' },
})

/** A scenario as it is, without faults. */
export const quietCase = (scenario: ScenarioName, seed = REFERENCE_SEED): Case => ({
  how: `--seed ${seed} --rate 0 --scenario ${scenario}`,
  options: { seed, scenario, plan: noFaults() },
})

export const singleCase = (scenario: ScenarioName, index: number, fault: Fault, seed = REFERENCE_SEED): Case => ({
  how: `--seed ${seed} --call ${index} --fault ${fault} --scenario ${scenario}`,
  options: { seed, scenario, plan: singleFault(index, fault) },
})

/** From one to twenty per cent. */
export const rateOf = (seed: number): number => (1 + (seed % 20)) / 100

/** Queues double, lose, delay and mix up what they carry, more or less. */
const weatherOf = (seed: number): Weather => {
  const random = new Random(seed + 0xc10d)
  return { doubled: random.below(20), dropped: random.below(8), delayed: random.below(40), delayMsMax: 1_000 * random.below(60) }
}

/** `at`: one call more that is struck for certain. Half of the seeds read by the kernel, half by the twin. */
export const seedCase = (seed: number, rate = rateOf(seed), at: { readonly index: number; readonly fault: Fault } | null = null): Case => ({
  how: `--seed ${seed} --rate ${rate}${at ? ` --call ${at.index} --fault ${at.fault}` : ''}`,
  options: {
    seed,
    plan: randomFaults(seed, rate, new Map(at ? [[at.index, at.fault]] : [])),
    weather: rate === 0 ? CALM : weatherOf(seed),
    mayWearOut: rate > 0,
    engine: seed % 2 === 0 ? kernelEngine : twinEngine,
  },
})

export const runCase = async (one: Case): Promise<Done> => ({ one, run: await simulate(one.options) })

/** Every fault at every call of the scenario's run; `each`: only at every so-manieth call. */
export async function* singles(scenario: ScenarioName, each = 1, offset = 0): AsyncGenerator<Done, void, undefined> {
  const quiet = await runCase(quietCase(scenario))
  yield quiet
  for (const [index, site] of quiet.run.sites.entries()) {
    if (index % each !== offset) continue
    for (const fault of site.startsWith('r2 get') ? [...FAULTS, 'torn' as const] : FAULTS) yield runCase(singleCase(scenario, index, fault))
  }
}

export async function* seeds(first: number, count: number, rate?: number): AsyncGenerator<Done, void, undefined> {
  for (let seed = first; seed < first + count; seed++) yield runCase(seedCase(seed, rate))
}
