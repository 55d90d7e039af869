import { describe, expect, it } from 'vitest'
import { OPERATIONS } from '../../shared/operations/index.ts'
import { ask, newClient } from '../support/api-client.ts'

describe('GET /operations', () => {
  it('tells every operation of the table, with the schema of its specification', async () => {
    const client = await newClient()
    const { status, json } = await client.ask('GET', '/operations')
    expect(status).toBe(200)
    expect(json.data.map(({ name }: { name: string }) => name)).toEqual(OPERATIONS.map(({ name }) => name))
    const filter = json.data.find(({ name }: { name: string }) => name === 'filter')
    expect(filter.spec).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: {
        where: { type: 'string' },
        format: { enum: ['csv', 'tsv', 'ndjson', 'arrays'] },
        limit: { type: 'integer', minimum: 0 },
        sample: { properties: { rate: { exclusiveMinimum: 0, maximum: 1 } }, required: ['rate'] },
      },
    })
  })

  it('needs a key', async () => {
    expect((await ask('GET', '/operations')).json).toMatchObject({ status: 401, code: 'key_missing' })
  })
})
