/** `npm run bench`: how fast is the engine, beside what one would use instead? See lib/bench/scenarios.ts for what is measured and lib/bench/race.ts for how. */
import { mkdirSync } from 'node:fs'
import os from 'node:os'
import { BENCH, type BenchRequest, benchRequest } from './lib/bench/args.ts'
import { measureBig } from './lib/bench/big.ts'
import { bigJson, bigText } from './lib/bench/big-report.ts'
import { jobsText, measureJobs } from './lib/bench/jobs.ts'
import { type Bench, measureAll, memoryOf, tellSteps } from './lib/bench/measure.ts'
import { memoryJson, memoryText } from './lib/bench/memory.ts'
import { installPeers, PEERS_VARIABLE } from './lib/bench/peers/packages.ts'
import type { Measured } from './lib/bench/race.ts'
import { failures, missingLine, scenarioJson, TABLE_HEAD, tableLines } from './lib/bench/report.ts'
import { SCENARIOS, type Scenario } from './lib/bench/scenarios.ts'
import { sharedCore } from './lib/bench/seat.ts'
import { CommandError, EXIT, runCommand, UsageError, type Values } from './lib/command.ts'
import { interruptSignal } from './lib/interrupt.ts'
import { makeProgress } from './lib/progress.ts'
import { callerFolder } from './lib/source.ts'

const say = (text: string): void => void process.stdout.write(text)

/** The scenarios that were asked for, each with the peers that were. */
const chosen = ({ only, against }: BenchRequest): Scenario[] => {
  const found = SCENARIOS.filter(({ name }) => only.test(name))
  if (found.length === 0) throw new UsageError(`No scenario matches ${only}. All of them: npm run bench -- --list`)
  return found.map((scenario) => ({ ...scenario, peers: scenario.peers.filter((peer) => against.test(peer)) }))
}

const aboutRun = ({ bytes, runs, isToFile }: BenchRequest): string => {
  const core = sharedCore()
  return [
    `${os.cpus()[0]?.model.trim() ?? 'unknown processor'}, ${os.availableParallelism()} cores; Node ${process.versions.node}`,
    `lists of ${bytes / 1e6} MB in the page cache, rows written to ${isToFile ? 'a file' : 'the null device'}; medians of ${runs} turns`,
    core ? `contenders of one core run on core ${core}` : 'contenders of one core are not held on it: the system does not offer that',
    '\n',
  ].join('\n')
}

const raceAll = async (bench: Bench): Promise<void> => {
  const { request } = bench
  const scenarios = chosen(request)
  const tell = (text: string): void => void (request.isJson || say(text))
  tell(`${aboutRun(request)}${TABLE_HEAD}`)
  const listener = {
    measured: (measured: Measured) => tell(tableLines(measured)),
    missing: (scenario: Scenario) => tell(missingLine(scenario)),
  }
  const all = await measureAll(bench, scenarios, listener)
  if (request.isJson) say(`${JSON.stringify(all.map(scenarioJson), null, 2)}\n`)
  const wrong = all.flatMap(failures)
  if (wrong.length > 0) throw new CommandError(`Not everybody gave the same answer:\n${wrong.join('\n')}`)
}

const listScenarios = (request: BenchRequest): void => {
  for (const { name, about } of chosen(request)) say(`${name.padEnd(16)}${about}\n`)
}

const MODES: Readonly<Record<BenchRequest['mode'], (bench: Bench) => Promise<void> | void>> = {
  race: raceAll,
  steps: (bench) => tellSteps(bench, chosen(bench.request), say),
  memory: async (bench) => {
    const result = await memoryOf(bench)
    say(bench.request.isJson ? `${JSON.stringify(memoryJson(result), null, 2)}\n` : memoryText(result))
  },
  big: async (bench) => {
    const result = await measureBig(bench)
    say(bench.request.isJson ? `${JSON.stringify(bigJson(result), null, 2)}\n` : bigText(result))
  },
  jobs: async (bench) => {
    const result = await measureJobs(bench)
    say(bench.request.isJson ? `${JSON.stringify(result, null, 2)}\n` : jobsText(result))
  },
  install: installPeers,
  list: ({ request }) => listScenarios(request),
}

const main = async (values: Values, words: string[]): Promise<number> => {
  const request = benchRequest(values, words, callerFolder())
  if (request.peers) process.env[PEERS_VARIABLE] = request.peers
  mkdirSync(request.folder, { recursive: true })
  const progress = makeProgress(process.stderr, false)
  const stop = interruptSignal(() => progress.clear())
  await MODES[request.mode]({ request, progress, stop })
  return EXIT.done
}

await runCommand(BENCH, main)
