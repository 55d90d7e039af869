/** Runs what was asked for: scenario by scenario, each with its list and its sink, here or through the service. */
import path from 'node:path'
import type { Progress } from '../progress.ts'
import type { BenchRequest } from './args.ts'
import type { List } from './contender.ts'
import { listFor, nullSink } from './lists.ts'
import { type MemoryResult, measureMemory } from './memory.ts'
import { type Measured, type RaceOptions, race } from './race.ts'
import { type Scenario, scenarioOf } from './scenarios.ts'
import { type Start, startSeat } from './seat.ts'
import { removeOwnState, serviceSeat, withOwnService } from './service-seat.ts'
import { stepsText } from './steps.ts'

export interface Bench {
  readonly request: BenchRequest
  readonly progress: Progress
  /** Aborted by Ctrl-C. */
  readonly stop: AbortSignal
}

/** Is told what came out of a scenario, or that its list is a real one that is not here. */
export interface Listener {
  measured(measured: Measured): void
  missing(scenario: Scenario): void
}

const listOf = async ({ request, progress }: Bench, scenario: Scenario): Promise<List | null> => {
  progress.stage(`${scenario.name}: its list`)
  return listFor(scenario, request.folder, scenario.isThroughService ? request.serviceBytes : request.bytes)
}

const fileSink = (folder: string): string => path.join(folder, 'sink.csv')

/** Ours through a service of its own that lives for this scenario; its peer writes a file, as the service does. */
const raceThroughService = async ({ request, stop }: Bench, scenario: Scenario, list: List, options: RaceOptions): Promise<Measured> => {
  const sink = fileSink(request.folder)
  try {
    return await withOwnService(request.folder, stop, (session) => {
      const start: Start = (name, task) => (name === 'ours' ? serviceSeat(session, scenario, list, sink) : options.start(name, task))
      return race(scenario, list, { ...options, sink, start })
    })
  } finally {
    await removeOwnState(request.folder)
  }
}

/** Measures the scenarios one after the other; each is told as it ends. */
export const measureAll = async (bench: Bench, scenarios: readonly Scenario[], listener: Listener): Promise<Measured[]> => {
  const { request, progress, stop } = bench
  const { folder, runs, isToFile } = request
  const sink = isToFile ? fileSink(folder) : await nullSink(folder)
  const options: RaceOptions = { runs, folder, sink, start: startSeat, onStep: (text) => progress.stage(text), stop }
  const all: Measured[] = []
  for (const scenario of scenarios) {
    const list = await listOf(bench, scenario)
    if (!list) listener.missing(scenario)
    if (!list) continue
    const measured = await (scenario.isThroughService ? raceThroughService(bench, scenario, list, options) : race(scenario, list, options))
    progress.clear()
    listener.measured(measured)
    all.push(measured)
  }
  return all
}

/** Where our own time goes, a line a filter. */
export const tellSteps = async (bench: Bench, scenarios: readonly Scenario[], say: (text: string) => void): Promise<void> => {
  const { request, stop } = bench
  const sink = request.isToFile ? fileSink(request.folder) : await nullSink(request.folder)
  for (const scenario of scenarios.filter(({ operation, isThroughService }) => operation === 'filter' && !isThroughService)) {
    const list = await listOf(bench, scenario)
    if (list) say(await stepsText(scenario, list, startSeat, request.runs, sink))
    stop.throwIfAborted()
  }
}

/** The runtime's memory over three jobs. */
export const memoryOf = async ({ request, progress, stop }: Bench): Promise<MemoryResult> => {
  const scenario = scenarioOf('service')
  progress.stage('making the list')
  const list = await listFor(scenario, request.folder, request.bytes)
  if (!list) throw new Error('a made-up list can always be made')
  try {
    return await measureMemory(scenario, list, request.folder, stop, progress)
  } finally {
    await removeOwnState(request.folder)
  }
}
