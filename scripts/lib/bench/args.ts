/** What can be asked of `npm run bench`? */
import path from 'node:path'
import { type Command, UsageError, type Values } from '../command.ts'
import { DATA_FOLDER } from './data.ts'

export interface BenchRequest {
  /** Which scenarios and peers. */
  readonly only: RegExp
  readonly against: RegExp
  readonly bytes: number
  /** Of the list that goes through the service. */
  readonly serviceBytes: number
  readonly runs: number
  readonly folder: string
  /** Where the optional peers are; null: where they are looked for anyway. */
  readonly peers: string | null
  readonly isJson: boolean
  readonly isToFile: boolean
  /** Small jobs through the service, as many at once as may be. */
  readonly jobs: number
  readonly mode: 'race' | 'memory' | 'install' | 'list' | 'steps' | 'jobs' | 'big'
}

const MB = 1_000_000
const DEFAULT = { mb: 64, serviceMb: 200, runs: 5 } as const
const QUICK = { mb: 8, serviceMb: 8, runs: 3 } as const

export const BENCH: Command = {
  usage: 'npm run bench -- [options]',
  about:
    'Measures the engine beside what one would use instead, on the same lists, in turns. Everybody must give the same answer before anything is timed.',
  options: {
    only: { type: 'string', value: 'PATTERN', help: 'Scenarios whose names match (a regular expression). --list names them.' },
    against: { type: 'string', value: 'PATTERN', help: 'Peers whose names match.' },
    mb: { type: 'string', value: 'N', help: `Size of each list in megabytes (${DEFAULT.mb}; through the service ${DEFAULT.serviceMb}).` },
    runs: { type: 'string', value: 'N', help: `Turns of each pair (${DEFAULT.runs}; slow peers are cut short at three).` },
    quick: { type: 'boolean', help: `A first look: ${QUICK.mb} MB, ${QUICK.runs} turns.` },
    'to-file': {
      type: 'boolean',
      help: 'Timed runs write to a file in the data folder. Else to the null device: storage is not what is measured.',
    },
    json: { type: 'boolean', help: 'As JSON: [{scenario, ours_mb_s, peers: {name: mb_s}}].' },
    list: { type: 'boolean', help: 'Names the scenarios and ends.' },
    steps: { type: 'boolean', help: "Where the engine's own time goes: reading, scanning, selecting, writing." },
    memory: { type: 'boolean', help: "Measures the runtime's memory over three jobs of 1 GB instead (--mb: another size); takes minutes." },
    big: {
      type: 'boolean',
      help: 'One list of 2 GB (--mb: another size), with line ends in quotes, through the service: right, how fast, and in how much memory; takes minutes.',
    },
    jobs: {
      type: 'string',
      value: 'N',
      help: 'So many small jobs through the service, submitted as fast as it takes them: none lost, how fast.',
    },
    peers: { type: 'string', value: 'DIR', help: 'A folder whose node_modules has the optional peers (also LIST_CUTTER_BENCH_PEERS).' },
    'install-peers': { type: 'boolean', help: 'Installs DuckDB, PapaParse and uDSV under .wrangler and ends.' },
    data: { type: 'string', value: 'DIR', help: 'Where the lists are kept (.wrangler/bench).' },
  },
}

const pattern = (name: string, given: string | boolean | undefined): RegExp => {
  try {
    return new RegExp(typeof given === 'string' ? given : '')
  } catch {
    throw new UsageError(`--${name} takes a regular expression, not '${given}'.`)
  }
}

const positive = (name: string, given: string | boolean | undefined, fallback: number): number => {
  if (given === undefined) return fallback
  const value = Number(given)
  if (!(value > 0) || value > 100_000) throw new UsageError(`--${name} takes a number above 0, not '${given}'.`)
  return value
}

const modeOf = (values: Values): BenchRequest['mode'] => {
  if (values['install-peers']) return 'install'
  if (values.list) return 'list'
  if (values.memory) return 'memory'
  if (values.big) return 'big'
  if (values.jobs !== undefined) return 'jobs'
  return values.steps ? 'steps' : 'race'
}

/** The usual size of a list, where a mode has one of its own. */
const MODE_MB: Partial<Record<BenchRequest['mode'], number>> = { memory: 1_000, big: 2_000 }

/** The request in these options. Throws UsageError. */
export const benchRequest = (values: Values, words: readonly string[], caller: string): BenchRequest => {
  if (words.length > 0) throw new UsageError(`There is nothing to name here: ${words.join(' ')}. To choose scenarios: --only PATTERN`)
  const size = values.quick ? QUICK : DEFAULT
  const mode = modeOf(values)
  const folderOf = (given: string | boolean | undefined): string | null => (typeof given === 'string' ? path.resolve(caller, given) : null)
  return {
    only: pattern('only', values.only),
    against: pattern('against', values.against),
    bytes: Math.round(MB * positive('mb', values.mb, MODE_MB[mode] ?? size.mb)),
    serviceBytes: Math.round(MB * positive('mb', values.mb, size.serviceMb)),
    runs: Math.ceil(positive('runs', values.runs, size.runs)),
    folder: folderOf(values.data) ?? DATA_FOLDER,
    peers: folderOf(values.peers),
    isJson: values.json === true,
    isToFile: values['to-file'] === true,
    jobs: Math.ceil(positive('jobs', values.jobs, 1)),
    mode,
  }
}
