/**
 * Which configuration is deployed? The committed one with the ids of this account's database and namespace put in, under dist/ (ignored by git).
 * The committed files stay free of ids: the local emulator needs none, and every account has its own.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { assert } from '../../../shared/base/assert.ts'
import { ROOT, sourceDigest } from '../places.mjs'

export const WORKERS = ['processor', 'api'] as const
export type Worker = (typeof WORKERS)[number]

export const workerName = (worker: Worker): string => `list-cutter-${worker}`
export const DATABASE = 'list-cutter'
export const BUCKET = 'list-cutter'
export const NAMESPACE = 'list-cutter-cache'
export const EVENTS_QUEUE = 'list-cutter-file-events'

/** Where generated configurations lie; `LIST_CUTTER_DEPLOY` puts them elsewhere, for tests. */
export const deployFolder = (): string => path.resolve(ROOT, process.env.LIST_CUTTER_DEPLOY || 'dist/deploy')

const committed = (worker: Worker): string => readFileSync(path.join(ROOT, `wrangler.${worker}.toml`), 'utf8')

/** Every queue that the workers name, dead letter queues first: a consumer cannot be attached before they exist. */
export const queueNames = (): string[] => {
  const texts = WORKERS.map(committed).join('\n')
  const named = (key: string): string[] => [...texts.matchAll(new RegExp(`^${key} = "([^"]+)"`, 'gm'))].map((found) => found[1] as string)
  const dead = named('dead_letter_queue')
  return [...new Set([...dead, ...named('queue')])]
}

/** Replaces what must be there exactly once. */
const put = (text: string, found: string, replacement: string): string => {
  assert(text.split(found).length === 2, `the configuration has exactly one line ${found}`)
  return text.replace(found, replacement)
}

export interface Ids {
  readonly database: string
  readonly namespace: string
}

/** The configuration of a worker for this account; its paths are seen from where it lies. */
export const configFor = (worker: Worker, { database, namespace }: Ids): string => {
  const withIds = put(
    put(committed(worker), `database_name = "${DATABASE}"`, `database_name = "${DATABASE}"\ndatabase_id = "${database}"`),
    'binding = "CACHE"',
    `binding = "CACHE"\nid = "${namespace}"`,
  )
  const root = path.relative(deployFolder(), ROOT)
  return put(put(withIds, 'main = "', `main = "${root}/`), 'migrations_dir = "', `migrations_dir = "${root}/`)
}

export const configPath = (worker: Worker): string => path.join(deployFolder(), `wrangler.${worker}.toml`)

/** Writes both configurations. */
export const writeConfigs = (ids: Ids): void => {
  mkdirSync(deployFolder(), { recursive: true })
  for (const worker of WORKERS) writeFileSync(configPath(worker), configFor(worker, ids))
}

/** Names what would be deployed: a worker that carries this tag is up to date. */
export const deployTag = (worker: Worker): string =>
  createHash('sha256')
    .update(sourceDigest() + readFileSync(configPath(worker), 'utf8'))
    .digest('hex')
    .slice(0, 16)
