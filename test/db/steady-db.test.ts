/** What D1 says, what it means, and what is asked again. */
import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/base/errors.ts'
import { d1, stmt } from '../../shared/db/db.ts'
import { steadyDb } from '../../shared/db/steady-db.ts'
import { cases } from '../support/cases.ts'
import { noted } from '../support/patience.ts'

/** A D1 binding that fails so often with this message before it answers. */
const troubled = (message: string, times: number) => {
  let asked = 0
  const answer = async () => {
    if (asked++ < times) throw new Error(message)
    return { results: [{ n: 1 }], meta: { changes: 1 } }
  }
  const bound = { first: answer, all: answer, run: answer }
  const binding = { prepare: () => ({ bind: () => bound }), batch: async () => [await answer()] } as unknown as D1Database
  return { db: steadyDb(d1(binding), noted().patience), asked: () => asked }
}

const SHED = 'D1_ERROR: D1 DB is overloaded. Requests queued for too long.'
const LOST = 'D1_ERROR: Network connection lost.'
const READ = stmt(`SELECT n FROM t WHERE state = 'deleted' AND updated_at > 1`)
const WALK = stmt(`WITH RECURSIVE met (n) AS (SELECT 1) SELECT n FROM met`)
const CLAIM = stmt(`UPDATE t SET n = 1 RETURNING n`)
const FILL = stmt(`WITH RECURSIVE met (n) AS (SELECT 1) INSERT INTO t SELECT n FROM met`)

describe('a failure of the database', () => {
  cases<[string, true | undefined]>(
    'is told as',
    [
      ['overloaded, with nothing done, where the queue was too long', SHED, true],
      ['overloaded, with nothing done, where the queue was full', 'D1 DB is overloaded. Too many requests queued.', true],
      ['overloaded, with who knows what done, where the connection broke', LOST, undefined],
      ['overloaded, with who knows what done, where code was updated', 'D1 DB reset because its code was updated.', undefined],
      [
        'overloaded, with who knows what done, where its object was reset',
        'D1 DB storage operation exceeded timeout which caused object to be reset.',
        undefined,
      ],
      [
        'overloaded, with who knows what done, where a node was lost',
        'Cannot resolve D1 DB due to transient issue on remote node.',
        undefined,
      ],
    ],
    async (message, isUndone) => {
      const failure = await troubled(message, 9)
        .db.run(CLAIM)
        .catch((cause: unknown) => cause)
      expect(failure).toMatchObject({ code: 'overloaded', facts: { retryAfterS: 2 } })
      expect((failure as AppError).facts.isUndone).toBe(isUndone)
    },
  )

  it.each(['D1_ERROR: UNIQUE constraint failed: t.overloaded', 'D1_ERROR: no such table: t'])(
    'that is ours stays what it is: %s',
    async (message) => {
      const { db, asked } = troubled(message, 9)
      await expect(db.all(READ)).rejects.not.toBeInstanceOf(AppError)
      expect(asked()).toBe(1)
    },
  )
})

cases<[string, readonly ReturnType<typeof stmt>[], number]>(
  'asked of a database that fails,',
  [
    ['a refused reading is asked again', SHED, [READ], 3],
    ['a reading whose answer was lost is asked again', LOST, [READ], 3],
    ['a walk is a reading', LOST, [WALK], 3],
    ['a refused write is asked again', SHED, [CLAIM], 3],
    ['a write whose answer was lost is not', LOST, [CLAIM], 1],
    ['a write that begins like a walk is not', LOST, [FILL], 1],
    ['a batch of readings is asked again', LOST, [READ, WALK], 3],
    ['a batch with one write is not', LOST, [READ, CLAIM], 1],
    ['a refused batch is', SHED, [READ, CLAIM, FILL], 3],
  ],
  async (message, statements, times) => {
    const one = troubled(message, 9)
    const [only] = statements
    const work = statements.length > 1 ? one.db.batch(statements) : one.db.first(only!)
    await expect(work).rejects.toMatchObject({ code: 'overloaded' })
    expect(one.asked()).toBe(times)
  },
)

it('what succeeds at the last try is answered', async () => {
  expect(await troubled(SHED, 2).db.run(CLAIM)).toBe(1)
  expect(await troubled(LOST, 2).db.all(READ)).toEqual([{ n: 1 }])
  expect(await troubled(SHED, 2).db.batch([CLAIM])).toEqual([{ rows: [{ n: 1 }], changes: 1 }])
})
