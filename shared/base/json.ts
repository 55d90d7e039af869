/** Canonical JSON and digests over it. */
import canonicalize from 'canonicalize'
import { assert } from './assert.ts'
import { sha256 } from './crypto.ts'

/** The one text of a JSON value by RFC 8785: equal values give equal texts. */
export const canonicalJson = (value: unknown): string => {
  const text = canonicalize(value)
  assert(text !== undefined, 'only JSON values have a canonical text')
  return text
}

/** Lower-case hex SHA-256 of the canonical JSON. */
export const jsonSha256 = (value: unknown): string => sha256(canonicalJson(value))
