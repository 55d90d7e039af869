/**
 * How does the owner of a new deployment get in? With a first user and two keys, made while the pepper is still at hand: one for files and jobs, and one for
 * looking after the service, so that whoever gathers the metrics holds a key that opens no list. The keys are written to files before their rows are inserted,
 * and the statements beside them, so that a repetition inserts the same rows and no key is lost on the way.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { insertUser } from '../../../shared/auth/api-key.sql.ts'
import { newKey } from '../../../shared/auth/api-key.ts'
import { systemClock as clock } from '../../../shared/base/clock.ts'
import { makeIds } from '../../../shared/base/ids.ts'
import { systemRandom as random } from '../../../shared/base/random.ts'
import type { Stmt, Value } from '../../../shared/db/db.ts'
import { jsonIn, order } from './account.ts'
import { configPath, DATABASE, deployFolder } from './config.ts'
import { keptPepper } from './pepper.ts'

export const keyFile = (): string => path.join(deployFolder(), 'key')
export const adminKeyFile = (): string => path.join(deployFolder(), 'admin-key')
const sqlFile = (): string => path.join(deployFolder(), 'first-key.sql')

const literal = (value: Value): string =>
  value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`

/** A statement with its values in its text: `d1 execute` binds none. Ours are ids, names and digests that we made. */
export const inlined = ({ sql, params }: Stmt): string =>
  sql.replace(/\?(\d+)/g, (_, number) => literal(params[Number(number) - 1] ?? null))

const writeKeys = (pepper: string): void => {
  const now = clock.now()
  const ids = makeIds(clock, random)
  const owner = ids.make('user')
  const ports = { clock, ids, random }
  const key = newKey(ports, pepper, owner, 'first key')
  const adminKey = newKey(ports, pepper, owner, 'admin key', ['admin'])
  writeFileSync(sqlFile(), `${[insertUser(owner, 'owner', now), key.row, adminKey.row].map(inlined).join(';\n')};\n`, { mode: 0o600 })
  writeFileSync(adminKeyFile(), adminKey.text, { mode: 0o600 })
  writeFileSync(keyFile(), key.text, { mode: 0o600 })
}

const isRemembered = (): boolean => existsSync(keyFile()) && existsSync(sqlFile()) && readFileSync(keyFile(), 'utf8') !== ''

const execute = (...what: string[]) =>
  order('d1', 'execute', DATABASE, '--remote', '--config', configPath('api'), '--json', '--yes', ...what)

/** Has anybody got in before? */
export const hasUsers = async (): Promise<boolean> => {
  const [answer] = jsonIn<{ results: { users: number }[] }[]>(await execute('--command', 'SELECT count(*) AS users FROM users'))
  return (answer?.results[0]?.users ?? 0) > 0
}

/** Makes the first user and the two keys; false where the pepper is not known any more. */
export const makeFirstKey = async (): Promise<boolean> => {
  const pepper = keptPepper()
  if (!pepper) return false
  if (!isRemembered()) writeKeys(pepper)
  await execute('--file', sqlFile())
  return true
}
