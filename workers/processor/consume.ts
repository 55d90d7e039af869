/** The one loop over messages: decode, find the consumer, run it, tell the queue. Only here is a message acknowledged or sent back. */
import type { z } from 'zod'
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
    const outcome = await outcomeOf(() => handle(name, message, ports), message.attempts, ports)
    const fields = { queue: name, message: message.id, attempt: message.attempts }
    if (outcome.kind === 'ack') message.ack()
    else message.retry({ delaySeconds: outcome.delayS })
    if (outcome.kind === 'retry') ports.log.warn('message.retried', { ...fields, code: outcome.code, delay_s: outcome.delayS })
  }
}

const handle = async (name: string, message: Message, ports: Ports): Promise<void> => {
  if (DEAD.test(name)) return recordDeadLetter({ queue: name.replace(DEAD, ''), id: message.id, body: message.body }, ports)
  const { schema, run } = ROUTES[name as QueueName]
  return run(schema.parse(message.body), ports)
}
