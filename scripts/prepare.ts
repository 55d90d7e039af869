/**
 * What does the service need on this machine before its first start? Local secrets, the database at its newest schema, a local user and a key for the commands.
 * Run by set-up on the pinned Node, under set-up's lock. Each step is done only when its trace is missing and leaves its trace last, so any interruption is repaired by the next run.
 */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { SCOPES } from '../shared/auth/principal.ts'
import { migrationsDigest, ROOT, socketPath, statePlaces } from './lib/places.mjs'
import { connectTo } from './lib/protocol.ts'
import { seedKey } from './lib/seed.ts'
import { runWrangler } from './lib/wrangler.ts'

const places = statePlaces()
const devVars = path.join(ROOT, '.dev.vars')
const say = (text: string): void => void process.stderr.write(`set-up: ${text}\n`)

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/** A file that is either absent or whole. */
const writeWhole = (file: string, content: string): void => {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, content, { mode: 0o600 })
  renameSync(draft, file)
}

/** Secrets and settings of the local emulator; one that is there is the user's and stays. */
const makeSecrets = (): void => {
  if (existsSync(devVars)) return
  const draft = `${devVars}.${process.pid}`
  writeFileSync(draft, `KEY_PEPPER=${randomBytes(32).toString('hex')}\nR2_EVENTS=emulate\n`, { mode: 0o600 })
  try {
    linkSync(draft, devVars)
    say('made local secrets (.dev.vars)')
  } finally {
    rmSync(draft)
  }
}

const pepper = (): string => {
  const value = /^\s*KEY_PEPPER\s*=\s*["']?([^"'\s]+)/m.exec(read(devVars))?.[1] ?? ''
  if (value.length < 32)
    throw new Error('.dev.vars has no KEY_PEPPER of at least 32 characters: remove the file, and set-up makes a new one')
  return value
}

const migrate = async (): Promise<void> => {
  if (read(places.migratedStamp) === migrationsDigest() && existsSync(places.databases)) return
  say('bringing the local database to the newest schema')
  await runWrangler(['d1', 'migrations', 'apply', 'list-cutter', '--local', '--config', 'wrangler.api.toml', '--persist-to', places.state])
  writeWhole(places.migratedStamp, migrationsDigest())
}

/** Which key belongs to which pepper and scopes: a key under another pepper is worth nothing, one made before a scope came lacks it. */
const seedDigest = (key: string): string =>
  createHash('sha256')
    .update([pepper(), key, ...SCOPES].join('\0'))
    .digest('hex')

const seed = async (): Promise<void> => {
  const key = read(places.key)
  if (key !== '' && read(places.seededStamp) === seedDigest(key)) return
  say('making a local user and an API key')
  const made = await seedKey(path.join(places.state, 'v3'), pepper())
  writeWhole(places.key, made)
  writeWhole(places.seededStamp, seedDigest(made))
}

mkdirSync(places.state, { recursive: true, mode: 0o700 })
makeSecrets()
const running = await connectTo(socketPath())
running?.destroy()
// A database in use is left alone; the command that follows sees that the running service is of another version, and says so.
if (!running) {
  if (!existsSync(places.databases)) for (const stamp of [places.migratedStamp, places.seededStamp]) rmSync(stamp, { force: true })
  await migrate()
  await seed()
}
