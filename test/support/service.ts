/** The whole service for flows: both workers with real queues, database and bucket in one runtime, asked over HTTP as a client would. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createTestHarness } from 'wrangler'
import { insertUser } from '../../shared/auth/api-key.sql.ts'
import { newKey } from '../../shared/auth/api-key.ts'
import { systemClock } from '../../shared/base/clock.ts'
import { makeIds, type UserId } from '../../shared/base/ids.ts'
import { systemRandom } from '../../shared/base/random.ts'
import type { Bindings } from '../../shared/bindings.ts'
import { d1, type Stmt } from '../../shared/db/db.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const PEPPER = 'a pepper for tests only, 32 bytes'

/** An answer of the API, to look into. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
export type Json = any

export interface Service {
  /** A user of its own, with a key. */
  user(): Promise<{
    id: UserId
    ask: (
      method: string,
      path: string,
      init?: RequestInit & { json?: unknown },
    ) => Promise<{ status: number; headers: Headers; text: string; json: Json }>
  }>
  /** The processor's cron fires, as of a moment. */
  tick(at?: number): Promise<void>
  all<Row>(statement: Stmt): Promise<Row[]>
  bucket(): Promise<R2Bucket>
  send(queue: 'FILE_EVENTS' | 'JOBS' | 'CHUNKS', body: unknown): Promise<void>
  /** Ends the runtime as a crash does; it comes back by itself with the disk's state and empty queues. */
  crash(): Promise<void>
  close(): Promise<void>
}

/** Boots the service with an empty state; about two seconds. */
export const bootService = async (): Promise<Service> => {
  const settings = { vars: { R2_EVENTS: 'emulate' }, secrets: { KEY_PEPPER: PEPPER } }
  const harness = createTestHarness({
    workers: ['api', 'processor'].map((name) => ({ configPath: path.join(ROOT, `wrangler.${name}.toml`), ...settings })),
  })
  await harness.listen()
  await harness.getWorker('list-cutter-processor').applyD1Migrations('DB')
  const env = async () => (await harness.getWorker('list-cutter-processor').getEnv()) as unknown as Bindings
  const ids = makeIds(systemClock, systemRandom)
  return {
    user: async () => {
      const id = ids.make('user')
      const key = newKey({ clock: systemClock, ids, random: systemRandom }, PEPPER, id, 'test')
      await d1((await env()).DB).batch([insertUser(id, 'someone', Date.now()), key.row])
      return {
        id,
        ask: async (method, at, { json, ...init } = {}) => {
          const response = await harness.fetch(`/api/v1${at}`, {
            ...(init as object),
            method,
            headers: {
              Authorization: `Bearer ${key.text}`,
              ...(json ? { 'Content-Type': 'application/json' } : {}),
              ...(init.headers as object),
            },
            ...(json ? { body: JSON.stringify(json) } : {}),
          })
          const text = await response.text()
          const isJson = /json/.test(response.headers.get('content-type') ?? '')
          return {
            status: response.status,
            headers: response.headers as unknown as Headers,
            text,
            json: isJson && text ? JSON.parse(text) : null,
          }
        },
      }
    },
    tick: async (at = Date.now()) => {
      await harness.getWorker('list-cutter-processor').scheduled({ cron: '* * * * *', scheduledTime: new Date(at) })
    },
    all: async (statement) => d1((await env()).DB).all(statement),
    bucket: async () => (await env()).BUCKET,
    send: async (queue, body) => void (await (await env())[queue].send(body)),
    crash: async () => {
      const last = workersBelow(process.pid).at(-1)
      if (last !== undefined) process.kill(last, 'SIGKILL')
      await until(
        async () =>
          (await harness.fetch('/api/v1/health').then(
            (answer) => answer.status,
            () => 0,
          )) === 200,
      )
    },
    close: () => harness.close(),
  }
}

/** Process ids of runtimes started by this process and its children, oldest first. */
const workersBelow = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number)
      .flatMap((child) => (readFileSync(`/proc/${child}/comm`, 'utf8').startsWith('workerd') ? [child] : workersBelow(child))),
  )

/** Asks again until it is so; throws after 30 seconds. */
export const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 300; i++) {
    if (await isSo()) return
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('it did not come true within 30 seconds')
}
