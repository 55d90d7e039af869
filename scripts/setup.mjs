/**
 * Is everything here that the commands need? Runs before each of them: dependencies by the lock file, then (on the pinned Node) local secrets, database and key.
 * Built-ins only and Node 20, for nothing may be installed yet. Everything is said on stderr, so that pipes stay clean. What is done is written
 * down in stamps after it is done, so an interrupted run is repaired by the next; when nothing changed it costs a few digests.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { withLock } from './lib/lock.mjs'
import { lockDigest, migrationsDigest, pinnedNode, ROOT, setupLock, statePlaces } from './lib/places.mjs'

const places = statePlaces()
const installedStamp = path.join(ROOT, 'node_modules/.installed')
const say = (text) => process.stderr.write(`${text}\n`)

const read = (file) => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const isInstalled = () => read(installedStamp) === lockDigest()

/** Everything that set-up made, in one digest: a lost key, an edited secret and a new migration all change it. */
const readyDigest = () =>
  createHash('sha256')
    .update([migrationsDigest(), read(path.join(ROOT, '.dev.vars')), read(places.key)].join('\0'))
    .digest('hex')

const isReady = () => existsSync(places.databases) && read(places.readyStamp) === readyDigest()

/** Runs a program to its end with its output on our stderr; throws unless it ends with 0. */
const run = (lock, what, file, args) =>
  new Promise((done, fail) => {
    const env = { ...process.env, WRANGLER_LOG: 'error', WRANGLER_SEND_METRICS: 'false' }
    const child = spawn(file, args, { cwd: ROOT, env, stdio: ['ignore', 2, 2] })
    if (child.pid) lock.share(child.pid)
    child.once('error', fail)
    child.once('exit', (code, signal) => (code === 0 ? done() : fail(new Error(`${what} ended with ${signal ?? `code ${code}`}`))))
  })

const install = async (lock) => {
  say('set-up: installing the dependencies by the lock file (some seconds, once)')
  const npm = process.env.npm_execpath
  rmSync(installedStamp, { force: true })
  if (npm) await run(lock, 'npm ci', process.execPath, [npm, 'ci'])
  else await run(lock, 'npm ci', process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci'])
  writeFileSync(installedStamp, lockDigest())
}

const prepare = async (lock) => {
  await run(lock, 'preparing the local database', pinnedNode(), ['--no-warnings', path.join(ROOT, 'scripts/prepare.ts')])
  if (read(places.migratedStamp) === migrationsDigest()) writeFileSync(places.readyStamp, readyDigest())
}

const setUp = async (lock) => {
  if (!isInstalled()) await install(lock)
  if (!isReady()) await prepare(lock)
}

try {
  if (!isInstalled() || !isReady()) {
    await withLock(setupLock(), setUp, (holders) => say(`set-up: waiting for another set-up (process ${holders.join(', ')})`))
  }
} catch (error) {
  say(`set-up failed: ${error.message}\nRun the command again: it goes on where this ended.`)
  process.exitCode = 1
}
