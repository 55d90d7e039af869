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
    expect(filter.spec).toMatchObject({ type: 'object', required: ['where'], additionalProperties: false })
  })

  it('needs a key', async () => {
    expect((await ask('GET', '/operations')).json).toMatchObject({ status: 401, code: 'key_missing' })
  })
})
