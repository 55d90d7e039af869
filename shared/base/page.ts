/**
 * Pages of a list, newest first, by the key of the last row shown. The cursor that names it is sealed: it holds for one owner and one set of
 * arguments and cannot be made up. It gives no access by itself, for every query it goes into names its owner anyway.
 */
import { base64url, concatBytes, fromBase64, textOf, utf8 } from './bytes.ts'
import { equalBytes, hmac } from './crypto.ts'
import { AppError } from './errors.ts'

/** A place in a list sorted by (created_at, id), both descending. Rows after it are smaller. */
export interface Position {
  readonly at: number
  readonly id: string
}

/** Before every row. */
export const LIST_START: Position = { at: Number.MAX_SAFE_INTEGER, id: '~' }

/** Half of a SHA-256: nobody guesses 128 bits, and cursors stay short. */
const MAC_BYTES = 16

const macOf = (key: Uint8Array, boundTo: string, place: Uint8Array): Uint8Array =>
  hmac(key, concatBytes([utf8(boundTo), Uint8Array.of(0), place])).subarray(0, MAC_BYTES)

/** The cursor of a position. `boundTo`: the owner and the arguments of the list, in one canonical text. */
export const sealCursor = (key: Uint8Array, boundTo: string, { at, id }: Position): string => {
  const place = utf8(`${at}:${id}`)
  return base64url(concatBytes([macOf(key, boundTo, place), place]))
}

/** The position of a cursor; throws `cursor_invalid` for one that was made for another owner, list or arguments. */
export const openCursor = (key: Uint8Array, boundTo: string, cursor: string): Position => {
  const bytes = fromBase64(cursor) ?? new Uint8Array(0)
  const place = bytes.subarray(MAC_BYTES)
  if (place.length === 0 || !equalBytes(macOf(key, boundTo, place), bytes.subarray(0, MAC_BYTES))) {
    throw new AppError('cursor_invalid', 'Use the cursor as it came, with the same arguments, or start again without one.')
  }
  const [at, id] = textOf(place).split(':')
  return { at: Number(at), id: id ?? '' }
}

/** Where a row of a list that is sorted by its creation stands. */
export const createdAt = ({ created_at, id }: { readonly created_at: number; readonly id: string }): Position => ({ at: created_at, id })

/** One page of `rows`, which holds one row more than `size` if there is another page. */
export const pageOf = <Row>(rows: readonly Row[], size: number, positionOf: (row: Row) => Position) => {
  const shown = rows.slice(0, size)
  const last = shown.at(-1)
  return { shown, next: rows.length > size && last ? positionOf(last) : null }
}
