/** `npm run fuzz`: looks for a case that two opinions disagree on, without end. Keeps what fails, with the command that shows it again. The targets are in test/fuzz/. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { keepFailure, reproCommand } from '../test/fuzz/keep.ts'
import { NOISE_BYTES, runNoise } from '../test/fuzz/long-noise.ts'
import { fuzz, type Tally } from '../test/fuzz/loop.ts'
import { json } from '../test/fuzz/target.ts'
import { TARGETS } from '../test/fuzz/targets.ts'
import { SCANNERS } from '../test/support/scan.ts'
import { type Command, EXIT, runCommand, UsageError, type Values } from './lib/command.ts'
import { Interrupted, interruptSignal } from './lib/interrupt.ts'
import { counted, duration, grouped } from './lib/numbers.ts'
import { ROOT } from './lib/places.mjs'
import { makeProgress } from './lib/progress.ts'

const NAMES = TARGETS.map(({ name }) => name)
const FOLDER = path.join(ROOT, '.wrangler/fuzz')
const FAILURES_MAX = 10
const SEEDS = 100

const FUZZ: Command = {
  usage: 'npm run fuzz -- [options]',
  about: `Tries random cases until it is stopped, and keeps what fails in .wrangler/fuzz/. Targets: ${NAMES.join(', ')}.`,
  options: {
    seconds: { type: 'string', value: 'N', help: 'Stop after so many seconds. Otherwise Ctrl-C stops it.' },
    seed: { type: 'string', value: 'S', help: 'Seed of the first case; the others follow. Otherwise a new one every time.' },
    cases: { type: 'string', value: 'N', help: 'Stop after so many cases of each target.' },
    only: { type: 'string', value: 'NAME', help: 'Only this target.' },
    noise: { type: 'boolean', help: `Instead: ${grouped(NOISE_BYTES)} bytes of noise a seed through every scanner, compared by hash.` },
    seeds: { type: 'string', value: 'N', help: `How many seeds of noise (${SEEDS}).` },
  },
  notes: 'Exit codes: 0 nothing failed, 1 something did, 2 wrong use, 130 stopped by Ctrl-C with nothing failed.',
}

const wholeNumber = (values: Values, name: string, otherwise: number): number => {
  const text = values[name]
  if (text === undefined) return otherwise
  if (typeof text !== 'string' || !/^\d+$/.test(text)) throw new UsageError(`--${name} takes a whole number, not '${text}'.`)
  return Number(text)
}

const targetsFor = ({ only }: Values) => {
  const targets = TARGETS.filter(({ name }) => only === undefined || name === only)
  if (targets.length === 0) throw new UsageError(`There is no target ${only}. Known: ${NAMES.join(', ')}.`)
  return targets
}

const newSeed = (): number => crypto.getRandomValues(new Uint32Array(1))[0]!

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const tallyLine = ({ target, caseCount, failureCount }: Tally): string =>
  `${target.name.padEnd(10)} ${counted(caseCount, 'case').padStart(16)}  ${failureCount === 0 ? 'all agree' : counted(failureCount, 'failure')}`

const runTargets = async (values: Values, stop: AbortSignal): Promise<number> => {
  const seed = wholeNumber(values, 'seed', newSeed())
  const startedAt = performance.now()
  const until = startedAt + 1_000 * wholeNumber(values, 'seconds', Number.POSITIVE_INFINITY)
  say(`seed ${seed}`)
  const tallies = await fuzz({
    targets: targetsFor(values),
    seed,
    casesMax: wholeNumber(values, 'cases', Number.POSITIVE_INFINITY),
    failuresMax: FAILURES_MAX,
    isOver: () => stop.aborted || performance.now() > until,
    onFailure: (failed) => {
      const at = path.relative(ROOT, keepFailure(FOLDER, failed))
      say(`FAILED ${failed.target.name} seed ${failed.seed}: ${failed.failure.what}\n  kept in ${at}\n  ${reproCommand(failed)}`)
    },
  })
  for (const tally of tallies) say(tallyLine(tally))
  say(duration(performance.now() - startedAt))
  return tallies.reduce((sum, { failureCount }) => sum + failureCount, 0)
}

const keepNoise = (seed: number, bytes: Uint8Array, options: unknown, hashes: unknown): string => {
  const at = path.join(FOLDER, `noise-${seed}`)
  mkdirSync(at, { recursive: true })
  writeFileSync(path.join(at, 'input.bin'), bytes)
  writeFileSync(path.join(at, 'options.json'), json(options))
  writeFileSync(path.join(at, 'hashes.json'), json(hashes))
  writeFileSync(path.join(at, 'repro.txt'), `npm run fuzz -- --noise --seeds 1 --seed ${seed}\n`)
  return path.relative(ROOT, at)
}

const runSeeds = async (values: Values, stop: AbortSignal): Promise<number> => {
  const first = wholeNumber(values, 'seed', 1)
  const seeds = wholeNumber(values, 'seeds', SEEDS)
  const startedAt = performance.now()
  const bytes = new Uint8Array(NOISE_BYTES)
  const progress = makeProgress(process.stderr, false)
  let [done, failed] = [0, 0]
  for (; done < seeds && !stop.aborted; done++) {
    const { seed, options, expected, hashes, isEqual } = runNoise(SCANNERS, first + done, bytes)
    progress.update(`seed ${seed}: ${expected}`)
    if (!isEqual) {
      failed++
      progress.clear()
      const at = keepNoise(seed, bytes, options, { expected, ...hashes })
      say(`FAILED noise seed ${seed}\n  kept in ${at}\n  npm run fuzz -- --noise --seeds 1 --seed ${seed}`)
    }
    await new Promise((next) => setImmediate(next))
  }
  progress.clear()
  const what = `${counted(done, 'seed')} of ${grouped(NOISE_BYTES)} bytes, ${Object.keys(SCANNERS).join(' and ')}`
  say(`${what}: ${failed === 0 ? 'all equal' : `${failed} differ`}, ${duration(performance.now() - startedAt)}`)
  return failed
}

const main = async (values: Values, words: string[]): Promise<number> => {
  if (words.length > 0) throw new UsageError(`Nothing but options: ${words.join(' ')}. All options: --help`)
  const stop = interruptSignal(() => {})
  const failureCount = await (values.noise ? runSeeds(values, stop) : runTargets(values, stop))
  if (failureCount === 0 && stop.reason instanceof Interrupted) return stop.reason.exitCode
  return failureCount === 0 ? EXIT.done : EXIT.failed
}

await runCommand(FUZZ, main)
