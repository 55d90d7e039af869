/**
 * Follow-up messages. A message is a row in the batch of the change that calls for it; sending it right after the commit is only an optimisation,
 * for what stays in the table is sent by the relay of each tick. A message may so arrive twice, never not at all.
 */
import type { Ids } from '../base/ids.ts'
import { LIMITS } from '../base/limits.ts'
import type { Outcome, Stmt } from '../db/db.ts'
import { type MessageOf, QUEUES, type QueueName } from '../messages/message.ts'
import type { Ports } from '../ports.ts'
import { deleteOutbox, dueOutbox, insertOutboxIfChanged, type OutboxRow } from './outbox.sql.ts'

type SendPorts = Pick<Ports, 'db' | 'queues' | 'log'>

/** A message as a row to be kept and then sent. */
export const outgoing = <Q extends QueueName>(ids: Ids, queue: Q, body: MessageOf<Q>): OutboxRow => ({
  id: ids.make('out'),
  queue,
  body: JSON.stringify(body),
})

/** The statement that keeps the row beside the change before it; the relay leaves it to its sender for a while. */
export const keepIfChanged = (row: OutboxRow, now: number): Stmt => insertOutboxIfChanged(row, now + LIMITS.relayAfterMs, now)

/** The messages that statements of a batch have put into the outbox by themselves, and returned. */
export const keptIn = (outcomes: readonly Outcome[]): OutboxRow[] =>
  outcomes.flatMap(({ rows }) => rows as OutboxRow[]).filter(({ id, queue, body }) => id && queue && body)

/** Sends kept rows and forgets them. Never throws: what fails is left to the relay. */
export const sendKept = async (ports: SendPorts, rows: readonly OutboxRow[]): Promise<number> => {
  const sent = []
  for (const row of rows) {
    try {
      await ports.queues.send(row.queue, QUEUES[row.queue].parse(JSON.parse(row.body)) as never)
      sent.push(row.id)
    } catch (cause) {
      ports.log.error('outbox.send_failed', { outbox: row.id, queue: row.queue }, cause)
    }
  }
  try {
    if (sent.length > 0) await deleteOutbox(ports.db, sent)
  } catch (cause) {
    ports.log.error('outbox.delete_failed', { count: sent.length }, cause)
  }
  return sent.length
}

/** Sends what its sender did not: the duty of a tick. Returns how many. */
export const relayOutbox = async (ports: SendPorts, now: number): Promise<number> =>
  sendKept(ports, await dueOutbox(ports.db, now, LIMITS.relayRowsMax))
