/** The Prefer header (RFC 7240): how long a client wants to wait. A preference that is not known, or not understood, is ignored. */
import type { Context } from 'hono'
import { LIMITS } from '../../../shared/base/limits.ts'

/** Milliseconds to wait, at most what one request may; null: the client does not ask to. */
export const preferredWait = (c: Context): number | null => {
  const preferences = (c.req.header('prefer') ?? '').split(',').map((one) => one.trim().toLowerCase())
  if (preferences.includes('respond-async')) return null
  const seconds = preferences.map((one) => /^wait\s*=\s*"?(\d{1,6})"?(?:\s*;.*)?$/.exec(one)?.[1]).find((text) => text !== undefined)
  return seconds === undefined ? null : Math.min(Number(seconds) * 1000, LIMITS.waitMs)
}

/** What was applied, for the answer. */
export const appliedWait = (ms: number): Record<string, string> => ({ 'Preference-Applied': `wait=${Math.floor(ms / 1000)}` })
