/**
 * What does a deployment consist of? One row per thing that must be there, in the order in which they need each other: how to see whether it is there, and how to make it.
 * Every step looks before it makes, so a deployment can be repeated from anywhere, and a second one changes nothing.
 */
import { CommandError } from '../command.ts'
import { ask, jsonIn, lookUp, make, order } from './account.ts'
import * as config from './config.ts'
import { adminKeyFile, hasUsers, keyFile, makeFirstKey } from './first-key.ts'
import { forgetPepper, keptPepper, makePepper, PEPPER, pepperFile } from './pepper.ts'

export interface Step {
  /** What must be there. */
  readonly what: string
  /** How it is made, in words, for the plan. */
  readonly how: string
  readonly isThere: () => Promise<boolean>
  readonly make: () => Promise<void>
}

const NO_WORKER = /not found|does not exist|10007/i
const NO_QUEUE = /does not exist/i

interface Named {
  readonly uuid?: string
  readonly id?: string
  readonly name?: string
  readonly title?: string
}

const databaseId = async (): Promise<string | null> =>
  jsonIn<Named[]>(await order('d1', 'list', '--json')).find(({ name }) => name === config.DATABASE)?.uuid ?? null

const namespaceId = async (): Promise<string | null> =>
  jsonIn<Named[]>(await order('kv', 'namespace', 'list')).find(({ title }) => title === config.NAMESPACE)?.id ?? null

const login: Step = {
  what: 'an account to deploy to',
  how: 'wrangler login, or CLOUDFLARE_API_TOKEN (and CLOUDFLARE_ACCOUNT_ID where there are several)',
  isThere: async () => {
    const answer = await ask('whoami', '--json')
    return answer.ok && jsonIn<{ loggedIn?: boolean }>(answer).loggedIn !== false
  },
  make: async () => {
    throw new CommandError(
      'You are not logged in to Cloudflare: run npx wrangler login, or set CLOUDFLARE_API_TOKEN. Then run npm run deploy again.',
    )
  },
}

const queue = (name: string): Step => ({
  what: `queue ${name}`,
  how: `wrangler queues create ${name}`,
  isThere: async () => (await lookUp(NO_QUEUE, 'queues', 'info', name)) !== null,
  make: () => make('queues', 'create', name),
})

const bucket: Step = {
  what: `bucket ${config.BUCKET}`,
  how: `wrangler r2 bucket create ${config.BUCKET}`,
  isThere: async () => new RegExp(`^name:\\s+${config.BUCKET}\\s*$`, 'm').test((await order('r2', 'bucket', 'list')).stdout),
  make: () => make('r2', 'bucket', 'create', config.BUCKET),
}

const hasRule = (listing: string, prefix: string): boolean =>
  listing.split(/\n\s*\n/).some((rule) => rule.includes(config.EVENTS_QUEUE) && new RegExp(`^prefix:\\s+${prefix}\\s*$`, 'm').test(rule))

/** A bucket without rules may answer with a failure: then making the rule shows whether something is really wrong. */
const notification = (prefix: string): Step => ({
  what: `notification rule ${prefix} -> ${config.EVENTS_QUEUE}`,
  how: `wrangler r2 bucket notification create ${config.BUCKET} --event-types object-create object-delete --prefix ${prefix} --queue ${config.EVENTS_QUEUE}`,
  isThere: async () => {
    const { ok, stdout } = await ask('r2', 'bucket', 'notification', 'list', config.BUCKET)
    return ok && hasRule(stdout, prefix)
  },
  make: () => {
    const rule = ['--event-types', 'object-create', 'object-delete', '--prefix', prefix, '--queue', config.EVENTS_QUEUE]
    return make('r2', 'bucket', 'notification', 'create', config.BUCKET, ...rule)
  },
})

const database: Step = {
  what: `database ${config.DATABASE}`,
  how: `wrangler d1 create ${config.DATABASE}`,
  isThere: async () => (await databaseId()) !== null,
  make: () => make('d1', 'create', config.DATABASE),
}

const namespace: Step = {
  what: `KV namespace ${config.NAMESPACE}`,
  how: `wrangler kv namespace create ${config.NAMESPACE}`,
  isThere: async () => (await namespaceId()) !== null,
  make: () => make('kv', 'namespace', 'create', config.NAMESPACE),
}

/** Written each time: it only repeats what the account says. */
const configs: Step = {
  what: 'configurations with the ids of this account (dist/deploy)',
  how: 'write dist/deploy/wrangler.api.toml and dist/deploy/wrangler.processor.toml',
  isThere: async () => {
    const [databaseFound, namespaceFound] = [await databaseId(), await namespaceId()]
    if (!databaseFound || !namespaceFound)
      throw new CommandError('The account does not show the database or the namespace yet. Run npm run deploy again.')
    config.writeConfigs({ database: databaseFound, namespace: namespaceFound })
    return true
  },
  make: async () => {},
}

const migrations: Step = {
  what: 'database schema',
  how: `wrangler d1 migrations apply ${config.DATABASE} --remote`,
  isThere: async () => {
    const listed = await order('d1', 'migrations', 'list', config.DATABASE, '--remote', '--config', config.configPath('api'))
    return /no migrations to apply/i.test(listed.text)
  },
  make: async () => void (await order('d1', 'migrations', 'apply', config.DATABASE, '--remote', '--config', config.configPath('api'))),
}

const hasPepper = async (worker: config.Worker): Promise<boolean> => {
  const answer = await lookUp(NO_WORKER, 'secret', 'list', '--name', config.workerName(worker), '--format', 'json')
  return answer !== null && jsonIn<Named[]>(answer).some(({ name }) => name === PEPPER)
}

const refuseHalf = (has: readonly boolean[]): void => {
  if (!has.includes(true)) return
  const [first, second] = has[0] ? config.WORKERS : [...config.WORKERS].reverse()
  throw new CommandError(
    `${config.workerName(first as config.Worker)} has the secret ${PEPPER}, ${config.workerName(second as config.Worker)} has not, and nobody can read it back.\n` +
      `Both need the same: set it with npx wrangler secret put ${PEPPER} --name … for each (a new value ends all API keys), then run npm run deploy again.`,
  )
}

const pepper: Step = {
  what: `secret ${PEPPER}`,
  how: 'generate 32 random bytes, the same for both workers, never shown',
  isThere: async () => {
    if (keptPepper()) return true
    const has = [await hasPepper(config.WORKERS[0]), await hasPepper(config.WORKERS[1])]
    if (has.every(Boolean)) return true
    refuseHalf(has)
    return false
  },
  make: async () => makePepper(),
}

interface Version {
  readonly annotations?: Readonly<Record<string, string>>
}

/** The tag of what is live now; null if there is nothing, or several versions share the traffic. */
const liveTag = async (worker: config.Worker): Promise<string | null> => {
  const name = ['--name', config.workerName(worker), '--json']
  const status = await lookUp(NO_WORKER, 'deployments', 'status', ...name)
  const versions = status ? jsonIn<{ versions?: { version_id: string }[] }>(status).versions : []
  if (versions?.length !== 1 || !versions[0]) return null
  const version = jsonIn<Version>(await order('versions', 'view', versions[0].version_id, ...name))
  return version.annotations?.['workers/tag'] ?? null
}

const deployment = (worker: config.Worker): Step => ({
  what: `worker ${config.workerName(worker)} with this version`,
  how: `wrangler deploy --config dist/deploy/wrangler.${worker}.toml`,
  isThere: async () => (await hasPepper(worker)) && (await liveTag(worker)) === config.deployTag(worker),
  make: async () => {
    const secrets = keptPepper() && !(await hasPepper(worker)) ? ['--secrets-file', pepperFile()] : []
    const { stdout } = await order('deploy', '--config', config.configPath(worker), '--tag', config.deployTag(worker), ...secrets)
    for (const url of stdout.match(/https:\/\/\S+\.workers\.dev\S*/g) ?? []) process.stderr.write(`      ${url}\n`)
  },
})

const firstKey: Step = {
  what: 'a first user with API keys',
  how: 'insert them into the database; the key is written to dist/deploy/key, one for metrics and dead letters to dist/deploy/admin-key',
  isThere: hasUsers,
  make: async () => {
    if (await makeFirstKey()) process.stderr.write(`      the keys are in ${keyFile()} and ${adminKeyFile()} (only you can read them)\n`)
    else
      throw new CommandError(
        `The database has no user, and ${PEPPER} is not known here any more. Delete the secret from both workers, then run npm run deploy again.`,
      )
  },
}

/** Last, when nothing is left that would need it. */
const forgotten: Step = {
  what: 'no copy of the secret on this machine',
  how: 'remove dist/deploy/secrets.json',
  isThere: async () => keptPepper() === null,
  make: async () => forgetPepper(),
}

/** All steps in their order. */
export const STEPS = (): readonly Step[] => [
  login,
  ...config.queueNames().map(queue),
  bucket,
  notification('files/'),
  notification('inbox/'),
  database,
  namespace,
  configs,
  migrations,
  pepper,
  ...config.WORKERS.map(deployment),
  firstKey,
  forgotten,
]
