/** A service of a few lines on a real port, for what the client does with its answers. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Uint8Array
}

/** Answers a request; `nth` counts the requests so far, from 1. Returning nothing after destroying the connection is an answer too. */
export type Answer = (seen: Seen, response: ServerResponse, nth: number) => void

const bodyOf = async (request: IncomingMessage): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = []
  for await (const piece of request) pieces.push(piece as Uint8Array)
  return Buffer.concat(pieces)
}

export const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** Listens until closed; everything that was asked is in `seen`. */
export const stubApi = async (answer: Answer) => {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request).catch(() => new Uint8Array())
    const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    seen.push(one)
    answer(one, response, seen.length)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((done) => {
        server.close(done)
        server.closeAllConnections()
      }),
  }
}
