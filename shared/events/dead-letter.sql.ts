/** Messages that a queue gave up on, kept for people to look at. */
import type { DeadLetterId } from '../base/ids.ts'
import { type Stmt, stmt } from '../db/db.ts'

/** Keeps a message that its queue gave up on; the same message again changes nothing. */
export const insertDeadLetter = (id: DeadLetterId, queue: string, messageId: string, body: string, now: number): Stmt =>
  stmt(
    `INSERT INTO dead_letters (id, queue, message_id, body, created_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (queue, message_id) DO NOTHING`,
    id,
    queue,
    messageId,
    body,
    now,
  )
