/**
 * The fault simulator: the whole service in one process and in virtual time, while everything goes wrong that can. This file does one run: a seed, a plan of faults, the scenario,
 * until nothing is left to happen, and then eight days of sweeps.
 *
 * What is real: both workers' code, from the request and the message down to the adapters of database, bucket and queues; SQL and schema on SQLite; the twin or the kernel.
 * What is ours (world.ts): bindings by D1's, R2's and the queues' rules (sqlite-d1.ts, memory-r2.ts, broker.ts), the clock, randomness. Each call to one of them waits for its turn
 * (scheduler.ts), so several invocations interleave at every call, and each may be struck (fault.ts): it fails, it is done and its answer is lost, its caller dies, its answer comes when
 * the caller's lease has long run out.
 *
 * What must hold is a table (invariants.ts), watched at every commit (watch.ts) and at the end (checks.ts), against the twin over the whole input (oracle.ts). The four sets of a run:
 * `lost`, `duplicated` and `unexpected` are empty; `recovered` holds what was struck and came to its right end.
 *
 * `npm test` runs a sample (faults.test.ts), `npm run proof` all of suite.ts, and the sabotages (sabotages.ts), `npm run faults` any run again.
 */
import { LIMITS } from '../../shared/base/limits.ts'
import type { Engine } from '../../shared/csv/engine.ts'
import { twinEngine } from '../../shared/csv/engine.ts'
import { CALM, type Weather } from './broker.ts'
import { Checks } from './checks.ts'
import type { Fault, FaultPlan, Site } from './fault.ts'
import type { Sets, Violation } from './invariants.ts'
import { Clients, type ScenarioName } from './scenario.ts'
import type { Struck } from './scheduler.ts'
import { readMigrations, World } from './world.ts'

export interface RunOptions {
  readonly seed: number
  readonly plan: FaultPlan
  readonly weather?: Weather
  /** `calm`: first come, first served, too. */
  readonly scenario?: ScenarioName
  /** True: so many faults that a job may fail because each of its tries did. */
  readonly mayWearOut?: boolean
  readonly engine?: Engine
  readonly migrations?: readonly string[]
}

export interface Run {
  readonly violations: readonly Violation[]
  readonly sets: Sets
  readonly struck: readonly Struck[]
  readonly faults: Readonly<Record<Fault, number>>
  /** The site of every call, in order. */
  readonly sites: readonly Site[]
  readonly lines: readonly string[]
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** Faults are over at the latest after this. */
const FAULTS_MS = 6 * MINUTE_MS
/** After the faults jobs have ended within twice a lease and the tick that notices. */
const LIVENESS_MS = 2 * (LIMITS.leaseMs + MINUTE_MS)
/** Poison does not heal: each of its tries may take that long. */
const POISON_MS = LIMITS.attemptsMax * (LIMITS.leaseMs + MINUTE_MS)
/** And messages, each with its longest pauses between retries, and clients are done within this. */
const REST_MS = 60 * MINUTE_MS
/** When the last ticks come: after leases and graces; after a day and two, when keys and files that were never completed go; after more than a week, when R2 drops uploads; and once more. */
const SWEEPS_MS = [2 * MINUTE_MS, DAY_MS, 2 * DAY_MS, 5 * DAY_MS, MINUTE_MS]
const STEPS_MAX = 100_000

const migrationsOnDisk = readMigrations()

class Simulation {
  readonly world: World
  readonly clients: Clients
  readonly checks: Checks
  readonly #plan: FaultPlan

  constructor({
    seed,
    plan,
    weather = CALM,
    scenario = 'all',
    mayWearOut = false,
    engine = twinEngine,
    migrations = migrationsOnDisk,
  }: RunOptions) {
    this.#plan = plan
    this.world = new World({ seed, plan, weather, shuffles: scenario !== 'calm', engine, migrations })
    this.clients = new Clients(this.world, scenario)
    this.checks = new Checks(this.world, this.clients.told, { mayWearOut })
  }

  /** Steps until it holds. False: it did not by then. */
  async #until(holds: () => boolean, ms: number): Promise<boolean> {
    const { scheduler } = this.world
    const by = scheduler.now + ms
    for (let steps = 0; steps < STEPS_MAX; steps++) {
      if (holds()) return true
      if (scheduler.now > by || !(await scheduler.step())) return holds()
    }
    return false
  }

  get #isQuiet(): boolean {
    const { broker, scheduler } = this.world
    return this.clients.areDone && broker.isEmpty && scheduler.runningCount === 0
  }

  async run(): Promise<void> {
    const { world } = this
    const { violations } = world
    world.startTicks()
    this.clients.start()
    const areEnded = () => this.clients.areDone && world.watch.areEnded(null)
    if (!(await this.#until(areEnded, FAULTS_MS))) {
      this.#heal()
      const areHealed = () => this.clients.areDone && world.watch.areEnded(this.clients.idOf('poisoned'))
      if (!(await this.#until(areHealed, LIVENESS_MS)))
        violations.add('every_job_ends', `after ${LIVENESS_MS / 1000} s without faults: ${this.#whatIsLeft()}`)
      if (!(await this.#until(areEnded, POISON_MS)))
        violations.add('every_job_ends', `what cannot be read is read for ever: ${this.#whatIsLeft()}`)
    }
    this.clients.finish()
    const isAtRest = () => this.#isQuiet && areEnded() && this.#isOutboxEmpty
    if (!(await this.#until(isAtRest, FAULTS_MS))) {
      this.#heal()
      if (!(await this.#until(isAtRest, REST_MS))) violations.add('runs_to_rest', `still at work: ${this.#whatIsLeft()}`)
    }
    this.checks.jobs()
    await this.#sweep()
    this.checks.sweeps()
  }

  #heal(): void {
    this.#plan.heal()
    this.world.broker.weather = CALM
  }

  get #isOutboxEmpty(): boolean {
    return this.world.rows<{ n: number }>('SELECT count(*) AS n FROM outbox')[0]!.n === 0
  }

  #whatIsLeft(): string {
    const jobs = [...this.world.watch.jobs].filter(([, state]) => !['succeeded', 'failed', 'canceled', 'expired'].includes(state))
    const names = new Map(this.clients.told.jobs.map(({ id, name }) => [id, name]))
    const left = jobs.map(([id, state]) => `job ${names.get(id) ?? id} ${state}`)
    const messages = this.world.broker.waiting.map(({ queue, body }) => `message ${queue} ${JSON.stringify(body)}`)
    return [...left, ...messages, ...(this.clients.areDone ? [] : ['a client'])].slice(0, 5).join('; ') || 'an invocation'
  }

  /** Eight days, with a few ticks; the last of them are never struck. */
  async #sweep(): Promise<void> {
    const { world } = this
    world.stopTicks()
    for (const [i, ms] of SWEEPS_MS.entries()) {
      if (i === SWEEPS_MS.length - 2) this.#heal()
      world.scheduler.now += ms
      await this.#tickOnce()
    }
  }

  async #tickOnce(): Promise<void> {
    this.world.tick()
    await this.#until(() => this.#isQuiet, REST_MS)
  }
}

/** Does one run. */
export const simulate = async (options: RunOptions): Promise<Run> => {
  const simulation = new Simulation(options)
  const { world, checks } = simulation
  await simulation.run()
  const faults = { before: 0, after: 0, crash: 0, hang: 0, torn: 0 }
  for (const { fault } of world.scheduler.struck) faults[fault]++
  return {
    violations: world.violations.list,
    sets: checks.sets,
    struck: world.scheduler.struck,
    faults,
    sites: world.scheduler.sites,
    lines: world.lines,
  }
}
