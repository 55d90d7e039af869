/**
 * `npm run proof`: that nothing is lost, proved by injected faults. Every single fault at every call of two scenarios, 300 seeds of random ones, every call site that was
 * ever seen hit by each of the four faults; and every sabotage noticed, by its name. Ends with the line `N passed, N failed`. The simulator is in test/faults/.
 */
import { spawn } from 'node:child_process'
import os from 'node:os'
import type { Found } from '../test/faults/find-red.ts'
import type { Part } from '../test/faults/part.ts'
import { SABOTAGES, type Sabotage } from '../test/faults/sabotages.ts'
import { runCase, STRUCK } from '../test/faults/suite.ts'
import { Tally, type TallyResult } from '../test/faults/tally.ts'
import { duration } from './lib/numbers.ts'
import { ROOT } from './lib/places.mjs'

const SEEDS = 300
/** Processes at a time. */
const PROCESSES = Math.max(1, Math.min(4, os.availableParallelism()))
/** Parts of each kind: more than processes, so that all are busy to the end. */
const PARTS = 2 * PROCESSES

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Runs a program of the simulator; what it prints on stdout, read as JSON. */
const child = <T>(program: string, argument: string): Promise<T> =>
  new Promise((resolve, reject) => {
    const started = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, argument], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    started.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
    started.on('error', reject)
    started.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(text) as T)
      else reject(new Error(`${program} ${argument} ended with ${code}`))
    })
  })

/** Does all of it, a few at a time. */
const inTurns = async (work: readonly (() => Promise<void>)[]): Promise<void> => {
  const left = [...work]
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) await next()
  }
  await Promise.all(Array.from({ length: PROCESSES }, worker))
}

const PARTS_OF_IT: readonly Part[] = [
  ...STRUCK.flatMap((scenario) =>
    Array.from({ length: PARTS }, (_, offset) => ({ kind: 'singles' as const, scenario, each: PARTS, offset })),
  ),
  ...Array.from({ length: PARTS }, (_, i) => {
    const first = 1 + Math.floor((i * SEEDS) / PARTS)
    return { kind: 'seeds' as const, first, count: 1 + Math.floor(((i + 1) * SEEDS) / PARTS) - first }
  }),
]

/** Rounds of looking for what is not hit yet: hitting one call can lead to others that nobody has seen. */
const ROUNDS = 6

/** Every site that was seen only where something else went wrong is hit there too. */
const hitTheRest = async (tally: Tally): Promise<void> => {
  for (let round = 0; round < ROUNDS; round++) for (const { one, rate } of tally.coverage.missing) tally.add(await runCase(one), rate)
  const missing = tally.coverage.missing.map(({ site }) => site)
  tally.count(missing.length === 0)
  for (const site of new Set(missing)) say(`FAILED never hit by every fault: ${site}`)
}

const sabotageLine = ({ name, invariant }: Sabotage, { calm, red, runs }: Found): string | null => {
  if (calm.length > 0) return `FAILED sabotage ${name}: is noticed even where nothing goes wrong: ${calm[0]!.what}`
  if (!red) return `FAILED sabotage ${name}: nobody notices it in ${runs} runs`
  const named = [...new Set(red.violations.map((violation) => violation.invariant))]
  if (named.includes(invariant)) return null
  return `FAILED sabotage ${name}: ${red.how} names ${named.join(', ')}, not ${invariant}`
}

const main = async (): Promise<void> => {
  const startedAt = performance.now()
  const tally = new Tally(say)
  const guarded = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (cause) {
      tally.count(false)
      say(`FAILED ${what}: ${cause instanceof Error ? cause.message : String(cause)}`)
    }
  }
  await inTurns(
    PARTS_OF_IT.map(
      (part) => () => guarded(part.kind, async () => tally.merge(await child<TallyResult>('test/faults/part.ts', JSON.stringify(part)))),
    ),
  )
  await guarded('coverage', () => hitTheRest(tally))
  for (const line of tally.lines) say(line)
  await inTurns(
    SABOTAGES.map(
      (sabotage) => () =>
        guarded(`sabotage ${sabotage.name}`, async () => {
          const found = await child<Found>('test/faults/saboteur.ts', sabotage.name)
          const wrong = sabotageLine(sabotage, found)
          tally.count(wrong === null)
          say(wrong ?? `noticed: ${sabotage.name} (${sabotage.invariant}, ${found.red?.how})`)
        }),
    ),
  )
  say(duration(performance.now() - startedAt))
  say(`${tally.passed} passed, ${tally.failed} failed`)
  process.exitCode = tally.failed === 0 ? 0 : 1
}

await main()
