/** What was asked for on the command line of the simulation? Every assumption is an option. */
import { LIMITS } from '../../../shared/base/limits.ts'
import { SIZES } from '../../../shared/base/sizes.ts'
import { type Command, type Option, UsageError, type Values } from '../command.ts'
import { byteSize } from '../numbers.ts'
import { ASSUMED, type Assumed, PUBLISHED } from './platform.ts'
import type { Scene } from './scene.ts'

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 }

const text = (value: string, help: string): Option => ({ type: 'string', value, help })

/** Option -> the assumption that it changes. */
const ASSUMPTIONS: Readonly<Record<string, { readonly key: keyof Assumed; readonly help: string }>> = {
  'd1-read-ms': { key: 'd1ReadMs', help: 'The database is busy so long with a question that reads' },
  'd1-write-ms': { key: 'd1WriteMs', help: '… with one that writes' },
  'd1-row-us': { key: 'd1RowUs', help: '… and with each row it looks at, in microseconds' },
  'd1-way-ms': { key: 'd1WayMs', help: 'The way to the database and back' },
  'r2-read-mb-s': { key: 'r2ReadMbPerS', help: 'One stream out of the bucket, MB a second' },
  'r2-write-mb-s': { key: 'r2WriteMbPerS', help: 'One stream into the bucket' },
  'r2-request-ms': { key: 'r2RequestMs', help: 'A request to the bucket, before its first byte' },
  'queue-ms': { key: 'queueMs', help: 'From sending a message to its consumer' },
  failing: { key: 'failing', help: 'Of tries of a chunk, the share that fails' },
  dying: { key: 'dying', help: '… and the share whose worker dies' },
}

export const SIMULATE: Command = {
  usage: 'npm run simulate -- [options]',
  about: 'Simulates jobs on one Cloudflare account: throughput, waiting times, and what is busy most. Says what jobs cost.',
  options: {
    owners: text('N', 'Owners who submit (10)'),
    jobs: text('N', 'Jobs of each of them (100)'),
    size: text('BYTES', 'Of each input: 1M, 64M, 1G, 100G, 1T (1M)'),
    share: text('S', 'The share of rows that is kept (0.38)'),
    rate: text('R', 'Submissions a second, of all owners together (default: as fast as they are answered)'),
    connections: text('N', 'Requests that an owner has under way (8)'),
    backlog: text('N', 'One more owner hands over N jobs of 1 MB at the beginning (0)'),
    watched: text('S', 'The share of jobs at whose end a client waits (0)'),
    analyses: { type: 'boolean', help: 'Results are analysed by themselves (as they are; --no-analyses: they are not)' },
    consumers: text('N', `Consumers of a queue at a time (${PUBLISHED.consumersMax})`),
    shards: text('N', 'Databases, an owner in one of them (1)'),
    ...Object.fromEntries(Object.entries(ASSUMPTIONS).map(([name, { key, help }]) => [name, text('X', `${help} (${ASSUMED[key]})`)])),
    seed: text('N', 'The same seed, the same run (1)'),
    costs: { type: 'boolean', help: 'What jobs of several sizes ask for and cost, instead of a simulation' },
    measure: { type: 'boolean', help: 'How much CPU time the engine takes here, instead of a simulation' },
    json: { type: 'boolean', help: 'For programs' },
  },
  notes: 'What is published, measured and assumed stands in docs/scaling.md.',
}

const number = (
  values: Values,
  name: string,
  otherwise: number,
  { min = 0, max = Number.MAX_SAFE_INTEGER, isWhole = false } = {},
): number => {
  const given = values[name]
  if (given === undefined) return otherwise
  const value = Number(given)
  if (given === '' || !(value >= min && value <= max) || (isWhole && !Number.isInteger(value)))
    throw new UsageError(`--${name} is a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}, not ${given}.`)
  return value
}

const bytesOf = (values: Values): number => {
  const given = String(values.size ?? '1M')
  const [, digits, unit] = /^(\d+(?:\.\d+)?)([KMGT]?)B?$/i.exec(given) ?? []
  const bytes = Number(digits) * (UNITS[unit?.toUpperCase() ?? ''] ?? Number.NaN)
  if (!(bytes >= 1 && bytes <= 5e12)) throw new UsageError(`--size is a number of bytes up to 5T, such as 1M or 100G, not ${given}.`)
  return bytes
}

const assumedOf = (values: Values): Assumed => ({
  ...ASSUMED,
  ...Object.fromEntries(
    Object.entries(ASSUMPTIONS).map(([name, { key }]) => [
      key,
      number(values, name, ASSUMED[key], key.endsWith('PerS') ? { min: 0.001 } : {}),
    ]),
  ),
})

/** One job does not write more than so much. */
const checkResult = (scene: Scene): Scene => {
  if (scene.bytes * scene.share <= LIMITS.outputBytesMax) return scene
  throw new UsageError(
    `A job writes at most ${byteSize(LIMITS.outputBytesMax)}: --share ${scene.share} of --size ${byteSize(scene.bytes)} is more.`,
  )
}

export const sceneOf = (values: Values): Scene => {
  const count = (name: string, otherwise: number, max: number, min = 1) => number(values, name, otherwise, { min, max, isWhole: true })
  return checkResult({
    seed: count('seed', 1, 2 ** 31, 0),
    owners: count('owners', 10, 10_000),
    jobs: count('jobs', 100, 1_000_000),
    bytes: bytesOf(values),
    share: number(values, 'share', 0.38, { max: 1 }),
    ratePerS: values.rate === undefined ? null : number(values, 'rate', 1, { min: 0.001 }),
    connections: count('connections', 8, 1_000),
    backlog: count('backlog', 0, 1_000_000, 0),
    watched: number(values, 'watched', 0, { max: 1 }),
    analyses: values.analyses !== false,
    consumers: count('consumers', PUBLISHED.consumersMax, 10_000),
    shards: count('shards', 1, 1_000),
    sizes: SIZES,
    assumed: assumedOf(values),
  })
}
