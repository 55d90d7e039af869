/**
 * A message that the queue gave up on: kept for people to look at. It decides nothing: what it was about is in the database, whose own count of tries
 * fails a job, and whose leases bring a job back that still can go on.
 */
import { insertDeadLetter } from '../../../shared/events/dead-letter.sql.ts'
import type { Ports } from '../../../shared/ports.ts'

export interface DeadLetter {
  readonly queue: string
  readonly id: string
  readonly body: unknown
}

export const recordDeadLetter = async (letter: DeadLetter, ports: Ports): Promise<void> => {
  ports.log.error('message.dead', { queue: letter.queue, message: letter.id })
  await ports.db.run(insertDeadLetter(ports.ids.make('dead'), letter.queue, letter.id, JSON.stringify(letter.body), ports.clock.now()))
}
