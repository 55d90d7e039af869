/**
 * The suite: every single fault at every call of the scenarios, then random faults by seed, then what of both is still missing: each call site that was ever seen is
 * hit by each kind of fault. A run that fails says how it is seen again.
 */
import { makeEngine, twinEngine } from '../../shared/csv/engine.ts'
import { KERNEL_MODULE } from '../support/kernel.ts'
import { Random } from '../support/random.ts'
import { CALM, type Weather } from './broker.ts'
import { certainFaults, FAULTS, noFaults, randomFaults, type Strike } from './fault.ts'
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
  /** Calls that are struck for certain. */
  readonly strikes: readonly Strike[]
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
  strikes: [],
})

/** A scenario as it is, without faults. */
export const quietCase = (scenario: ScenarioName, seed = REFERENCE_SEED): Case => struckCase(scenario, [], seed)

/** The strikes as options. */
const told = (strikes: readonly Strike[]): string =>
  strikes.length === 0
    ? ''
    : ` --call ${strikes.map(({ index }) => index).join(',')} --fault ${strikes.map(({ fault }) => fault).join(',')}`

/** A scenario in which only these calls are struck. */
export const struckCase = (scenario: ScenarioName, strikes: readonly Strike[], seed = REFERENCE_SEED): Case => ({
  how: `--seed ${seed} --rate 0${told(strikes)} --scenario ${scenario}`,
  options: { seed, scenario, plan: certainFaults(strikes) },
  strikes,
})

/** From one to twenty per cent. */
export const rateOf = (seed: number): number => (1 + (seed % 20)) / 100

/** Queues double, lose, delay and mix up what they carry, more or less. */
const weatherOf = (seed: number): Weather => {
  const random = new Random(seed + 0xc10d)
  return { doubled: random.below(20), dropped: random.below(8), delayed: random.below(40), delayMsMax: 1_000 * random.below(60) }
}

/** `strikes`: calls that are struck for certain. Half of the seeds read by the kernel, half by the twin. */
export const seedCase = (seed: number, rate = rateOf(seed), strikes: readonly Strike[] = []): Case => ({
  how: `--seed ${seed} --rate ${rate}${told(strikes)}`,
  options: {
    seed,
    plan: randomFaults(seed, rate, strikes),
    weather: rate === 0 ? CALM : weatherOf(seed),
    mayWearOut: rate > 0,
    engine: seed % 2 === 0 ? kernelEngine : twinEngine,
  },
  strikes,
})

export const runCase = async (one: Case): Promise<Done> => ({ one, run: await simulate(one.options) })

/** Every fault at every call of the scenario's run; `each`: only at every so-manieth call. */
export async function* singles(scenario: ScenarioName, each = 1, offset = 0): AsyncGenerator<Done, void, undefined> {
  const quiet = await runCase(quietCase(scenario))
  yield quiet
  for (const [index, site] of quiet.run.sites.entries()) {
    if (index % each !== offset) continue
    for (const fault of site.startsWith('r2 get') ? [...FAULTS, 'torn' as const] : FAULTS)
      yield runCase(struckCase(scenario, [{ index, fault }]))
  }
}

export async function* seeds(first: number, count: number, rate?: number): AsyncGenerator<Done, void, undefined> {
  for (let seed = first; seed < first + count; seed++) yield runCase(seedCase(seed, rate))
}
