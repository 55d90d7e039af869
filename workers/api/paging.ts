/** Pages of lists: `page_size` and `cursor` in the query, `data` and `next_cursor` in the answer. */
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { hmac } from '../../shared/base/crypto.ts'
import { canonicalJson } from '../../shared/base/json.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { createdAt, openCursor, type Position, pageOf, sealCursor } from '../../shared/base/page.ts'
import type { Api } from './env.ts'

/** The parameters of every list, to be spread into its query's schema. More than the greatest page is the greatest page; nothing and less is an error. */
export const pageFields = {
  page_size: z
    .string()
    .regex(/^0*[1-9]\d{0,14}$/, 'This is a whole number above 0')
    .transform((text) => Math.min(Number(text), LIMITS.pageSizeMax))
    .optional()
    .openapi({
      type: 'integer',
      minimum: 1,
      description: `At most ${LIMITS.pageSizeMax} are given out at once, ${LIMITS.pageSizeDefault} unless you say otherwise.`,
    }),
  cursor: z
    .string()
    .min(1)
    .max(LIMITS.cursorCharsMax)
    .optional()
    .openapi({ description: '`next_cursor` of the page before, with all other arguments the same.' }),
}

export interface Paging {
  /** Null: from the start. */
  readonly after: Position | null
  /** Ask the database for this many: one row more than is shown tells whether there is another page. */
  readonly limit: number
  /** The answer for the rows that came back. */
  readonly answer: <Row extends { readonly created_at: number; readonly id: string }, View>(
    rows: readonly Row[],
    view: (row: Row) => View,
  ) => Page<View>
  /** The same for a list in an order of its own. */
  readonly answerBy: <Row, View>(rows: readonly Row[], positionOf: (row: Row) => Position, view: (row: Row) => View) => Page<View>
}

export interface Page<View> {
  readonly object: 'list'
  readonly data: View[]
  readonly next_cursor?: string
}

/** Reads the page that is asked for. `list` names it; the cursor is bound to it, to the principal and to the rest of the query. Throws `cursor_invalid`. */
export const paging = (c: Context<Api>, list: string, query: { page_size?: number | undefined; cursor?: string | undefined }): Paging => {
  const { page_size: size = LIMITS.pageSizeDefault, cursor, ...others } = query
  const key = hmac(c.env.KEY_PEPPER, 'page cursors')
  const boundTo = canonicalJson({ list, owner: c.var.principal.userId, others: JSON.parse(JSON.stringify(others)) })
  const answerBy: Paging['answerBy'] = (rows, positionOf, view) => {
    const { shown, next } = pageOf(rows, size, positionOf)
    return { object: 'list', data: shown.map(view), ...(next ? { next_cursor: sealCursor(key, boundTo, next) } : {}) }
  }
  return {
    after: cursor === undefined ? null : openCursor(key, boundTo, cursor),
    limit: size + 1,
    answer: (rows, view) => answerBy(rows, createdAt, view),
    answerBy,
  }
}
