/**
 * The secret that both workers share. It is made here, given to wrangler in a file only we can read, and forgotten when both workers have it:
 * nobody can read it back, so until then the file is what lets an interrupted deployment go on.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { deployFolder } from './config.ts'

export const PEPPER = 'KEY_PEPPER'

export const pepperFile = (): string => path.join(deployFolder(), 'secrets.json')

/** The pepper of a deployment under way; null if there is none. */
export const keptPepper = (): string | null => {
  if (!existsSync(pepperFile())) return null
  return (JSON.parse(readFileSync(pepperFile(), 'utf8')) as Record<string, string>)[PEPPER] ?? null
}

export const makePepper = (): void => {
  mkdirSync(deployFolder(), { recursive: true })
  writeFileSync(pepperFile(), JSON.stringify({ [PEPPER]: randomBytes(32).toString('base64url') }), { mode: 0o600 })
}

export const forgetPepper = (): void => rmSync(pepperFile(), { force: true })
