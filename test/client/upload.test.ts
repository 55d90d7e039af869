import { afterEach, describe, expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import { makeApi } from '../../shared/client/api.ts'
import { uploadFile } from '../../shared/client/upload.ts'
import { watchJob } from '../../shared/client/watch.ts'
import { type Answer, json, type Seen, stubApi } from '../support/stub-api.ts'

let stub: Awaited<ReturnType<typeof stubApi>>
const client = async (answer: Answer) => {
  stub = await stubApi(answer)
  return makeApi({ url: stub.url, key: 'k' })
}
afterEach(() => stub.close())

const calls = (): string[] => stub.seen.map(({ method, path }) => `${method} ${path.split('?')[0]}`)
const options = { name: 'people.csv', idempotencyKey: 'once' }

/** A list too large for one request, whose every byte says where it stands. */
const PART = 31_000_000
const large = new Blob(Array.from({ length: 4 }, (_, i) => new Uint8Array(i < 3 ? PART : 5).fill(i + 1)))

const uploads =
  (onPart: Answer): Answer =>
  (seen, response, nth) => {
    if (seen.path === '/api/v1/uploads') json(response, 201, { id: 'up_1', file: 'file_1', part_bytes: PART })
    else if (seen.method === 'PUT') onPart(seen, response, nth)
    else if (seen.path.startsWith('/api/v1/files/')) json(response, 200, { id: 'file_1' })
    else json(response, 200, {})
  }

const partNumber = ({ path }: Seen): number => Number(path.split('/').at(-1))

describe('a list that fits one request', () => {
  it('goes in one, with its name and what is known about it', async () => {
    const api = await client((_, response) => json(response, 201, { id: 'file_1' }))
    const file = await uploadFile(api, new Blob(['a\n1\n']), {
      ...options,
      tags: ['x', 'y'],
      analyse: false,
      hints: { delimiter: ';', quote: null, header: true },
    })
    expect(file.id).toBe('file_1')
    expect(stub.seen[0]).toMatchObject({ method: 'POST', headers: { 'content-length': '4', 'content-type': 'text/csv' } })
    const query = Object.fromEntries(new URL(stub.seen[0]?.path ?? '', stub.url).searchParams)
    expect(query).toEqual({ name: 'people.csv', tags: 'x,y', analyse: 'false', delimiter: ';', quote: 'none', header: 'true' })
  })
})

describe('a larger list', () => {
  it('goes in parts of the size that the service wants, some at once, and is completed', async () => {
    let now = 0
    let most = 0
    const api = await client(
      uploads((_, response) => {
        most = Math.max(most, ++now)
        setTimeout(() => {
          now--
          json(response, 200, {})
        }, 300)
      }),
    )
    const progress: number[] = []
    expect(large.size).toBeGreaterThan(LIMITS.clientWholeBytesMax)
    expect(await uploadFile(api, large, { ...options, onProgress: (sent) => progress.push(sent) })).toEqual({ id: 'file_1' })
    const parts = stub.seen.filter(({ method }) => method === 'PUT').sort((a, b) => partNumber(a) - partNumber(b))
    expect(parts.map((part) => [partNumber(part), part.body.length, part.body[0], part.body.at(-1)])).toEqual([
      [1, PART, 1, 1],
      [2, PART, 2, 2],
      [3, PART, 3, 3],
      [4, 5, 4, 4],
    ])
    expect(most).toBeLessThanOrEqual(LIMITS.clientParallelParts)
    expect(most).toBeGreaterThan(1)
    expect(progress[0]).toBe(0)
    expect(progress.at(-1)).toBe(large.size)
    expect(calls().slice(-2)).toEqual(['POST /api/v1/uploads/up_1/complete', 'GET /api/v1/files/file_1'])
    expect(JSON.parse(Buffer.from(stub.seen[0]?.body ?? []).toString())).toEqual({ name: 'people.csv', bytes: large.size })
    expect(stub.seen[0]?.headers['idempotency-key']).toBe('once')
  })

  it('sends a part again whose connection broke', async () => {
    let isBroken = false
    const api = await client(
      uploads((seen, response) => {
        if (partNumber(seen) !== 2 || isBroken) return json(response, 200, {})
        isBroken = true
        response.destroy()
      }),
    )
    await uploadFile(api, large, options)
    expect(calls().filter((call) => call.endsWith('/parts/2'))).toHaveLength(2)
  })

  it('is given up whole when a part is refused', async () => {
    const api = await client(
      uploads((seen, response) =>
        partNumber(seen) === 2 ? json(response, 422, { code: 'part_size', detail: 'No.' }) : json(response, 200, {}),
      ),
    )
    await expect(uploadFile(api, large, options)).rejects.toMatchObject({ code: 'part_size' })
    // A part that was on its way is noted when its last byte has come, which may be later.
    expect(
      calls()
        .filter((call) => !call.startsWith('PUT'))
        .at(-1),
    ).toBe('DELETE /api/v1/uploads/up_1')
    expect(calls()).not.toContain('POST /api/v1/uploads/up_1/complete')
  })
})

describe('a job', () => {
  it('is followed to its end, every state told', async () => {
    const states = ['queued', 'running', 'finalizing', 'succeeded']
    const api = await client((_, response, nth) => json(response, 200, { id: 'job_1', state: states[nth - 1] }))
    const told: string[] = []
    expect(await watchJob(api, 'job_1', ({ state }) => told.push(state))).toMatchObject({ state: 'succeeded' })
    expect(told).toEqual(states)
    expect(stub.seen[0]?.headers.prefer).toBe(`wait=${LIMITS.clientWaitS}`)
  })
})
