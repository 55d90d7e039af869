/** The one loop over messages: decode, find the consumer, run it, tell the queue. Only here is a message acknowledged or sent back. */
import type { z } from 'zod'
import { isId } from '../../shared/base/ids.ts'
import { about, type LogFields } from '../../shared/base/log.ts'
import { QUEUES, type QueueName } from '../../shared/messages/message.ts'
import type { Ports } from '../../shared/ports.ts'
import { recordDeadLetter } from './consumers/dead-letter.ts'
import { runJobStep } from './consumers/job-step.ts'
import { runChunk } from './consumers/run-chunk.ts'
import { handleStorageEvent } from './consumers/storage-event.ts'
import { outcomeOf } from './outcome.ts'

/** A queue, the shape of its messages, and who takes them. */
interface Route<Body> {
  readonly schema: z.ZodType<Body>
  run(body: Body, ports: Ports): Promise<void>
}

const route = <Body>(schema: z.ZodType<Body>, run: Route<Body>['run']): Route<unknown> => ({ schema, run }) as Route<unknown>

const ROUTES: Readonly<Record<QueueName, Route<unknown>>> = {
  'file-events': route(QUEUES['file-events'], handleStorageEvent),
  jobs: route(QUEUES.jobs, runJobStep),
  chunks: route(QUEUES.chunks, runChunk),
}

const PREFIX = /^(?:list-cutter|test)-/
const DEAD = /-dead$/

/** Handles the messages of a batch one after the other; each is acknowledged or retried on its own, and nothing is thrown. */
export const consume = async (batch: MessageBatch, ports: Ports): Promise<void> => {
  const name = batch.queue.replace(PREFIX, '')
  for (const message of batch.messages) {
    const fields = { queue: name, message: message.id, delivery: message.attempts, ...subjectOf(message.body) }
    const at: Ports = { ...ports, log: about(ports.log, fields) }
    const outcome = await outcomeOf(() => handle(name, message, at), message.attempts, at)
    if (outcome.kind === 'ack') message.ack()
    else message.retry({ delaySeconds: outcome.delayS })
    if (outcome.kind === 'retry') at.log.warn('message.retried', { code: outcome.code, delay_s: outcome.delayS })
  }
}

/** What a message is about, for the log: ids of ours alone. A storage event names an object, and an object in the inbox has the name that its user gave it. */
const subjectOf = (body: unknown): LogFields => {
  const { job, kind, k } = (body ?? {}) as Readonly<Record<string, unknown>>
  return typeof job === 'string' && isId('job', job)
    ? { job, ...(typeof kind === 'string' ? { step: kind } : {}), ...(typeof k === 'number' ? { chunk: k } : {}) }
    : {}
}

const handle = async (name: string, message: Message, ports: Ports): Promise<void> => {
  if (DEAD.test(name)) return recordDeadLetter({ queue: name.replace(DEAD, ''), id: message.id, body: message.body }, ports)
  const { schema, run } = ROUTES[name as QueueName]
  return run(schema.parse(message.body), ports)
}
