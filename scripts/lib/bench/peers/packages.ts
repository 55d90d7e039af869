/** Where are the peers that are not among our dependencies? In a folder that somebody names, where --install-peers puts them, or wherever this checkout finds packages. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { ROOT } from '../../places.mjs'

/** Names a folder that has the peers in its node_modules. Inherited by the processes that the contenders run in. */
export const PEERS_VARIABLE = 'LIST_CUTTER_BENCH_PEERS'
export const PEERS_FOLDER = path.join(ROOT, '.wrangler/bench-peers')

/** What --install-peers installs: exact, so that two runs compare. */
export const PEER_VERSIONS = { '@duckdb/node-api': '1.5.6-r.1', papaparse: '5.7.1', udsv: '0.7.3' } as const

export type PeerPackage = keyof typeof PEER_VERSIONS

const requireOf = (name: PeerPackage): NodeJS.Require | null => {
  const named = process.env[PEERS_VARIABLE]
  for (const folder of [...(named ? [path.resolve(named)] : []), PEERS_FOLDER, ROOT]) {
    const found = createRequire(path.join(folder, 'peers.cjs'))
    try {
      found.resolve(name)
      return found
    } catch {
      // Not there: the next folder is asked.
    }
  }
  return null
}

/** Why the package cannot be used; null: it is there. */
export const missingPackage = (name: PeerPackage): string | null =>
  requireOf(name) ? null : `${name} is not installed (npm run bench -- --install-peers)`

/** The package's exports; throws where it is missing. */
export const loadPackage = <T>(name: PeerPackage): T => {
  const found = requireOf(name)
  if (!found) throw new Error(`${name} is not installed.`)
  return found(name) as T
}

/** Installs the peers at their pinned versions, apart from the project's own dependencies. npm's output goes to stderr. */
export const installPeers = (): Promise<void> => {
  mkdirSync(PEERS_FOLDER, { recursive: true })
  writeFileSync(path.join(PEERS_FOLDER, 'package.json'), `${JSON.stringify({ private: true, dependencies: PEER_VERSIONS }, null, 2)}\n`)
  return new Promise((done, fail) => {
    const child = spawn('npm', ['install', '--no-audit', '--no-fund'], {
      cwd: PEERS_FOLDER,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    })
    child.once('error', fail)
    child.once('exit', (code) => (code === 0 ? done() : fail(new Error(`npm install ended with code ${code}`))))
  })
}
