/** What can be asked of `npm run crash`? */
import path from 'node:path'
import { type Command, UsageError, type Values } from '../command.ts'
import { ROOT } from '../places.mjs'

export interface CrashRequest {
  readonly jobs: number
  readonly kills: number
  readonly seed: number
  /** Of the largest list. */
  readonly bytes: number
  readonly chunkBytes: number
  /** A runtime is killed at a random moment, at most so long after it has work. */
  readonly withinMs: number
  readonly folder: string
  readonly isKept: boolean
}

const MB = 1_000_000
const DEFAULT = { jobs: 50, kills: 30, seed: 1, mb: 24, 'chunk-bytes': 262_144, 'within-ms': 3_000 } as const

export const CRASH: Command = {
  usage: 'npm run crash -- [options]',
  about:
    'Runs jobs through a service of its own and kills all of its processes again and again while they run. In the end every job must have ended once, with what the plain scanner makes of the same list, and nothing may be left over.',
  options: {
    jobs: {
      type: 'string',
      value: 'N',
      help: `How many jobs at least (${DEFAULT.jobs}), half of them of many chunks; all again where they end before the last kill.`,
    },
    kills: {
      type: 'string',
      value: 'N',
      help: `How many kills (${DEFAULT.kills}). One counts only if a job was under way and the processes are others afterwards.`,
    },
    seed: { type: 'string', value: 'S', help: `Fixes lists, jobs and the pauses before the kills (${DEFAULT.seed}).` },
    mb: { type: 'string', value: 'N', help: `Size of the largest list in megabytes (${DEFAULT.mb}).` },
    'chunk-bytes': { type: 'string', value: 'N', help: `Size of a chunk (${DEFAULT['chunk-bytes']}).` },
    'within-ms': { type: 'string', value: 'N', help: `The longest pause before a kill (${DEFAULT['within-ms']}).` },
    data: { type: 'string', value: 'DIR', help: 'Where lists and state are kept while it runs (.wrangler/crash).' },
    keep: { type: 'boolean', help: 'Leave the state there, to be looked into.' },
  },
  notes: 'Exit codes: 0 nothing was lost, doubled or wrong, 1 something was, 2 wrong use. Linux only: the processes are read from /proc.',
}

const whole = (values: Values, name: keyof typeof DEFAULT, least: number): number => {
  const given = values[name]
  if (given === undefined) return DEFAULT[name]
  if (typeof given !== 'string' || !/^\d+$/.test(given) || Number(given) < least)
    throw new UsageError(`--${name} takes a whole number from ${least} on, not '${given}'.`)
  return Number(given)
}

/** The request in these options. Throws UsageError. */
export const crashRequest = (values: Values, words: readonly string[], caller: string): CrashRequest => {
  if (words.length > 0) throw new UsageError(`Nothing but options: ${words.join(' ')}. All options: --help`)
  return {
    jobs: whole(values, 'jobs', 1),
    kills: whole(values, 'kills', 0),
    seed: whole(values, 'seed', 0),
    bytes: MB * whole(values, 'mb', 1),
    chunkBytes: whole(values, 'chunk-bytes', 65_536),
    withinMs: whole(values, 'within-ms', 0),
    folder: typeof values.data === 'string' ? path.resolve(caller, values.data) : path.join(ROOT, '.wrangler/crash'),
    isKept: values.keep === true,
  }
}
