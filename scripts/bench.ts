/** `npm run bench`: how fast is the engine, beside what one would use instead? See lib/bench/scenarios.ts for what is measured and lib/bench/race.ts for how. */
import { mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { BENCH, type BenchRequest, benchRequest } from './lib/bench/args.ts'
import { contenderOf } from './lib/bench/contenders.ts'
import { listFor, nullSink } from './lib/bench/lists.ts'
import { installPeers, PEERS_VARIABLE } from './lib/bench/peers/packages.ts'
import { type Measured, race } from './lib/bench/race.ts'
import { scenarioJson, TABLE_HEAD, tableLines } from './lib/bench/report.ts'
import { SCENARIOS, type Scenario } from './lib/bench/scenarios.ts'
import { sharedCore, startSeat } from './lib/bench/seat.ts'
import { CommandError, EXIT, runCommand, UsageError, type Values } from './lib/command.ts'
import { makeProgress } from './lib/progress.ts'
import { callerFolder } from './lib/source.ts'

const say = (text: string): void => void process.stdout.write(text)

/** The scenarios that were asked for, each with the peers that were. */
const chosen = ({ only, against }: BenchRequest): Scenario[] => {
  const found = SCENARIOS.filter(({ name }) => only.test(name)).map((scenario) => ({
    ...scenario,
    peers: scenario.peers.filter((peer) => against.test(peer)),
  }))
  if (found.length === 0) throw new UsageError(`No scenario matches ${only}. All of them: npm run bench -- --list`)
  return found
}

const measure = async (request: BenchRequest): Promise<Measured[]> => {
  const { folder, runs, bytes, isJson, isToFile } = request
  const progress = makeProgress(process.stderr, false)
  mkdirSync(folder, { recursive: true })
  const sink = isToFile ? path.join(folder, 'sink.csv') : await nullSink(folder)
  const options = { runs, folder, sink, start: startSeat, onStep: (text: string) => progress.stage(text) }
  if (!isJson) say(`${aboutRun(request)}\n\n${TABLE_HEAD}`)
  const all: Measured[] = []
  for (const scenario of chosen(request)) {
    progress.stage(`${scenario.name}: its list`)
    const list = await listFor(scenario, folder, bytes)
    if (!list) continue
    const measured = await race(scenario, list, options)
    progress.clear()
    if (!isJson) say(tableLines(measured))
    all.push(measured)
  }
  return all
}

const aboutRun = ({ bytes, runs, isToFile }: BenchRequest): string => {
  const core = sharedCore()
  return [
    `${os.cpus()[0]?.model.trim() ?? 'unknown processor'}, ${os.availableParallelism()} cores; Node ${process.versions.node}`,
    `lists of ${bytes / 1e6} MB in the page cache, rows written to ${isToFile ? 'a file' : 'the null device'}; medians of ${runs} turns`,
    core ? `contenders of one core run on core ${core}` : 'contenders of one core are not held on it: the system does not offer that',
  ].join('\n')
}

const main = async (values: Values, words: string[]): Promise<number> => {
  const request = benchRequest(values, words, callerFolder())
  if (request.peers) process.env[PEERS_VARIABLE] = request.peers
  if (request.mode === 'install') await installPeers()
  if (request.mode === 'list') for (const { name, about } of SCENARIOS) say(`${name.padEnd(16)}${about}\n`)
  if (request.mode !== 'race') return EXIT.done
  const all = await measure(request)
  if (request.isJson) say(`${JSON.stringify(all.map(scenarioJson), null, 2)}\n`)
  const wrong = all.flatMap(({ scenario, wrong }) => wrong.map(({ peer, why }) => `${scenario.name}: ${peer}: ${why}`))
  if (wrong.length > 0) throw new CommandError(`Not everybody gave the same answer:\n${wrong.join('\n')}`)
  return EXIT.done
}

await runCommand(BENCH, main)
