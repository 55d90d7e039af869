/** A processor under test: the real runtime with its real database, bucket and queues; the clock stands still until a test moves it, and what is sent is noted. */
import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { utf8 } from '../../shared/base/bytes.ts'
import type { Clock } from '../../shared/base/clock.ts'
import { type FileId, makeIds, type UserId } from '../../shared/base/ids.ts'
import type { Log } from '../../shared/base/log.ts'
import { systemRandom } from '../../shared/base/random.ts'
import { portsOf } from '../../shared/bindings.ts'
import { makeEngine } from '../../shared/csv/engine.ts'
import kernel from '../../shared/csv/kernel/kernel.wasm'
import { stmt } from '../../shared/db/db.ts'
import { readAll } from '../../shared/files/blocks.ts'
import { fileOfSystem, insertFile } from '../../shared/files/file.sql.ts'
import type { FileRow } from '../../shared/files/file.ts'
import { fileKey } from '../../shared/files/object-key.ts'
import { markStored } from '../../shared/files/settle.sql.ts'
import { appeared, tellingStore } from '../../shared/files/storage-events.ts'
import { r2Store, type StoredObject } from '../../shared/files/store.ts'
import { submitJob } from '../../shared/jobs/create.ts'
import { jobOfSystem } from '../../shared/jobs/find.sql.ts'
import type { JobRow } from '../../shared/jobs/job.ts'
import type { MessageOf, QueueName } from '../../shared/messages/message.ts'
import type { Ports } from '../../shared/ports.ts'
import { consume } from '../../workers/processor/consume.ts'
import { tick } from '../../workers/processor/schedules/tick.ts'

export interface Sent {
  readonly queue: QueueName
  readonly body: unknown
  /** Deliveries so far. */
  readonly attempts?: number
}

export interface World {
  readonly ports: Ports
  /** What was sent and not delivered yet, oldest first. */
  readonly sent: Sent[]
  readonly owner: UserId
  advance(ms: number): void
  now(): number
}

const engine = makeEngine(kernel)

const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** A world with a user of its own. `change`: other ports, made from the real ones. */
export const makeWorld = async (change: (ports: Ports) => Partial<Ports> = () => ({})): Promise<World> => {
  let now = Date.now()
  const clock: Clock = { now: () => now, sleep: () => Promise.resolve() }
  const sent: Sent[] = []
  const real = portsOf(env, engine)
  const ids = makeIds(clock, systemRandom)
  const queues: Ports['queues'] = {
    send: async (queue, body, delayS) => {
      await real.queues.send(queue, body, delayS)
      sent.push({ queue, body })
    },
  }
  const store = tellingStore(r2Store(env.BUCKET), queues, clock)
  const base: Ports = { ...real, store, clock, ids, queues, log: quiet }
  const ports: Ports = { ...base, ...change(base) }
  const owner = ids.make('user')
  await ports.db.run(stmt(`INSERT INTO users (id, name, state, created_at) VALUES (?1, 'someone', 'active', ?2)`, owner, now))
  return {
    ports,
    sent,
    owner,
    now: () => now,
    advance: (ms) => {
      now += ms
    },
  }
}

/** How a delivered message ended. */
export interface Delivered {
  readonly acked: number
  readonly retried: number
}

/** Delivers one message to its consumer, as the queue would. */
export const deliver = async <Q extends QueueName>(world: World, queue: Q, body: MessageOf<Q>, attempts = 1): Promise<Delivered> => {
  const batch = createMessageBatch(`list-cutter-${queue}`, [{ id: crypto.randomUUID(), timestamp: new Date(world.now()), attempts, body }])
  await consume(batch, world.ports)
  const result = await getQueueResult(batch, createExecutionContext())
  return { acked: result.explicitAcks.length, retried: result.retryMessages.length }
}

/** Delivers everything that was sent, and what that sends, until nothing is left; what is sent back comes again after the others. */
export const drain = async (world: World): Promise<void> => {
  for (let i = 0; world.sent.length > 0; i++) {
    if (i > 200) throw new Error('the queues do not come to rest')
    const message = world.sent.shift()!
    const attempts = (message.attempts ?? 0) + 1
    const { retried } = await deliver(world, message.queue, message.body as never, attempts)
    if (retried > 0 && attempts <= 10) world.sent.push({ ...message, attempts })
  }
}

/** Forgets what was sent: the queue has lost it. */
export const loseMessages = (world: World): void => void world.sent.splice(0)

/** The processor's cron fires. */
export const fireTick = (world: World): Promise<void> => tick(world.ports, world.now())

/** An object and its row in state uploading, as if its API request had died right after the last byte; the storage event is returned, not sent. */
export const putUpload = async (world: World, csv: string | Uint8Array, overrides: Partial<Parameters<typeof insertFile>[0]> = {}) => {
  const id = world.ports.ids.make('file')
  const key = fileKey(world.owner, id, 'v1')
  const file = {
    id,
    owner: world.owner,
    source: 'upload',
    name: 'people.csv',
    contentType: 'text/csv',
    objectKey: key,
    systemTags: ['uploaded'],
    userTags: [],
    hints: {},
    autoAnalyse: true,
    jobId: null,
    ...overrides,
  } as const
  await world.ports.db.run(insertFile(file, world.now()))
  const object = await rawPut(key, typeof csv === 'string' ? utf8(csv) : csv)
  return { id, key, object, event: appeared('PutObject', object, world.now()) }
}

/** Puts an object past the store that tells of it. */
export const rawPut = async (key: string, bytes: Uint8Array): Promise<StoredObject> => {
  const { etag, size, uploaded } = (await env.BUCKET.put(key, bytes))!
  return { key, etag, bytes: size, uploadedAt: uploaded.getTime() }
}

/** A stored file that nobody has looked at yet. */
export const storedFile = async (
  world: World,
  csv: string | Uint8Array,
  overrides: Parameters<typeof putUpload>[2] = {},
): Promise<FileRow> => {
  const { id, object } = await putUpload(world, csv, overrides)
  await world.ports.db.run(markStored(id, object, null, world.now()))
  return (await fileOfSystem(world.ports.db, id))!
}

/** Submits a job; its plan message is sent. */
export const submit = (world: World, file: FileId, operation: string, spec: object, expiresInMs = 3_600_000): Promise<JobRow> =>
  submitJob(
    world.ports,
    world.owner,
    { operation, input: file, spec, name: null, tags: [], customId: null, metadata: {}, expiresInMs },
    'req-1',
  )

export const fileNow = async (world: World, id: FileId): Promise<FileRow> => (await fileOfSystem(world.ports.db, id))!
export const jobNow = async (world: World, job: Pick<JobRow, 'id'>): Promise<JobRow> => (await jobOfSystem(world.ports.db, job.id))!

/** The bytes of a file, as text. */
export const contentOf = async (world: World, id: FileId): Promise<string> => {
  const file = await fileNow(world, id)
  const stream = (await world.ports.store.read(file.object_key, file.etag!))!
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readAll(stream, file.bytes!))
}

export const rowsOf = <Row>(world: World, sql: string, ...params: string[]): Promise<Row[]> => world.ports.db.all<Row>(stmt(sql, ...params))

/** Events about a file or a job, in order. */
export const eventsOf = async (world: World, subject: string): Promise<string[]> =>
  (await rowsOf<{ kind: string }>(world, `SELECT kind FROM events WHERE subject = ?1 ORDER BY created_at, id`, subject)).map(
    ({ kind }) => kind,
  )
