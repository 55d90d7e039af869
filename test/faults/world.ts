/** The whole service in one process: the real code of both workers over a database, a bucket and queues that are ours, in virtual time. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { insertUser } from '../../shared/auth/api-key.sql.ts'
import { newKey } from '../../shared/auth/api-key.ts'
import type { Clock } from '../../shared/base/clock.ts'
import { type Ids, makeIds, type UserId } from '../../shared/base/ids.ts'
import type { Log } from '../../shared/base/log.ts'
import type { Random as Bytes } from '../../shared/base/random.ts'
import { SIZES, type Sizes } from '../../shared/base/sizes.ts'
import type { Engine } from '../../shared/csv/engine.ts'
import { d1 } from '../../shared/db/db.ts'
import { steadyDb } from '../../shared/db/steady-db.ts'
import { kvCache } from '../../shared/files/cache.ts'
import { steadyStore } from '../../shared/files/steady-store.ts'
import { r2Store } from '../../shared/files/store.ts'
import type { QueueName } from '../../shared/messages/message.ts'
import { cloudflareQueues } from '../../shared/messages/queues.ts'
import type { Ports } from '../../shared/ports.ts'
import { makeApp } from '../../workers/api/app.ts'
import type { ApiEnv } from '../../workers/api/env.ts'
import { consume } from '../../workers/processor/consume.ts'
import { tick } from '../../workers/processor/schedules/tick.ts'
import { Random } from '../support/random.ts'
import { Broker, type Weather } from './broker.ts'
import type { FaultPlan } from './fault.ts'
import { Violations } from './invariants.ts'
import { Bucket, memoryR2 } from './memory-r2.ts'
import { type Failures, Scheduler, type Task } from './scheduler.ts'
import { type Database, openDatabase, sqliteD1 } from './sqlite-d1.ts'
import { TRIGGERS, Watch } from './watch.ts'

/** Chunks of a few bytes, so that a list of a few hundred has many; nothing else about the code is different. */
export const TINY: Sizes = {
  chunkBytesMin: 61,
  chunksMax: 40,
  guessBytes: 32,
  recordBytesMax: 120,
  windowBytes: 150,
  partBytes: 200,
  partBytesMax: SIZES.partBytesMax,
  composeBytesMax: 250,
  composeMsMax: SIZES.composeMsMax,
  composePartsMax: 3,
  parallelPerJob: 3,
  parallelPerOwner: 5,
}

/** With few messages an owner's jobs wait for each other; with many, chunks begin before their start is known. */
const PER_OWNER = [5, 12, 3, 24] as const

const sizesOf = (seed: number): Sizes => ({ ...TINY, parallelPerOwner: PER_OWNER[(seed - 1) % PER_OWNER.length]! })

const PEPPER = 'a pepper for tests only, 32 bytes'
const START = Date.UTC(2026, 10, 20, 9)
const TICK_MS = 60_000
/** How long a client waits for an answer. */
const PATIENCE_MS = 30_000

const MIGRATIONS = path.join(import.meta.dirname, '../../migrations')

/** The schema as it lies on disk. `change`: what a sabotage makes of a file's text. */
export const readMigrations = (change: (file: string, sql: string) => string = (_, sql) => sql): string[] =>
  readdirSync(MIGRATIONS)
    .sort()
    .map((file) => change(`migrations/${file}`, readFileSync(path.join(MIGRATIONS, file), 'utf8')))

/** Workers has it; Node has what it is made of. The length is checked where the body is read. */
const globals = globalThis as { FixedLengthStream?: unknown }
globals.FixedLengthStream ??= class extends TransformStream<Uint8Array, Uint8Array> {
  constructor(_bytes: number) {
    super()
  }
}

interface SimEnv extends ApiEnv {
  readonly PORTS: Ports
}

const app = makeApp((env) => (env as SimEnv).PORTS)

export interface Answer {
  readonly status: number
  readonly text: string
  json<T>(): T
}

export interface WorldOptions {
  readonly seed: number
  readonly plan: FaultPlan
  readonly weather: Weather
  readonly shuffles: boolean
  readonly engine: Engine
  readonly migrations: readonly string[]
}

const QUEUE_FAILURES: Failures = {
  before: () => new Error('Queue send failed: Internal Server Error'),
  after: () => new Error('Network connection lost.'),
}

export class World {
  readonly scheduler: Scheduler
  readonly database: Database
  readonly bucket: Bucket
  readonly broker: Broker
  readonly watch: Watch
  readonly violations = new Violations()
  readonly owner: UserId
  readonly ids: Ids
  /** Everything that was logged. */
  readonly lines: string[] = []
  readonly #engine: Engine
  readonly #sizes: Sizes
  readonly #cache = new Map<string, string>()
  readonly #bytes: Bytes
  readonly #key: string
  readonly #deaths = new Map<Task, () => void>()
  #ticks = false
  /** Ticks that came to their end, and those that were struck. */
  tickCount = 0
  readonly struckTicks: Task[] = []

  constructor({ seed, plan, weather, shuffles, engine, migrations }: WorldOptions) {
    const random = new Random(seed)
    const others = new Random(seed + 0x5eed)
    this.#bytes = { bytes: (count) => Uint8Array.from({ length: count }, () => others.below(256)) }
    this.scheduler = new Scheduler(START, { random, plan, shuffles })
    this.scheduler.onDeath = (task) => this.#deaths.get(task)?.()
    this.database = openDatabase(migrations, TRIGGERS)
    this.watch = new Watch(
      this.database,
      this.violations,
      () => this.scheduler.now,
      () => this.scheduler.struck.length,
    )
    this.scheduler.onOver = (task) => this.watch.over(task)
    this.broker = new Broker(this.scheduler, weather, (batch, subject, ended) => this.#deliver(batch, subject, ended))
    this.bucket = new Bucket(
      () => this.scheduler.now,
      (event) => this.broker.offer('file-events', event),
      1,
    )
    this.#engine = engine
    this.#sizes = sizesOf(seed)
    const clock = { now: () => this.scheduler.now, sleep: () => Promise.resolve() }
    this.ids = makeIds(clock, this.#bytes)
    this.owner = this.ids.make('user')
    const key = newKey({ clock, ids: this.ids, random: this.#bytes }, PEPPER, this.owner, 'simulator')
    this.#key = key.text
    for (const { sql, params } of [insertUser(this.owner, 'someone', this.scheduler.now), key.row])
      this.database.prepared(sql).run(...params)
  }

  get now(): number {
    return this.scheduler.now
  }

  rows<Row>(sql: string, ...params: (string | number | null)[]): Row[] {
    return this.database.prepared(sql).all(...params) as Row[]
  }

  /** What an invocation is given of the world. */
  portsFor(task: Task): Ports {
    const { scheduler } = this
    const call = <T>(site: string, perform: () => T): Promise<T> => scheduler.call(task, site, perform, { failures: QUEUE_FAILURES })
    const clock: Clock = { now: () => scheduler.now, sleep: (ms) => scheduler.sleep(task, ms) }
    const offer = (name: QueueName, body: unknown, delayS: number) => {
      this.watch.sent(task, name, body)
      this.broker.offer(name, body, delayS)
    }
    const queue = (name: QueueName) =>
      ({
        send: (body: { kind?: string }, { delaySeconds = 0 }: { delaySeconds?: number } = {}) =>
          call(`queue ${name}${body.kind ? ` ${body.kind}` : ''}`, () => offer(name, body, delaySeconds)),
        sendBatch: (messages: Iterable<{ body: unknown; delaySeconds?: number }>) =>
          call(`queue ${name} batch`, () => {
            for (const { body, delaySeconds = 0 } of messages) offer(name, body, delaySeconds)
          }),
      }) as unknown as Queue
    const kv = {
      get: (key: string) => call('kv get', () => this.#cache.get(key) ?? null),
      put: (key: string, text: string) => call('kv put', () => void this.#cache.set(key, text)),
    } as unknown as KVNamespace
    const patience = { clock, random: this.#bytes }
    const db = d1(
      sqliteD1(this.database, task, {
        call: (of, site, perform, failures) => scheduler.call(of, site, perform, { failures }),
        onCommit: (of) => this.watch.committed(of),
        onRollback: () => this.watch.rolledBack(),
      }),
    )
    const store = r2Store(memoryR2(this.bucket, task, (of, site, perform, options) => scheduler.call(of, site, perform, options)))
    return {
      db: steadyDb(db, patience),
      store: steadyStore(store, patience),
      queues: cloudflareQueues({ 'file-events': queue('file-events'), jobs: queue('jobs'), chunks: queue('chunks') }),
      cache: kvCache(kv),
      engine: this.#engine,
      clock,
      ids: this.ids,
      random: this.#bytes,
      log: this.#log(task),
      sizes: this.#sizes,
    }
  }

  #log(task: Task): Log {
    const keep = (level: string) => (event: string, fields: object, cause?: unknown) => {
      const why = cause instanceof Error ? ` ${cause.message}` : ''
      this.lines.push(
        `${new Date(this.now).toISOString().slice(11, 23)} ${task.kind} ${task.subject} ${level} ${event} ${JSON.stringify(fields)}${why}`,
      )
    }
    return { info: keep('info'), warn: keep('warn'), error: keep('error') }
  }

  #deliver(batch: MessageBatch, subject: string, ended: (isAlive: boolean) => void): Task {
    const task = this.scheduler.start(
      'message',
      subject,
      (of) => consume(batch, this.portsFor(of)),
      (result) => {
        this.#deaths.delete(task)
        ended(result.status === 'fulfilled')
      },
    )
    this.#deaths.set(task, () => ended(false))
    return task
  }

  /** A tick every minute from now on, until `stopTicks`. */
  startTicks(): void {
    if (this.#ticks) return
    this.#ticks = true
    const next = () => {
      if (!this.#ticks) return
      this.tick()
      this.scheduler.after(TICK_MS, next)
    }
    this.scheduler.after(TICK_MS, next)
  }

  stopTicks(): void {
    this.#ticks = false
  }

  /** One tick; its death is nobody's concern. */
  tick(): void {
    const due = this.now
    this.scheduler.start(
      'tick',
      'tick',
      (task) => tick(this.portsFor(task), due),
      () => {
        this.tickCount++
      },
    )
  }

  /** A request to the API, as its client sees it. Throws when no answer comes. */
  request(
    subject: string,
    method: string,
    at: string,
    init: { body?: Uint8Array | object; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const { body } = init
    const isBytes = body instanceof Uint8Array
    const headers = {
      authorization: `Bearer ${this.#key}`,
      ...(isBytes
        ? { 'content-length': String(body.length), 'content-type': 'text/csv' }
        : body
          ? { 'content-type': 'application/json' }
          : {}),
      ...init.headers,
    }
    return new Promise((resolve, reject) => {
      const noAnswer = () => reject(new Error('no answer'))
      const task = this.scheduler.start(
        'request',
        subject,
        async (of) => {
          const sent = isBytes ? body : body ? JSON.stringify(body) : null
          const env = { KEY_PEPPER: PEPPER, PORTS: this.portsFor(of) } as unknown as SimEnv
          const answer = await app.fetch(new Request(`http://sim/api/v1${at}`, { method, headers, body: sent as BodyInit | null }), env)
          return { status: answer.status, text: await answer.text() }
        },
        (result) => {
          this.#deaths.delete(task)
          if (result.status === 'rejected') return reject(result.reason)
          const { status, text } = result.value
          resolve({ status, text, json: <T>() => JSON.parse(text) as T })
        },
      )
      this.#deaths.set(task, () => this.scheduler.after(PATIENCE_MS, noAnswer))
      this.scheduler.after(PATIENCE_MS, noAnswer)
    })
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.scheduler.after(ms, resolve))
  }
}
