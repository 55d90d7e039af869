/**
 * Preconditions (RFC 9110, section 13). Two kinds of thing have ETags here: what we say about a resource, `"r{rev}"`, and the bytes of a file,
 * whose tag is the storage's. Both are strong.
 */
import type { Context } from 'hono'
import { AppError } from '../../../shared/base/errors.ts'

/** The tag of a revision. */
export const revTag = (rev: number): string => `"r${rev}"`

const TAG = /^(W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/

/** The tags of a list header, `*` or null where the header is absent. Throws `header_invalid`. */
const tagList = (name: string, text: string | undefined): readonly string[] | '*' | null => {
  if (text === undefined) return null
  if (text.trim() === '*') return '*'
  const tags = text.split(',').map((tag) => tag.trim())
  if (!tags.every((tag) => TAG.test(tag)))
    throw new AppError('header_invalid', `${name} holds entity tags in double quotes, like "r7", or *.`)
  return tags
}

const weakly = (tag: string): string => tag.replace(/^W\//, '')

/** What If-Match asks for, as a test on a tag; null if the header is absent. Comparison is strong. */
export const ifMatch = (c: Context): ((tag: string) => boolean) | null => {
  const tags = tagList('If-Match', c.req.header('if-match'))
  return tags && ((tag) => tags === '*' || tags.includes(tag))
}

/** The same for a request that must have it: throws `if_match_required`. */
export const requireIfMatch = (c: Context): ((tag: string) => boolean) => {
  const matches = ifMatch(c)
  if (!matches) throw new AppError('if_match_required', 'Read the resource, and send its ETag as If-Match.')
  return matches
}

/** True if the client has this version already (If-None-Match, weak comparison): answer 304. */
export const isKnown = (c: Context, tag: string): boolean => {
  const tags = tagList('If-None-Match', c.req.header('if-none-match'))
  return tags === '*' || (tags?.some((one) => weakly(one) === weakly(tag)) ?? false)
}

const stale = () => new AppError('rev_stale', 'It has changed since you read it. Read it again and decide anew.')

/** Seconds since 1970 of an HTTP date; null if absent or no date, which then counts as absent. */
const seconds = (text: string | undefined): number | null => {
  const ms = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000)
}

/**
 * The preconditions of a GET in the order of section 13.2.2. Throws `rev_stale` (412); true: answer 304.
 * `modifiedAt` in milliseconds; HTTP dates have whole seconds.
 */
export const isNotModified = (c: Context, tag: string, modifiedAt: number): boolean => {
  const at = Math.floor(modifiedAt / 1000)
  const matches = ifMatch(c)
  if (matches && !matches(tag)) throw stale()
  const unmodifiedSince = seconds(c.req.header('if-unmodified-since'))
  if (!matches && unmodifiedSince !== null && at > unmodifiedSince) throw stale()
  if (c.req.header('if-none-match') !== undefined) return isKnown(c, tag)
  const modifiedSince = seconds(c.req.header('if-modified-since'))
  return modifiedSince !== null && at <= modifiedSince
}

/** True if Range may be honoured: If-Range is absent, or names exactly this version by its strong tag or its date. */
export const rangeHolds = (c: Context, tag: string, modifiedAt: number): boolean => {
  const said = c.req.header('if-range')?.trim()
  if (said === undefined) return true
  return said.includes('"') ? said === tag : seconds(said) === Math.floor(modifiedAt / 1000)
}
