/** GET /jobs/{id}/chunks: how far each chunk is, and why it was tried again. */
import { describe, expect, it } from 'vitest'
import { stmt } from '../../shared/db/db.ts'
import { type Client, MISSING, newClient, ports, problemOf, withoutRequest } from '../support/api-client.ts'
import { job } from '../support/api-make.ts'

const CRASH = { code: 'chunk_failed', title: 'A chunk failed too often', detail: 'The work failed.', retryable: true, chunk: 1 }

/** A running job of three chunks: one done, one that was tried three times, one that waits. */
const begun = async (): Promise<{ client: Client; id: string }> => {
  const client = await newClient()
  const id = await job(client, await client.upload('a,b\n1,2\n'), 'running')
  const chunk = (k: number, state: string, fence: number, error: object | null, started: number | null, ended: number | null) =>
    stmt(
      `INSERT INTO chunks (job_id, k, state, range_start, range_end, fence, attempt_count, bytes_in, rows_in, rows_out, rows_rejected, error, started_at, ended_at)
       VALUES (?1, ?2, ?3, ?2 * 100, ?2 * 100 + 100, ?4, ?4, 90, 9, 4, 1, ?5, ?6, ?7)`,
      id, k, state, fence, error && JSON.stringify(error), started, ended,
    ) // biome-ignore format: one line of values
  const tried = (fence: number, outcome: string, error: object | null) =>
    stmt(
      `INSERT INTO chunk_attempts (job_id, k, fence, guessed, outcome, error, bytes_in, started_at, ended_at) VALUES (?1, 1, ?2, ?2 = 1, ?3, ?4, 50, ?2 * 1000, ?2 * 1000 + 500)`,
      id, fence, outcome, error && JSON.stringify(error),
    ) // biome-ignore format: one line of values
  await ports.db.batch([
    chunk(0, 'done', 1, null, 1000, 2000),
    chunk(1, 'running', 3, CRASH, 3000, null),
    chunk(2, 'waiting', 0, null, null, null),
    tried(2, 'released', CRASH),
    tried(1, 'lost', null),
  ])
  return { client, id }
}

describe("a job's chunks", () => {
  it('are told in their order, each with the tries that came to nothing', async () => {
    const { client, id } = await begun()
    const { status, json } = await client.ask('GET', `/jobs/${id}/chunks`)
    expect(status).toBe(200)
    expect(json.next_cursor).toBeUndefined()
    expect(
      json.data.map(({ chunk, state, attempt }: { chunk: number; state: string; attempt: number }) => [chunk, state, attempt]),
    ).toEqual([
      [0, 'done', 1],
      [1, 'running', 3],
      [2, 'waiting', 0],
    ])
    expect(json.data[1]).toEqual({
      object: 'chunk',
      chunk: 1,
      state: 'running',
      range: { start: 100, end: 200 },
      first_line_at: null,
      attempt: 3,
      guesses: 0,
      fence: 3,
      progress: { bytes_in: 90, rows_in: 9, rows_out: 4, rows_rejected: 1 },
      error: CRASH,
      started_at: '1970-01-01T00:00:03.000Z',
      ended_at: null,
      attempts: [
        {
          fence: 1,
          guessed: true,
          outcome: 'lost',
          error: null,
          bytes_in: 50,
          started_at: '1970-01-01T00:00:01.000Z',
          ended_at: '1970-01-01T00:00:01.500Z',
        },
        {
          fence: 2,
          guessed: false,
          outcome: 'released',
          error: CRASH,
          bytes_in: 50,
          started_at: '1970-01-01T00:00:02.000Z',
          ended_at: '1970-01-01T00:00:02.500Z',
        },
      ],
    })
    expect(json.data[0].attempts).toEqual([])
  })

  it('come in pages', async () => {
    const { client, id } = await begun()
    const list = async (query: string) => (await client.ask('GET', `/jobs/${id}/chunks${query}`)).json
    const first = await list('?page_size=2')
    expect(first.data.map(({ chunk }: { chunk: number }) => chunk)).toEqual([0, 1])
    expect(first.data[1].attempts).toHaveLength(2)
    const second = await list(`?page_size=2&cursor=${first.next_cursor}`)
    expect([second.data.map(({ chunk }: { chunk: number }) => chunk), second.next_cursor]).toEqual([[2], undefined])
  })

  it('have cursors that hold for that job alone', async () => {
    const { client, id } = await begun()
    const other = await job(client, await client.upload('a,b\n1,2\n'), 'running')
    const { next_cursor } = (await client.ask('GET', `/jobs/${id}/chunks?page_size=1`)).json
    expect(problemOf(await client.ask('GET', `/jobs/${other}/chunks?page_size=1&cursor=${next_cursor}`))).toBe('400 cursor_invalid')
  })

  it('are none before it is planned', async () => {
    const client = await newClient()
    const id = await job(client, await client.upload('a,b\n1,2\n'), 'queued')
    expect((await client.ask('GET', `/jobs/${id}/chunks`)).json).toEqual({ object: 'list', data: [] })
    expect((await client.ask('GET', `/jobs/${id}`)).json.links.chunks).toBe(`/api/v1/jobs/${id}/chunks`)
  })

  it('are for another user those of a job that there is not', async () => {
    const { id } = await begun()
    const other = await newClient()
    const [theirs, missing] = [await other.ask('GET', `/jobs/${id}/chunks`), await other.ask('GET', `/jobs/job_${MISSING}/chunks`)]
    expect(problemOf(theirs)).toBe('404 job_not_found')
    expect(withoutRequest(theirs)).toEqual(withoutRequest(missing))
  })
})
