import { describe, expect, it } from 'vitest'
import { makeApiKey, newKey, parseApiKey, secretHmac } from '../../shared/auth/api-key.ts'
import { systemClock as clock } from '../../shared/base/clock.ts'
import { makeIds } from '../../shared/base/ids.ts'
import { systemRandom } from '../../shared/base/random.ts'
import { cases } from '../support/cases.ts'

/** Made once and written down: a key that was given out must be read by every later version. */
const KNOWN = 'lc_live_00000000_00000000000000000000000000000000000000000003zPzB4'

describe('a key', () => {
  it('has the shape that scanners look for', () => {
    for (let i = 0; i < 200; i++) expect(makeApiKey(systemRandom).text).toMatch(/^lc_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/)
  })

  it('is read back into its parts', () => {
    for (let i = 0; i < 200; i++) {
      const { text, publicPart, secret } = makeApiKey(systemRandom)
      expect(parseApiKey(text)).toEqual({ publicPart, secret })
    }
  })

  it('of all zero bytes is always the same text', () => {
    expect(makeApiKey({ bytes: (count) => new Uint8Array(count) }).text).toBe(KNOWN)
    expect(parseApiKey(KNOWN)).toEqual({ publicPart: '0'.repeat(8), secret: '0'.repeat(43) })
  })

  it('uses every character of base62 about equally often', () => {
    const seen = new Map<string, number>()
    for (let i = 0; i < 500; i++) for (const char of makeApiKey(systemRandom).secret) seen.set(char, (seen.get(char) ?? 0) + 1)
    const expected = (500 * 43) / 62
    expect(seen.size).toBe(62)
    for (const count of seen.values()) expect(Math.abs(count - expected)).toBeLessThan(expected / 2)
  })

  it('is stored as a value that depends on the pepper', () => {
    expect(secretHmac('one pepper', 'secret')).toMatch(/^[0-9a-f]{64}$/)
    expect(secretHmac('one pepper', 'secret')).not.toBe(secretHmac('another pepper', 'secret'))
  })
})

it('opens a user everything of their own, and the service only where that is said', () => {
  const ids = makeIds(clock, systemRandom)
  const made = (scopes?: readonly ['admin']) => newKey({ clock, ids, random: systemRandom }, 'pepper', ids.make('user'), 'x', scopes)
  expect(made().row.params).toContain('files:read files:write jobs:run')
  expect(made(['admin']).row.params).toContain('admin')
})

cases<[string]>(
  'is no key',
  [
    ['nothing', ''],
    ['with a typo in the secret', KNOWN.replace('_0000000000', '_0000000001')],
    ['with a typo in the public part', KNOWN.replace('live_0', 'live_1')],
    ['with a typo in the checksum', `${KNOWN.slice(0, -1)}5`],
    ['with one character less', KNOWN.slice(0, -1)],
    ['with one character more', `${KNOWN}0`],
    ['of another kind', KNOWN.replace('live', 'test')],
    ['with a line end behind it', `${KNOWN}\n`],
  ],
  (text) => expect(parseApiKey(text)).toBeNull(),
)
