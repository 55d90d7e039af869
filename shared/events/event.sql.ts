/** How an event is written: as a rider in the batch of the change that it tells. */
import { type Stmt, stmt } from '../db/db.ts'
import type { DomainEvent } from './event.ts'

/** Records an event beside the change before it in the same batch; does nothing if that statement changed no row, or if the event is there already. */
export const insertEventIfChanged = (event: DomainEvent, now: number): Stmt =>
  stmt(
    `INSERT INTO events (id, owner_id, kind, subject, payload, request_id, created_at)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE changes() > 0
     ON CONFLICT (id) DO NOTHING`,
    event.id,
    event.owner,
    event.kind,
    event.subject,
    JSON.stringify(event.payload),
    event.requestId,
    now,
  )
