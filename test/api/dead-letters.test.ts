/** GET /admin/dead-letters and POST /admin/dead-letters/{id}/replay */
import { describe, expect, it } from 'vitest'
import type { DeadLetterId } from '../../shared/base/ids.ts'
import { stmt } from '../../shared/db/db.ts'
import { insertDeadLetter } from '../../shared/events/dead-letter.sql.ts'
import { replayDeadLetter } from '../../shared/events/dead-letter.ts'
import { relayOutbox } from '../../shared/events/outbox.ts'
import type { QueueName } from '../../shared/messages/message.ts'
import { deadLetterSchema } from '../../workers/api/schemas/dead-letter.ts'
import { ask, type Json, MISSING, newClient, ports, problemOf } from '../support/api-client.ts'
import { ids } from '../support/api-make.ts'

const plan = () => ({ v: 1, kind: 'plan', job: ids.make('job') })

/** A letter as the consumer of a dead letter queue keeps it. */
const died = async (queue: string, body: unknown, at = Date.now()): Promise<DeadLetterId> => {
  const id = ids.make('dead')
  await ports.db.run(insertDeadLetter(id, queue, crypto.randomUUID(), JSON.stringify(body), at))
  return id
}

const admin = await newClient(['admin'])
const replay = (id: string) => admin.ask('POST', `/admin/dead-letters/${id}/replay`)
const outboxOf = (job: string) => ports.db.all(stmt(`SELECT queue, body FROM outbox WHERE body LIKE '%' || ?1 || '%'`, job))

/** Ports whose queues note what they take, or take nothing. */
const noting = (isUp: () => boolean = () => true) => {
  const sent: [QueueName, unknown][] = []
  const send = async (queue: QueueName, body: unknown): Promise<void> => {
    if (!isUp()) throw new Error('the queue is away')
    sent.push([queue, body])
  }
  return { sent, ports: { ...ports, queues: { send } } }
}

describe('the list', () => {
  it('shows letters with what arrived, newest first, page by page', async () => {
    const from = Date.now() + 10_000
    const made = [
      await died('jobs', { v: 9 }, from),
      await died('chunks', 'not even an object', from + 1),
      await died('jobs', plan(), from + 2),
    ]
    const first = (await admin.ask('GET', '/admin/dead-letters?page_size=2')).json
    const second = (await admin.ask('GET', `/admin/dead-letters?page_size=2&cursor=${first.next_cursor}`)).json
    const shown: Json[] = [...first.data, ...second.data].map((one) => deadLetterSchema.parse(one)).slice(0, 3)
    expect(shown.map(({ id }) => id)).toEqual(made.toReversed())
    expect(shown[1]).toMatchObject({ queue: 'chunks', body: 'not even an object', replayed_at: null, replay_count: 0 })
  })

  it('can be of one queue, and of what was sent again or was not', async () => {
    const [chunk, job] = [await died('chunks', { v: 1, job: ids.make('job'), k: 0 }), await died('jobs', plan())]
    await replay(job)
    const listed = async (query: string): Promise<string[]> =>
      (await admin.ask('GET', `/admin/dead-letters?page_size=200&${query}`)).json.data.map((one: Json) => one.id)
    expect([(await listed('queue=chunks')).includes(chunk), (await listed('queue=chunks')).includes(job)]).toEqual([true, false])
    expect([(await listed('replayed=true')).includes(chunk), (await listed('replayed=true')).includes(job)]).toEqual([false, true])
    expect([(await listed('replayed=false')).includes(chunk), (await listed('replayed=false')).includes(job)]).toEqual([true, false])
    expect(problemOf(await admin.ask('GET', '/admin/dead-letters?queue=nothing'))).toBe('400 query_invalid')
  })
})

describe('a replay', () => {
  it('is accepted, counted, and leaves nothing in the outbox', async () => {
    const message = plan()
    const id = await died('jobs', message)
    const answer = await replay(id)
    expect(answer.status).toBe(202)
    expect(deadLetterSchema.parse(answer.json)).toMatchObject({
      id,
      body: message,
      replay_count: 1,
      replayed_at: expect.stringMatching(/^20/),
    })
    expect((await replay(id)).json.replay_count).toBe(2)
    expect(await outboxOf(message.job)).toEqual([])
  })

  it.each<[QueueName, object]>([
    ['jobs', plan()],
    ['chunks', { v: 1, job: ids.make('job'), k: 3 }],
    [
      'file-events',
      {
        account: 'a',
        bucket: 'b',
        action: 'PutObject',
        object: { key: 'files/x', size: 1, eTag: 'e' },
        eventTime: '2026-11-20T09:30:00.000Z',
      },
    ],
  ])('sends the very message to the queue %s', async (queue, message) => {
    const world = noting()
    await replayDeadLetter(world.ports, await died(queue, message))
    expect(world.sent).toEqual([[queue, message]])
  })

  it('whose sending fails is not lost: the relay sends it', async () => {
    let isUp = false
    const world = noting(() => isUp)
    const message = plan()
    const letter = await replayDeadLetter(world.ports, await died('jobs', message))
    expect([letter.replay_count, world.sent, await outboxOf(message.job)]).toEqual([
      1,
      [],
      [{ queue: 'jobs', body: JSON.stringify(message) }],
    ])
    isUp = true
    await relayOutbox(world.ports, Date.now() + 60_000)
    expect(world.sent).toContainEqual(['jobs', message])
    expect(await outboxOf(message.job)).toEqual([])
  })

  it.each<[string, string, unknown]>([
    ['of newer code', 'jobs', { v: 2, kind: 'plan', job: 'job_x' }],
    ['that is no object', 'chunks', 'x'],
    ['of a queue that there is not', 'letters', { v: 1 }],
  ])('of a message %s is refused, and not counted', async (_, queue, body) => {
    const id = await died(queue, body)
    expect(problemOf(await replay(id))).toBe('422 message_invalid')
    expect(await ports.db.first(stmt(`SELECT replay_count FROM dead_letters WHERE id = ?1`, id))).toEqual({ replay_count: 0 })
  })

  it('of nothing is not found', async () => {
    expect(problemOf(await replay(`dead_${MISSING}`))).toBe('404 dead_letter_not_found')
    expect(problemOf(await replay(`job_${MISSING}`))).toBe('400 id_kind')
  })
})

it('for whoever does not look after the service there is nothing here', async () => {
  const me = await newClient()
  const id = await died('jobs', plan())
  expect(problemOf(await me.ask('GET', '/admin/dead-letters'))).toBe('404 route_not_found')
  expect(problemOf(await me.ask('POST', `/admin/dead-letters/${id}/replay`))).toBe('404 route_not_found')
  expect(problemOf(await ask('GET', '/admin/dead-letters'))).toBe('401 key_missing')
  expect(await ports.db.first(stmt(`SELECT replay_count FROM dead_letters WHERE id = ?1`, id))).toEqual({ replay_count: 0 })
})
