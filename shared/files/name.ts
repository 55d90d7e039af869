/**
 * A file's name is for people: it is shown, and offered when the file is downloaded. It is never part of a key or a path.
 * What could mislead or break a header is dropped; a name too long is refused, not cut, because a cut nobody asked for is a surprise.
 */
import { utf8 } from '../base/bytes.ts'
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'

/** The name of a file that came without one. */
export const DEFAULT_NAME = 'upload.csv'

/**
 * What no name needs: control characters, halves of a surrogate pair, line and paragraph separators, byte order marks,
 * and the marks that turn the direction of writing, which make `fdp.csv` out of `vsc.pdf` (Unicode TR36).
 */
const UNWANTED = /\p{Cc}|\p{Cs}|[\u2028\u2029\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** The last segment of the path that is not empty, cleaned; empty if nothing is left that can be a name. */
const cleaned = (text: string): string => {
  const segments = text.replace(UNWANTED, '').split(/[/\\]/)
  const segment = segments.map((one) => one.trim()).findLast((one) => one !== '') ?? ''
  return segment === '.' || segment === '..' ? '' : segment
}

const refused = (detail: string) => new AppError('field_invalid', detail, { errors: [{ pointer: '/name', code: 'field_invalid', detail }] })

/** The name as it is kept: `../../people.csv` becomes `people.csv`. Throws `field_invalid` if nothing is left or more than 255 bytes are. */
export const fileName = (text: string): string => {
  const name = cleaned(text)
  if (name === '') throw refused('Nothing of this name can be used. Give a name like people.csv.')
  if (utf8(name).length > LIMITS.nameBytesMax) throw refused(`A name has at most ${LIMITS.nameBytesMax} bytes of UTF-8.`)
  return name
}

/** The longest prefix of at most `bytes` bytes that ends between two characters. */
const cutTo = (text: string, bytes: number): string => {
  let cut = ''
  let used = 0
  for (const character of text) {
    used += utf8(character).length
    if (used > bytes) break
    cut += character
  }
  return cut
}

/** The name of a file that nobody can be asked about: what can be kept of it, at most 255 bytes. */
export const arrivedName = (text: string): string => cutTo(cleaned(text), LIMITS.nameBytesMax) || DEFAULT_NAME

/** The name of what a job makes: the input's name and what was done, `people.csv.cut.csv`, also for `people.csv.gz`; the input's name gives way where that gets too long. */
export const resultName = (input: string, suffix: string): string =>
  cutTo(input.replace(/(?<=.)\.gz$/i, ''), LIMITS.nameBytesMax - utf8(suffix).length) + suffix
