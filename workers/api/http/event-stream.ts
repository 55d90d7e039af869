/**
 * Server-sent events (HTML, section 9.2). A client that was cut off comes back by itself with the id that it saw last; what is told here therefore always has one.
 * The answer's head is out before the first event, so a failure in the midst of it can only end the stream: the client comes back and is told the reason then.
 */
import type { Context } from 'hono'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'

/** The Last-Event-ID of a client that comes back, where it is one of ours; null: it comes for the first time, or says what we never said. */
export const lastEventId = (c: Context): number | null => {
  const said = /^\s*(\d{1,15})\s*$/.exec(c.req.header('last-event-id') ?? '')?.[1]
  return said === undefined ? null : Number(said)
}

/** A line that no client shows, and that keeps the connection from looking dead. */
export const comment = (stream: SSEStreamingApi, text: string): Promise<unknown> => stream.write(`: ${text}\n\n`)

/** When a client that is cut off comes back. */
export const comeBack = (stream: SSEStreamingApi, ms: number): Promise<unknown> => stream.write(`retry: ${ms}\n\n`)

/** An answer whose events `tell` sends, one after the other; it must not throw. A HEAD request gets the head alone. */
export const eventStream = (c: Context, tell: (stream: SSEStreamingApi) => Promise<void>): Response => {
  if (c.req.raw.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' })
  const answer = streamSSE(c, tell)
  answer.headers.set('Cache-Control', 'no-store')
  // How the bytes travel is the runtime's business.
  for (const name of ['Transfer-Encoding', 'Connection']) answer.headers.delete(name)
  return answer
}
