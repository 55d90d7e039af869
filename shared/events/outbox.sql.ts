/** Messages that must go out because a change was committed: written in its batch, deleted once the queue has them. */
import type { OutboxId } from '../base/ids.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import type { QueueName } from '../messages/message.ts'

export interface OutboxRow {
  readonly id: OutboxId
  readonly queue: QueueName
  readonly body: string
}

/** Keeps a message beside the change before it in the same batch; does nothing if that statement changed no row. */
export const insertOutboxIfChanged = (row: OutboxRow, dueAt: number, now: number): Stmt =>
  stmt(
    `INSERT INTO outbox (id, queue, body, due_at, created_at) SELECT ?1, ?2, ?3, ?4, ?5 WHERE changes() > 0`,
    row.id,
    row.queue,
    row.body,
    dueAt,
    now,
  )

/** Forgets messages that the queue has taken. */
export const deleteOutbox = (db: Db, ids: readonly OutboxId[]): Promise<number> =>
  db.run(stmt(`DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?1))`, JSON.stringify(ids)))

/** The oldest messages whose sender should long have sent them. */
export const dueOutbox = (db: Db, now: number, limit: number): Promise<OutboxRow[]> =>
  db.all(stmt(`SELECT id, queue, body FROM outbox WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2`, now, limit))
