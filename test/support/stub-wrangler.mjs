#!/usr/bin/env node
/**
 * A wrangler that deploys to a JSON file (STUB_STATE): the commands of a deployment with the outputs of the real one. Every call is noted. The call that makes
 * the thing numbered STUB_FAIL_AT fails: before it did anything, or after (STUB_FAIL=after), as when an answer is lost.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const file = process.env.STUB_STATE
const empty = { calls: [], made: 0, queues: [], buckets: [], rules: [], databases: [], namespaces: [], migrated: [], workers: {}, users: 0 }
const state = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : empty
const args = process.argv.slice(2)
const option = (name) => args[args.indexOf(name) + 1]
const say = (text) => process.stdout.write(`${text}\n`)
const save = () => writeFileSync(file, JSON.stringify(state))
const fail = (text) => {
  save()
  process.stderr.write(`✘ [ERROR] ${text}\n`)
  process.exit(1)
}

/** Changes the account; `isNew` is false where the real one refuses. */
const making = (isNew, already, change) => {
  if (!isNew) fail(already)
  state.made++
  const isUnlucky = state.made === Number(process.env.STUB_FAIL_AT)
  if (isUnlucky && process.env.STUB_FAIL !== 'after') fail('A request to the Cloudflare API failed. internal error [code: 10001]')
  change()
  if (isUnlucky) fail('fetch failed')
}

const worker = () =>
  state.workers[option('--name')] ??
  fail(`Worker "${option('--name')}" not found.\n\nThis Worker does not exist on your account. [code: 10007]`)

const deploy = () => {
  const toml = readFileSync(option('--config'), 'utf8')
  const name = /^name = "(.*)"/m.exec(toml)[1]
  if (args.includes('--dry-run')) return say('--dry-run: exiting now.')
  const secrets = args.includes('--secrets-file') ? JSON.parse(readFileSync(option('--secrets-file'), 'utf8')) : {}
  const before = state.workers[name]
  if (!before?.secrets.KEY_PEPPER && !secrets.KEY_PEPPER) fail('The following required secrets have not been set: KEY_PEPPER')
  for (const [, queue] of toml.matchAll(/(?:queue|dead_letter_queue) = "(.*)"/g))
    if (!state.queues.includes(queue)) fail(`Queue "${queue}" does not exist.`)
  if (state.databases[0]?.uuid !== /database_id = "(.*)"/.exec(toml)[1] || state.namespaces[0]?.id !== /^id = "(.*)"/m.exec(toml)[1])
    fail('binding DB or CACHE has another id')
  if (state.migrated.length === 0) fail('deployed before the database was migrated')
  making(true, '', () => {
    state.workers[name] = { secrets: { ...before?.secrets, ...secrets }, tag: option('--tag'), deployments: (before?.deployments ?? 0) + 1 }
  })
  say(`Deployed ${name} triggers\n  https://${name}.example.workers.dev`)
}

const rules = () =>
  state.rules.map(
    (rule) =>
      `rule_id:     1\nqueue_name:  ${rule.queue}\nprefix:      ${rule.prefix}\nsuffix:      (all suffixes)\nevent_type:  ${rule.types}`,
  )

const addRule = () => {
  const rule = {
    queue: option('--queue'),
    prefix: option('--prefix'),
    types: args.slice(args.indexOf('--event-types') + 1, args.indexOf('--prefix')).join(','),
  }
  if (!state.buckets.includes(args[4]) || !state.queues.includes(rule.queue)) fail('no such bucket or queue')
  making(!state.rules.some(({ prefix }) => prefix === rule.prefix), 'The event notification rules overlap [code: 11020]', () =>
    state.rules.push(rule),
  )
}

const execute = () => {
  if (args.includes('--command')) return say(JSON.stringify([{ results: [{ users: state.users }], success: true }]))
  const sql = readFileSync(option('--file'), 'utf8')
  making(true, '', () => {
    state.users += (sql.match(/INSERT INTO users/g) ?? []).length
    state.firstKey = sql
  })
}

const COMMANDS = {
  whoami: () => say(JSON.stringify({ loggedIn: process.env.STUB_LOGGED_OUT !== '1' })),
  'queues info': () =>
    state.queues.includes(args[2])
      ? say(`Queue Name: ${args[2]}`)
      : fail(`Queue "${args[2]}" does not exist. To create it, run: wrangler queues create ${args[2]}`),
  'queues create': () =>
    making(!state.queues.includes(args[2]), `Queue name '${args[2]}' is already taken. [code: 11009]`, () => state.queues.push(args[2])),
  'r2 bucket list': () =>
    say(`Listing buckets...\n${state.buckets.map((name) => `name:           ${name}\ncreation_date:  2026-11-20`).join('\n\n')}`),
  'r2 bucket create': () =>
    making(!state.buckets.includes(args[3]), 'The bucket you tried to create already exists, and you own it. [code: 10004]', () =>
      state.buckets.push(args[3]),
    ),
  'r2 bucket notification list': () =>
    state.rules.length > 0 ? say(rules().join('\n\n')) : fail('no rules for this bucket [code: 11015]'),
  'r2 bucket notification create': addRule,
  'd1 list': () => say(JSON.stringify(state.databases)),
  'd1 create': () =>
    making(state.databases.length === 0, 'A database with that name already exists [code: 7502]', () =>
      state.databases.push({ uuid: 'd-1', name: args[2] }),
    ),
  'kv namespace list': () => say(JSON.stringify(state.namespaces)),
  'kv namespace create': () =>
    making(state.namespaces.length === 0, 'a namespace with this title already exists [code: 10014]', () =>
      state.namespaces.push({ id: 'n-1', title: args[3] }),
    ),
  'd1 migrations list': () => say(state.migrated.length > 0 ? '✅ No migrations to apply!' : 'Migrations to be applied:\n0001_users.sql'),
  'd1 migrations apply': () => making(true, '', () => state.migrated.push(readFileSync(option('--config'), 'utf8').includes('d-1'))),
  'd1 execute': execute,
  'secret list': () => say(JSON.stringify(Object.keys(worker().secrets).map((name) => ({ name, type: 'secret_text' })))),
  'deployments status': () => say(JSON.stringify({ versions: [{ version_id: `v-${worker().deployments}`, percentage: 100 }] })),
  'versions view': () => say(JSON.stringify({ id: args[2], annotations: { 'workers/tag': worker().tag } })),
  deploy,
}

const [command, run] = Object.entries(COMMANDS)
  .sort(([a], [b]) => b.length - a.length)
  .find(([name]) => args.slice(0, name.split(' ').length).join(' ') === name) ?? ['', () => fail(`unknown command ${args.join(' ')}`)]
state.calls.push(args.join(' '))
if (process.env.CLOUDFLARE_OFFLINE === '1' && !args.includes('--dry-run')) fail(`${command} needs the network`)
run()
save()
