/** How much waits in each queue, as the queues say themselves. One that does not answer is left out: its absence is seen, and the rest is told. */
import type { QueueName } from '../../shared/messages/message.ts'
import type { Ports } from '../../shared/ports.ts'
import type { Backlog } from '../../shared/stats/metrics.ts'
import type { ApiEnv } from './env.ts'

const ask = async (queue: QueueName, binding: Queue): Promise<Backlog> => {
  const { backlogCount, oldestMessageTimestamp } = await binding.metrics()
  // The emulator says 0 for an empty queue, the platform nothing.
  const oldestAt = Number(oldestMessageTimestamp ?? 0)
  return { queue, messages: backlogCount, oldestAt: backlogCount > 0 && oldestAt > 0 ? oldestAt : null }
}

/** Asks all at once. Never throws. */
export const backlogs = async (env: ApiEnv, { log }: Pick<Ports, 'log'>): Promise<readonly Backlog[]> => {
  const queues = { 'file-events': env.FILE_EVENTS, jobs: env.JOBS, chunks: env.CHUNKS } as const satisfies Record<QueueName, Queue>
  const answers = Object.entries(queues).map(async ([queue, binding]) => {
    try {
      return [await ask(queue as QueueName, binding)]
    } catch (cause) {
      log.error('metrics.queue_silent', { queue }, cause)
      return []
    }
  })
  return (await Promise.all(answers)).flat()
}
