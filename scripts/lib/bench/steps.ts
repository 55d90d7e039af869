/**
 * Where does the engine's own time go? Three stops on the way of a filter, each a contender of its own: reading alone, reading and scanning, and counting what the clause keeps; what the filter takes beyond
 * that is gathering and writing. Each step is the difference of two medians, taken in turns.
 */
import type { Engine } from '../../../shared/csv/engine.ts'
import { localEngine } from '../local/compiled.ts'
import type { Contender, List, Task } from './contender.ts'
import { median } from './figures.ts'
import { blocksOf, openScan } from './ours.ts'
import type { Scenario } from './scenarios.ts'
import type { Seat, Start } from './seat.ts'

const stop = (name: string, about: string, take: (list: List, engine: Engine) => Promise<number | null>): Contender => ({
  name,
  about,
  cores: 'one',
  isYardstick: true,
  missing: () => null,
  prepare: async ({ list }: Task) => {
    const engine = localEngine()
    return { run: async () => ({ rows: await take(list, engine) }) }
  },
})

const read = async (list: List): Promise<null> => {
  for await (const _block of blocksOf(list));
  return null
}

const scan = async (list: List, engine: Engine): Promise<number> => {
  const { scanner, release } = openScan(engine, list)
  let rows = 0
  for await (const block of blocksOf(list)) rows += scanner.push(block).count
  rows += scanner.finish().count
  release()
  return rows
}

export const STOPS: readonly Contender[] = [
  stop('ours-read', 'reading the list, block by block', read),
  stop('ours-scan', 'the same, and scanning it', scan),
]

const WAY = ['ours-read', 'ours-scan', 'ours-count', 'ours'] as const
const STEPS = ['read', 'scan', 'select', 'gather and write'] as const

const timesInTurns = async (seats: readonly Seat[], runs: number, sink: string): Promise<number[]> => {
  const times: number[][] = seats.map(() => [])
  // The first turn only warms up.
  for (let turn = 0; turn <= runs; turn++)
    for (const [s, seat] of seats.entries()) {
      const { ms } = await seat.run(sink)
      if (turn > 0) times[s]!.push(ms)
    }
  return times.map(median)
}

/** A line for people: what each step of the scenario takes, in milliseconds and as a share. */
export const stepsText = async (scenario: Scenario, list: List, start: Start, runs: number, sink: string): Promise<string> => {
  const seats = await Promise.all(WAY.map((name) => start(name, { scenario: scenario.name, list })))
  try {
    const stops = await timesInTurns(seats, runs, sink)
    const all = stops.at(-1)!
    const steps = STEPS.map((step, s) => {
      const ms = stops[s]! - (stops[s - 1] ?? 0)
      return `${step} ${ms.toFixed(1)} ms (${Math.round((100 * ms) / all)} %)`
    })
    return `${scenario.name.padEnd(14)}  ${all.toFixed(1)} ms = ${steps.join(' + ')}\n`
  } finally {
    for (const seat of seats) seat.end()
  }
}
