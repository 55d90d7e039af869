/** How does a command get at the service? It uses the one that runs, or starts one; while it holds the connection the service lives. */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import path from 'node:path'
import { VERSION } from '../../shared/base/version.ts'
import { pinnedNode, ROOT, socketPath, sourceDigest, statePlaces } from './places.mjs'
import { connectTo, newsFrom, type ServiceNews } from './protocol.ts'

const START_MS = 90_000
const ASK_AGAIN_MS = 50
/** How long an unused service of other code may take to end by itself. It lingers for half a second. */
const LEAVING_MS = 3_000

/** A service in use. */
export interface Service {
  readonly url: string
  /** The local user's API key. */
  readonly key: string
  /** Aborted when the service ends under us. */
  readonly lost: AbortSignal
  release(): void
}

/** The service cannot be used; the message says what to do. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

const lastLines = (file: string, count: number): string => {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n')
  } catch {
    return ''
  }
}

const startSupervisor = (): void => {
  const log = openSync(statePlaces().supervisorLog, 'a', 0o600)
  const child = spawn(pinnedNode(), ['--no-warnings', path.join(ROOT, 'scripts/serve.ts')], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', log, log],
  })
  child.unref()
  closeSync(log)
}

/** A connection to the supervisor, which is started if there is none. Several at once may start one: all but one find the socket taken and end. */
const connect = async (): Promise<Socket> => {
  const until = Date.now() + START_MS
  let startAt = 0
  for (;;) {
    const socket = await connectTo(socketPath())
    if (socket) return socket
    if (Date.now() > until) throw new ServiceError(`The service does not start.\n${lastLines(statePlaces().supervisorLog, 10)}`)
    if (Date.now() > startAt) {
      startSupervisor()
      startAt = Date.now() + 5_000
    }
    await sleep(ASK_AGAIN_MS)
  }
}

const isOurs = ({ version, source }: ServiceNews): boolean => version === VERSION && source === sourceDigest()

/** A service of other code is named and not used: its answers are not what this checkout stands for. */
const otherService = ({ version, pid, url, stays }: ServiceNews): ServiceError => {
  const what = version === VERSION ? `from other sources of version ${version}` : `of version ${version}`
  const how = stays ? 'Stop it where it was started (Ctrl-C), or' : 'It ends by itself when nobody uses it any more; or'
  return new ServiceError(
    `A service ${what} is running (process ${pid}${url ? `, ${url}` : ''}); this is version ${VERSION}. It is not used.\n${how} end it: kill ${pid}`,
  )
}

/** What the supervisor says when the service is ready or of other code; null when it is ending. */
const decisiveNews = async (socket: Socket): Promise<ServiceNews | null> => {
  for await (const news of newsFrom(socket)) {
    if (news.state === 'ending') return null
    if (news.state === 'failed') throw new ServiceError(`The service failed: ${news.reason}\n${lastLines(news.log, 20)}\nLog: ${news.log}`)
    if (news.state === 'ready' || !isOurs(news)) return news
  }
  return null
}

const readKey = (): string => {
  const key = lastLines(statePlaces().key, 1)
  if (!key) throw new ServiceError('There is no local API key. Run the command through npm (npm run …): its set-up makes one.')
  return key
}

const hold = (socket: Socket, { url = '', log }: ServiceNews, key: string): Service => {
  const lost = new AbortController()
  socket.once('close', () => lost.abort(new ServiceError(`The service ended.\n${lastLines(log, 20)}\nLog: ${log}`)))
  socket.resume()
  socket.unref()
  return { url, key, lost: lost.signal, release: () => socket.destroy() }
}

/** Uses the service of this state folder, starting it if none runs. Throws ServiceError. */
export const useService = async (): Promise<Service> => {
  const key = readKey()
  let patientUntil = 0
  for (;;) {
    const socket = await connect()
    const news = await decisiveNews(socket)
    if (news && isOurs(news)) return hold(socket, news, key)
    socket.destroy()
    if (news) {
      // One that nobody uses is about to end: it was left by the command before the sources changed.
      patientUntil ||= Date.now() + LEAVING_MS
      if (news.stays || Date.now() > patientUntil) throw otherService(news)
      await sleep(LEAVING_MS / 3)
    }
    await sleep(ASK_AGAIN_MS)
  }
}
