import { describe, expect, it } from 'vitest'
import { utf8 } from '../../shared/base/bytes.ts'
import { AppError } from '../../shared/base/errors.ts'
import { createdAt, openCursor, pageOf, sealCursor } from '../../shared/base/page.ts'
import { cases } from '../support/cases.ts'

const KEY = utf8('a key of the service')
const PLACE = { at: 1_763_600_000_000, id: 'file_01jd1v7m8e7cqx3s5n2f9k4t6w' }
const CURSOR = sealCursor(KEY, 'files of ada', PLACE)

const codeOf = (work: () => unknown): string => {
  try {
    work()
    return 'none'
  } catch (error) {
    return error instanceof AppError ? error.code : 'another'
  }
}

describe('a cursor', () => {
  it('gives its position back', () => expect(openCursor(KEY, 'files of ada', CURSOR)).toEqual(PLACE))
  it('can stand in an address', () => expect(CURSOR).toMatch(/^[A-Za-z0-9_-]+$/))
})

cases<[Uint8Array, string, string]>(
  'is refused',
  [
    ['for another owner or other arguments', KEY, 'files of bob', CURSOR],
    ['under another key', utf8('another key'), 'files of ada', CURSOR],
    ['with one character changed at its end', KEY, 'files of ada', CURSOR.slice(0, -1) + (CURSOR.endsWith('A') ? 'B' : 'A')],
    ['with one character changed in its seal', KEY, 'files of ada', (CURSOR.startsWith('A') ? 'B' : 'A') + CURSOR.slice(1)],
    ['cut to its seal', KEY, 'files of ada', CURSOR.slice(0, 22)],
    ['that is no base64', KEY, 'files of ada', 'what?'],
    ['that is empty', KEY, 'files of ada', ''],
  ],
  (key, boundTo, cursor) => expect(codeOf(() => openCursor(key, boundTo, cursor))).toBe('cursor_invalid'),
)

describe('a page', () => {
  const rows = [3, 2, 1].map((n) => ({ created_at: n, id: `file_${n}` }))

  it('shows as many as asked for and says where it ended', () =>
    expect(pageOf(rows, 2, createdAt)).toEqual({ shown: rows.slice(0, 2), next: { at: 2, id: 'file_2' } }))
  it('that holds all rows has no next', () => expect(pageOf(rows, 3, createdAt)).toEqual({ shown: rows, next: null }))
  it('of a list in another order goes on where that order says', () => {
    const chunks = [{ k: 4 }, { k: 5 }]
    expect(pageOf(chunks, 1, ({ k }) => ({ at: k, id: '' }))).toEqual({ shown: [{ k: 4 }], next: { at: 4, id: '' } })
  })
  it('of nothing is empty', () => expect(pageOf([], 3, createdAt)).toEqual({ shown: [], next: null }))
})
