/** What do supervisor and commands say to each other? Lines of JSON from the supervisor: what it is, again whenever that changes. Holding the connection is the lease. */
import { createConnection, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

export interface ServiceNews {
  readonly state: 'starting' | 'ready' | 'ending' | 'failed'
  readonly pid: number
  readonly version: string
  /** Digest of the sources it was started from. */
  readonly source: string
  readonly log: string
  /** It was started to stay: it does not end when nobody uses it. */
  readonly stays: boolean
  readonly url?: string
  readonly reason?: string
}

/** A connection to the supervisor, or null if none listens. */
export const connectTo = (path: string): Promise<Socket | null> =>
  new Promise((done) => {
    const socket = createConnection(path)
    socket.once('connect', () => done(socket))
    socket.once('error', () => done(null))
  })

/** What the supervisor says, until it hangs up. */
export async function* newsFrom(socket: Socket): AsyncGenerator<ServiceNews> {
  socket.on('error', () => {})
  for await (const line of createInterface({ input: socket })) yield JSON.parse(line) as ServiceNews
}

/** Asks the supervisor to end, and waits until it has. */
export const askToEnd = (socket: Socket): Promise<void> =>
  new Promise((done) => {
    socket.on('error', () => {})
    socket.once('close', () => done())
    socket.resume()
    socket.write('end\n')
  })
