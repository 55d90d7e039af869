/** `npm run faults`: runs the fault simulator by seeds, or one run of it again. The simulator is in test/faults/. */
import { FAULTS, type Strike } from '../test/faults/fault.ts'
import type { ScenarioName } from '../test/faults/scenario.ts'
import { type Case, calmCase, rateOf, runCase, seedCase, struckCase } from '../test/faults/suite.ts'
import { linesOf, Tally } from '../test/faults/tally.ts'
import { type Command, EXIT, runCommand, UsageError, type Values } from './lib/command.ts'
import { duration } from './lib/numbers.ts'

const SCENARIOS: readonly ScenarioName[] = ['all', 'reference', 'arrivals', 'calm']

const FAULTS_COMMAND: Command = {
  usage: 'npm run faults -- [options]',
  about: 'Runs the service in virtual time while everything goes wrong that can, and checks its promises. Every seed is a run of its own.',
  options: {
    seeds: { type: 'string', value: 'N', help: 'How many seeds (100).' },
    seed: { type: 'string', value: 'S', help: 'The first of them (1); alone it is the only one, and its run is told.' },
    rate: { type: 'string', value: 'R', help: 'Faults per call, from 0 to 1. Otherwise it depends on the seed: 0.01 to 0.2.' },
    call: { type: 'string', value: 'N[,N]', help: 'Strike the calls of these numbers; without --rate no others.' },
    fault: { type: 'string', value: 'KIND[,KIND]', help: `How, for each: ${FAULTS.join(', ')}, torn.` },
    scenario: { type: 'string', value: 'NAME', help: `Without random faults: ${SCENARIOS.join(', ')} (all).` },
    log: { type: 'boolean', help: 'Show what the service logs, and which calls were struck.' },
  },
  notes: 'Exit codes: 0 every promise was kept, 1 one was not, 2 wrong use.',
}

const numberOf = (values: Values, name: string): number | null => {
  const text = values[name]
  if (text === undefined) return null
  if (typeof text !== 'string' || !/^\d+(\.\d+)?$/.test(text)) throw new UsageError(`--${name} takes a number, not '${text}'.`)
  return Number(text)
}

const listOf = (text: Values[string]): string[] => (typeof text === 'string' ? text.split(',') : [])

const strikesOf = ({ call, fault }: Values): Strike[] => {
  const kinds = listOf(fault)
  const calls = listOf(call)
  if (kinds.length !== calls.length) throw new UsageError('--call and --fault belong together: as many kinds as numbers.')
  return calls.map((text, i) => {
    const known = [...FAULTS, 'torn' as const].find((one) => one === kinds[i])
    if (!/^\d+$/.test(text)) throw new UsageError(`--call takes numbers, not '${text}'.`)
    if (!known) throw new UsageError(`--fault is one of ${FAULTS.join(', ')}, torn.`)
    return { index: Number(text), fault: known }
  })
}

const scenarioOf = ({ scenario = 'all' }: Values): ScenarioName => {
  const known = SCENARIOS.find((name) => name === scenario)
  if (!known) throw new UsageError(`--scenario is one of ${SCENARIOS.join(', ')}.`)
  return known
}

/** The run of a seed that the options mean. */
const caseOf = (values: Values, seed: number): Case => {
  const [rate, scenario, strikes] = [numberOf(values, 'rate'), scenarioOf(values), strikesOf(values)]
  if (scenario === 'calm') return calmCase(seed)
  if (rate === 0 || (rate === null && strikes.length > 0)) return struckCase(scenario, strikes, seed)
  return seedCase(seed, rate ?? rateOf(seed), strikes)
}

const casesOf = (values: Values): Case[] => {
  const seed = numberOf(values, 'seed')
  const count = numberOf(values, 'seeds') ?? (seed === null ? 100 : 1)
  return Array.from({ length: count }, (_, i) => caseOf(values, (seed ?? 1) + i))
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const main = async (values: Values, words: string[]): Promise<number> => {
  if (words.length > 0) throw new UsageError(`Nothing but options: ${words.join(' ')}. All options: --help`)
  const startedAt = performance.now()
  const cases = casesOf(values)
  const tally = new Tally(say)
  for (const one of cases) {
    const done = await runCase(one)
    if (values.log) {
      for (const line of done.run.lines) say(line)
      for (const { index, site, fault, task } of done.run.struck)
        say(`${fault} at call ${index} of ${task.kind} ${task.subject}: ${site.slice(0, 160)}`)
    }
    if (cases.length === 1) for (const line of linesOf(done)) say(line)
    tally.add(done)
  }
  for (const line of tally.lines) say(line)
  say(duration(performance.now() - startedAt))
  return tally.failed === 0 ? EXIT.done : EXIT.failed
}

await runCommand(FAULTS_COMMAND, main)
