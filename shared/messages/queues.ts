/** The way onto the queues. */
import type { MessageOf, QueueName } from './message.ts'

export interface Queues {
  /** Resolves when the queue has taken the message; `delayS` keeps it back. */
  send<Q extends QueueName>(queue: Q, body: MessageOf<Q>, delayS?: number): Promise<void>
}

/** The queues of Cloudflare's bindings. */
export const cloudflareQueues = (bindings: Readonly<Record<QueueName, Queue>>): Queues => ({
  send: async (queue, body, delayS) => {
    await bindings[queue].send(body, delayS === undefined ? {} : { delaySeconds: delayS })
  },
})
