/** GET /health and /health/deep, and a service that is not set up. */
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { portsOf } from '../../shared/bindings.ts'
import { makeApp } from '../../workers/api/app.ts'
import type { ApiEnv } from '../../workers/api/env.ts'
import { ask, newClient, ORIGIN, problemOf } from '../support/api-client.ts'

it('the service says that it is there, and which, to everybody', async () => {
  const answer = await ask('GET', '/health')
  expect(answer.status).toBe(200)
  expect(answer.json).toEqual({ status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
})

it('what it stands on is asked for those with a key', async () => {
  const me = await newClient(['files:read'])
  const answer = await me.ask('GET', '/health/deep')
  expect(answer.status).toBe(200)
  const well = { ok: true, ms: expect.any(Number) }
  expect(answer.json).toMatchObject({ status: 'ok', checks: { database: well, bucket: well, kv: well, queues: well } })
  expect(problemOf(await ask('GET', '/health/deep'))).toBe('401 key_missing')
})

const broken = () => {
  throw new Error('secret-host-name')
}

it.each<[string, Partial<ApiEnv>]>([
  ['bucket', { BUCKET: { head: broken } as unknown as R2Bucket }],
  ['kv', { CACHE: { get: broken } as unknown as KVNamespace }],
  ['queues', { JOBS: { metrics: broken } as unknown as Queue }],
])('a %s that does not answer makes it 503, names it, and tells nothing else', async (name, part) => {
  const me = await newClient()
  const headers = { Authorization: `Bearer ${me.key}` }
  const response = await makeApp(portsOf).request(`${ORIGIN}/api/v1/health/deep`, { headers }, { ...env, ...part })
  const text = await response.text()
  expect(response.status).toBe(503)
  const failing = Object.entries(JSON.parse(text).checks).filter(([, check]) => !(check as { ok: boolean }).ok)
  expect(failing.map(([check]) => check)).toEqual([name])
  expect(text).not.toContain('secret-host-name')
})

it.each([
  ['a short pepper', 'x'.repeat(31)],
  ['no pepper', undefined],
])('with %s nothing but /health answers', async (_, pepper) => {
  const me = await newClient()
  const app = makeApp(portsOf)
  const get = async (path: string) => {
    const response = await app.request(`${ORIGIN}/api/v1${path}`, { headers: { Authorization: `Bearer ${me.key}` } }, {
      ...env,
      KEY_PEPPER: pepper,
    } as ApiEnv)
    return { status: response.status, json: (await response.json()) as { status?: string; code?: string } }
  }
  expect(await get('/health')).toMatchObject({ status: 200, json: { status: 'incomplete' } })
  for (const path of ['/files', '/health/deep', '/openapi.json', '/nothing'])
    expect(await get(path), path).toMatchObject({ status: 500, json: { code: 'internal' } })
})
