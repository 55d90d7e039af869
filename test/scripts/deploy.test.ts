import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseApiKey, secretHmac } from '../../shared/auth/api-key.ts'

const root = path.join(import.meta.dirname, '../..')

interface Account {
  readonly calls: readonly string[]
  readonly made: number
  readonly workers: Readonly<Record<string, { secrets: Record<string, string>; deployments: number }>>
  readonly [thing: string]: unknown
}

/** An empty account behind a stub `wrangler`, and a folder to deploy from. */
const newAccount = () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'deploy-'))
  const [bin, state, dist] = [path.join(folder, 'bin'), path.join(folder, 'state.json'), path.join(folder, 'deploy')]
  mkdirSync(bin)
  copyFileSync(path.join(root, 'test/support/stub-wrangler.mjs'), path.join(bin, 'wrangler'))
  chmodSync(path.join(bin, 'wrangler'), 0o755)
  const look = (): Account => JSON.parse(readFileSync(state, 'utf8')) as Account
  const deploy = (env: Record<string, string> = {}, ...args: string[]): Promise<{ code: number; text: string }> =>
    new Promise((done) => {
      const child = spawn(process.execPath, ['--no-warnings', path.join(root, 'scripts/deploy.ts'), ...args], {
        env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, STUB_STATE: state, LIST_CUTTER_DEPLOY: dist, ...env },
      })
      const said: string[] = []
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(String(data)))
      child.once('close', (code) => done({ code: code ?? -1, text: said.join('') }))
    })
  return { deploy, look, dist }
}

/** What is there, without how often it was looked at and with secrets that differ by nature left out. */
const things = ({ calls, made, firstKey, workers, ...rest }: Account) => ({
  ...rest,
  workers: Object.entries(workers).map(([name, { deployments }]) => [name, deployments]),
})

const CHANGING = / create | apply |^deploy | --file /

const ALL = {
  queues: [
    'list-cutter-file-events-dead',
    'list-cutter-jobs-dead',
    'list-cutter-chunks-dead',
    'list-cutter-file-events',
    'list-cutter-jobs',
    'list-cutter-chunks',
  ],
  buckets: ['list-cutter'],
  rules: [
    { queue: 'list-cutter-file-events', prefix: 'files/', types: 'object-create,object-delete' },
    { queue: 'list-cutter-file-events', prefix: 'inbox/', types: 'object-create,object-delete' },
  ],
  databases: [{ uuid: 'd-1', name: 'list-cutter' }],
  namespaces: [{ id: 'n-1', title: 'list-cutter-cache' }],
  migrated: [true],
  workers: [
    ['list-cutter-processor', 1],
    ['list-cutter-api', 1],
  ],
  users: 1,
}
/** Six queues, a bucket, two rules, a database, a namespace, the schema, two workers, the first user. */
const MADE = 15

describe('npm run deploy', () => {
  it('makes everything in an empty account, and a second time changes nothing', async () => {
    const { deploy, look, dist } = newAccount()
    const first = await deploy()
    expect(first).toMatchObject({ code: 0 })
    expect(things(look())).toEqual(ALL)
    expect(first.text).toContain('https://list-cutter-api.example.workers.dev')

    const { api, processor } = { api: look().workers['list-cutter-api'], processor: look().workers['list-cutter-processor'] }
    const pepper = api?.secrets.KEY_PEPPER ?? ''
    expect(pepper.length).toBeGreaterThanOrEqual(32)
    expect(processor?.secrets.KEY_PEPPER).toBe(pepper)
    expect(first.text).not.toContain(pepper)
    expect(existsSync(path.join(dist, 'secrets.json'))).toBe(false)
    const key = readFileSync(path.join(dist, 'key'), 'utf8')
    expect(first.text).not.toContain(key)
    const adminKey = readFileSync(path.join(dist, 'admin-key'), 'utf8')
    expect(first.text).not.toContain(adminKey)
    const inserted = (text: string, scopes: string) => `'${secretHmac(pepper, parseApiKey(text)?.secret ?? '')}', '${scopes}'`
    expect(look().firstKey).toContain(inserted(key, 'files:read files:write jobs:run'))
    expect(look().firstKey).toContain(inserted(adminKey, 'admin'))

    const callsBefore = look().calls.length
    const second = await deploy()
    expect(second).toMatchObject({ code: 0 })
    expect(second.text).not.toContain('made ')
    expect(things(look())).toEqual(ALL)
    const calls = look().calls.slice(callsBefore)
    expect(calls.filter((call) => CHANGING.test(call))).toEqual([])
  })

  it('after an answer was lost at every single step goes on from there and ends with the same, nothing twice', {
    timeout: 120_000,
  }, async () => {
    const { deploy, look } = newAccount()
    let expectedMade = 0
    for (let at = 1; at <= MADE; at++) {
      const failed = await deploy({ STUB_FAIL_AT: String(at), STUB_FAIL: 'after' })
      expect(failed.code, failed.text).toBe(1)
      expect(failed.text).toContain('Run npm run deploy again')
      expect(look().made).toBe(++expectedMade)
    }
    expect(await deploy()).toMatchObject({ code: 0 })
    expect(things(look())).toEqual(ALL)
    const { KEY_PEPPER } = look().workers['list-cutter-api']?.secrets ?? {}
    expect(look().workers['list-cutter-processor']?.secrets).toEqual({ KEY_PEPPER })
  })

  it('after a step that did nothing tries that step again', async () => {
    const { deploy, look } = newAccount()
    for (const at of [1, 8, 14]) expect(await deploy({ STUB_FAIL_AT: String(at), STUB_FAIL: 'before' })).toMatchObject({ code: 1 })
    expect(await deploy()).toMatchObject({ code: 0 })
    expect(things(look())).toEqual(ALL)
  })

  it('with --dry-run shows the plan in order, builds both workers, and asks the account nothing', async () => {
    const { deploy, look, dist } = newAccount()
    const { code, text } = await deploy({ CLOUDFLARE_OFFLINE: '1' }, '--dry-run')
    expect(code, text).toBe(0)
    const places = [
      'file-events-dead',
      'bucket list-cutter',
      'rule files/',
      'database list-cutter',
      'KV namespace',
      'schema',
      'secret',
      'worker list-cutter-processor',
      'worker list-cutter-api',
      'first user',
    ].map((what) => text.indexOf(what))
    expect(places).not.toContain(-1)
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(look().made).toBe(0)
    expect(look().calls.every((call) => call.startsWith('deploy --dry-run'))).toBe(true)
    expect(existsSync(dist)).toBe(false)
  })

  it('without a login says how to log in, and asks for nothing else', async () => {
    const { deploy, look } = newAccount()
    const { code, text } = await deploy({ STUB_LOGGED_OUT: '1' })
    expect(code).toBe(1)
    expect(text).toContain('wrangler login')
    expect(look().calls).toEqual(['whoami --json'])
  })
})
