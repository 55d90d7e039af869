/**
 * Idempotency-Key: the same request sent twice makes one thing and gets one answer. The key's row is inserted in the very transaction that makes the
 * thing, so there is no "in flight, unknown": either both are there or neither. The answer's body is added right after; should that be lost, a replay
 * shows the thing as it is then. What fails makes no row: the same key may be tried again.
 */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { AppError } from '../../shared/base/errors.ts'
import { jsonSha256 } from '../../shared/base/json.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { isConflict, type Stmt } from '../../shared/db/db.ts'
import type { Api } from './env.ts'
import { dropExpiredKey, findIdempotency, type IdempotencyRow, insertIdempotencyIfChanged, keepAnswer } from './idempotency.sql.ts'

/** Statements for the transaction that makes the thing with the id `subject`. They go directly behind a statement that changes a row, else they do nothing. */
export type Alongside = (subject: string) => readonly Stmt[]

export interface Idempotent<View extends { readonly id: string }> {
  /** The request's body as read: a part of the fingerprint. */
  readonly body: unknown
  readonly status: ContentfulStatusCode
  /** Makes the thing. The statements belong into the transaction that does; if they conflict, nothing may be left made. */
  readonly create: (alongside: Alongside) => Promise<View>
  /** The thing as it is now, for a replay whose first answer was lost. */
  readonly again: (subject: string) => Promise<View>
  /** Further headers of the answer, first time and replayed. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The header's key: a structured-field string (`"…"`) or a bare token; null if absent. Throws `header_invalid`. */
const keyOf = (c: Context): string | null => {
  const text = c.req.header('idempotency-key')?.trim()
  if (text === undefined) return null
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(text)?.[1]?.replace(/\\(.)/g, '$1')
  const key = quoted ?? (/^[\x21\x23-\x7e]+$/.test(text) ? text : '')
  if (key.length === 0 || key.length > LIMITS.idempotencyKeyMax) {
    throw new AppError(
      'header_invalid',
      `Idempotency-Key is a string in double quotes of 1 to ${LIMITS.idempotencyKeyMax} ASCII characters.`,
    )
  }
  return key
}

/** Answers with what `create` makes, or with what it made for this key before. Throws `idempotency_mismatch`, and what `create` throws. */
export const idempotent = async <View extends { readonly id: string }>(c: Context<Api>, work: Idempotent<View>): Promise<Response> => {
  const key = keyOf(c)
  if (key === null) return made(c, work, JSON.stringify(await work.create(() => [])))
  const { db, clock } = c.var.ports
  const now = clock.now()
  const entry = { owner: c.var.principal.userId, route: `${c.req.method} ${pathOf(c)}`, key }
  const fingerprint = jsonSha256({ route: entry.route, body: work.body ?? null })
  const before = await findIdempotency(db, entry)
  if (before && before.expires_at > now) return replay(c, work, before, fingerprint)
  if (before) await dropExpiredKey(db, entry, now)
  try {
    const view = await work.create((subject) => [
      insertIdempotencyIfChanged({ ...entry, fingerprint, status: work.status, subject, expiresAt: now + LIMITS.idempotencyMs }),
    ])
    const text = JSON.stringify(view)
    await keepAnswer(db, entry, view.id, text)
    return made(c, work, text)
  } catch (cause) {
    const winner = isConflict(cause) ? await findIdempotency(db, entry) : null
    if (!winner) throw cause
    return replay(c, work, winner, fingerprint)
  }
}

const pathOf = (c: Context): string => c.req.path.replace(/\/$/, '')

type AnyWork = Pick<Idempotent<{ readonly id: string }>, 'status' | 'headers' | 'again'>

const made = (c: Context<Api>, work: AnyWork, text: string, more: Record<string, string> = {}): Response => {
  const { id } = JSON.parse(text) as { id: string }
  return c.body(text, work.status, { 'Content-Type': 'application/json', Location: `${pathOf(c)}/${id}`, ...work.headers, ...more })
}

const replay = async (c: Context<Api>, work: AnyWork, row: IdempotencyRow, fingerprint: string): Promise<Response> => {
  if (row.fingerprint !== fingerprint)
    throw new AppError('idempotency_mismatch', 'Use a new key for a new request; this one belongs to another body.')
  return made(c, work, row.body || JSON.stringify(await work.again(row.subject)), { 'Idempotent-Replayed': 'true' })
}
