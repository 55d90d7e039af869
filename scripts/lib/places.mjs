/** Where does everything lie on this machine? With built-ins only: set-up needs it before anything is installed. */
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const ROOT = path.resolve(fileURLToPath(new URL('../..', import.meta.url)))

/** Local state: database, bucket, key, logs. `LIST_CUTTER_STATE` puts it elsewhere, so that tests and second services do not meet. */
export const stateFolder = () => path.resolve(ROOT, process.env.LIST_CUTTER_STATE || '.wrangler/list-cutter')

/** The files of the local state by what they hold. */
export const statePlaces = (state = stateFolder()) => ({
  state,
  key: path.join(state, 'key'),
  readyStamp: path.join(state, 'ready'),
  migratedStamp: path.join(state, 'migrated'),
  seededStamp: path.join(state, 'seeded'),
  databases: path.join(state, 'v3', 'd1'),
  registry: path.join(state, 'registry'),
  wranglerLogs: path.join(state, 'wrangler-logs'),
  serviceLog: path.join(state, 'service.log'),
  supervisorLog: path.join(state, 'supervisor.log'),
  sample: path.join(state, 'sample.csv'),
  spool: path.join(state, `stdin.${process.pid}.csv`),
})

/** One lock for set-up of this checkout, one for starting a service on this state. They lie outside what set-up and reset delete. */
export const setupLock = () => path.join(ROOT, '.wrangler', 'setup.lock')
export const serviceLock = () => `${stateFolder()}.lock`

/** The Node that the lock file pins (22), whatever the system has. */
export const pinnedNode = () => path.join(ROOT, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** Wrangler's own entry: skips the wrapper process that its bin starts. */
export const wranglerCli = () => path.join(ROOT, 'node_modules/wrangler/wrangler-dist/cli.js')

const digest = (text) => createHash('sha256').update(text).digest('hex')

/** A folder only we can write to: in a shared temp directory somebody else could put a socket where ours is expected, and be handed the key. */
const privateFolder = () => {
  const folder = path.join(os.tmpdir(), `list-cutter-${os.userInfo().uid}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== os.userInfo().uid || (found.mode & 0o022) !== 0) {
    throw new Error(`${folder} must be a folder that only you can write to: remove it`)
  }
  return folder
}

/** The service's socket: lock and lease in one (see serve.ts). At most 104 bytes long, which is what macOS allows. */
export const socketPath = () => {
  const state = stateFolder()
  mkdirSync(state, { recursive: true })
  const name = digest(realpathSync(state)).slice(0, 16)
  return process.platform === 'win32' ? `\\\\.\\pipe\\list-cutter-${name}` : path.join(privateFolder(), `${name}.sock`)
}

/** Digest over names and contents of all files under these places (files or folders, relative to the checkout), in the order of their names. */
export const treeDigest = (places) => {
  const hash = createHash('sha256')
  const visit = (relative) => {
    hash
      .update(`${relative}\0`)
      .update(readFileSync(path.join(ROOT, relative)))
      .update('\0')
  }
  for (const place of places) {
    const found = lstatSync(path.join(ROOT, place), { throwIfNoEntry: false })
    if (found?.isFile()) visit(place)
    if (!found?.isDirectory()) continue
    const names = readdirSync(path.join(ROOT, place), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    for (const relative of names.map((entry) => path.relative(ROOT, path.join(entry.parentPath ?? entry.path, entry.name))).sort())
      visit(relative)
  }
  return hash.digest('hex')
}

/** What the dependencies must be for this checkout and machine. */
export const lockDigest = () => digest(`${readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')}${process.platform}${process.arch}`)

/** What the database must look like. */
export const migrationsDigest = () => treeDigest(['migrations'])

/** Which service this checkout would start. */
export const sourceDigest = () =>
  treeDigest(['workers', 'shared', 'migrations', 'wrangler.api.toml', 'wrangler.processor.toml', 'package-lock.json']).slice(0, 16)
