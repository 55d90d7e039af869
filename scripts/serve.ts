/**
 * The supervisor: one process that runs the whole service of one state folder in the local emulator, for as long as somebody needs it.
 *
 * Its socket is lock and lease in one. Whoever can listen on it is the only supervisor; every connection is a holder, and with the last one gone the service ends
 * (with --stay it is its own holder). A holder that is killed holds nothing any more, because the system closes its connection: no pid files, no health checks, no orphans.
 * Wrangler runs in a process group of its own, so one signal reaches all of it; if this process is killed, wrangler notices by its lost channel and ends itself.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { VERSION } from '../shared/base/version.ts'
import { withLock } from './lib/lock.mjs'
import { serviceLock, socketPath, sourceDigest, statePlaces } from './lib/places.mjs'
import { connectTo, type ServiceNews } from './lib/protocol.ts'
import { startTicking } from './lib/tick.ts'
import { startWrangler, type Wrangler } from './lib/wrangler-dev.ts'

/** A service that nobody holds ends after this; short, because "no process is left" is a promise, and long enough for one command to follow another. */
const LINGER_MS = 500
/** How often, and how long, a service that is to stay waits for one that is about to end; each look keeps that one for another LINGER_MS. */
const LOOK_AGAIN_MS = 2 * LINGER_MS
const PATIENCE_MS = 10_000

const isStaying = process.argv.includes('--stay')
const news: { now: ServiceNews } = {
  now: { state: 'starting', pid: process.pid, version: VERSION, source: sourceDigest(), log: statePlaces().serviceLog, stays: isStaying },
}
const holders = new Set<Socket>()
let linger: NodeJS.Timeout | undefined
let service: { wrangler: Wrangler; stopTicking: () => void } | undefined
let ending: Promise<void> | undefined

const say = (text: string): void => void (isStaying ? process.stdout : process.stderr).write(`${text}\n`)

const tell = (change: Partial<ServiceNews>): void => {
  news.now = { ...news.now, ...change }
  for (const holder of holders) holder.write(`${JSON.stringify(news.now)}\n`)
}

const endSoonIfUnused = (): void => {
  clearTimeout(linger)
  if (isStaying || holders.size > 0) return
  linger = setTimeout(() => void end(0), LINGER_MS)
}

const greet = (holder: Socket): void => {
  holders.add(holder)
  clearTimeout(linger)
  holder.write(`${JSON.stringify(news.now)}\n`)
  holder.on('data', (data) => void (data.includes('end') && end(0)))
  holder.on('error', () => {})
  holder.on('close', () => {
    holders.delete(holder)
    endSoonIfUnused()
  })
}

const server: Server = createServer(greet)

/** The socket is kept until wrangler is gone: a new supervisor must not start on a state that is still in use. */
const end = (code: number, reason?: string): Promise<void> => {
  ending ??= (async () => {
    process.exitCode = code
    tell({ state: code === 0 ? 'ending' : 'failed', ...(reason ? { reason } : {}) })
    if (isStaying && reason) process.stderr.write(`The service ends: ${reason}. Its log: ${statePlaces().serviceLog}\n`)
    service?.stopTicking()
    await service?.wrangler.end()
    for (const holder of holders) holder.destroy()
    server.close()
    process.exit(code)
  })()
  return ending
}

const listen = (path: string): Promise<boolean> =>
  new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? done(false) : fail(error)))
    server.listen(path, () => done(true))
  })

/** Listens on the socket; false if a living supervisor does. The lock keeps two from clearing away the same dead one's socket. */
const becomeTheOne = (): Promise<boolean> =>
  withLock(serviceLock(), async () => {
    const path = socketPath()
    if (await listen(path)) return true
    const other = await connectTo(path)
    if (other) {
      other.destroy()
      return false
    }
    const { rmSync } = await import('node:fs')
    rmSync(path, { force: true })
    return listen(path)
  })

/** The same, with patience: a command that was used just now may have left its service for a moment. */
const becomeTheOneSoon = async (): Promise<boolean> => {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(LOOK_AGAIN_MS)) if (await becomeTheOne()) return true
  return false
}

const welcome = (url: string): string =>
  [
    `List Cutter ${VERSION} listens on ${url}`,
    '',
    `  curl -H "Authorization: Bearer $(cat ${statePlaces().key})" ${url}/api/v1/files`,
    '',
    `The API describes itself at ${url}/api/v1/openapi.json. Log: ${statePlaces().serviceLog}. Ctrl-C ends it.`,
  ].join('\n')

const serve = async (): Promise<void> => {
  if (!(await (isStaying ? becomeTheOneSoon() : becomeTheOne()))) {
    if (!isStaying) return
    process.stderr.write('A service already runs on this state: stop it first (npm run reset -- --force also empties it), or use it.\n')
    process.exit(1)
  }
  const wrangler = startWrangler(() => void end(1, 'wrangler ended'))
  service = { wrangler, stopTicking: () => {} }
  const url = await wrangler.ready
  service.stopTicking = startTicking(url, () => void end(1, 'the service stopped answering'))
  tell({ state: 'ready', url })
  if (isStaying) say(welcome(url))
  endSoonIfUnused()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0))
serve().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  return end(1, error.message)
})
