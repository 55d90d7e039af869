/** Messages that a queue gave up on, kept for people to look at. They belong to the service, not to a user. */
import type { DeadLetterId } from '../base/ids.ts'
import { LIST_START, type Position } from '../base/page.ts'
import { type Db, type Stmt, stmt } from '../db/db.ts'
import type { DeadLetterRow } from './dead-letter.ts'

const COLUMNS = 'id, queue, message_id, body, created_at, replayed_at, replay_count'

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

export const findDeadLetter = (db: Db, id: DeadLetterId): Promise<DeadLetterRow | null> =>
  db.first(stmt(`SELECT ${COLUMNS} FROM dead_letters WHERE id = ?1`, id))

/** Dead letters after a position, newest first. */
export const listDeadLetters = (
  db: Db,
  filter: { readonly queue: string | null; readonly replayed: boolean | null },
  after: Position | null,
  limit: number,
): Promise<DeadLetterRow[]> => {
  const { at, id } = after ?? LIST_START
  return db.all(
    stmt(
      `SELECT ${COLUMNS} FROM dead_letters
       WHERE (created_at, id) < (?1, ?2) AND (?3 IS NULL OR queue = ?3) AND (?4 IS NULL OR (replayed_at IS NOT NULL) = ?4)
       ORDER BY created_at DESC, id DESC LIMIT ?5`,
      at,
      id,
      filter.queue,
      filter.replayed === null ? null : Number(filter.replayed),
      limit,
    ),
  )
}

/** Notes that a letter's message is sent again; the message rides along in the outbox. */
export const markReplayed = (id: DeadLetterId, now: number): Stmt =>
  stmt(`UPDATE dead_letters SET replayed_at = ?2, replay_count = replay_count + 1 WHERE id = ?1`, id, now)
