/** The way onto the queues. A queue that does not take a message is `overloaded`: whoever must be sure keeps the message in the outbox. */
import { AppError } from '../base/errors.ts'
import type { MessageOf, QueueName } from './message.ts'

export interface Queues {
  /** Resolves when the queue has taken the message; `delayS` keeps it back. */
  send<Q extends QueueName>(queue: Q, body: MessageOf<Q>, delayS?: number): Promise<void>
}

/** The queues of Cloudflare's bindings. */
export const cloudflareQueues = (bindings: Readonly<Record<QueueName, Queue>>): Queues => ({
  send: async (queue, body, delayS) => {
    try {
      await bindings[queue].send(body, delayS === undefined ? {} : { delaySeconds: delayS })
    } catch (cause) {
      throw new AppError('overloaded', 'The queue takes no messages now. Try again in a few seconds.', { cause, retryAfterS: 2 })
    }
  },
})
