/**
 * Which encoding? UTF-8 is scanned as it is, and so is any 8-bit text whose delimiters are ASCII. What would have to be decoded first is refused for now, with a way out.
 */
import type { Dialect } from '../dialect.ts'
import { isUtf8 } from '../utf8.ts'
import type { SniffProblem } from './problem.ts'

export type FoundEncoding =
  | { readonly ok: true; readonly encoding: Dialect['encoding']; readonly bom: boolean }
  | { readonly ok: false; readonly problem: SniffProblem }

/** Names a user may give, in lower case without blanks, `_` and `-`: to what we scan, or null where it would have to be decoded. */
const KNOWN: Readonly<Record<string, Dialect['encoding'] | null>> = {
  utf8: 'utf-8',
  ascii: 'utf-8',
  usascii: 'utf-8',
  unknown8bit: 'unknown-8bit',
  utf16: null,
  utf16le: null,
  utf16be: null,
  utf32: null,
  latin1: null,
  ...Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`iso8859${i + 1}`, null])),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`windows125${i}`, null])),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`cp125${i}`, null])),
  macintosh: null,
  macroman: null,
  shiftjis: null,
  eucjp: null,
  euckr: null,
  gbk: null,
  gb18030: null,
  big5: null,
  koi8r: null,
}

const SHOWN =
  'utf-8, ascii and unknown-8bit (scanned as they are); utf-16, latin1, iso-8859-1 to 16, windows-1250 to 1258, macintosh, shift_jis, euc-jp, euc-kr, gbk, gb18030, big5 and koi8-r (known, but not read yet)'

const keyOf = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '')

/** What a user's name for an encoding means; problems encoding_unknown and encoding_unsupported. */
const named = (name: string): Dialect['encoding'] | SniffProblem => {
  const key = keyOf(name)
  if (!Object.hasOwn(KNOWN, key))
    return { code: 'encoding_unknown', detail: `There is no encoding ${JSON.stringify(name.slice(0, 40))}. Known are: ${SHOWN}.` }
  return (
    KNOWN[key] ?? { code: 'encoding_unsupported', detail: `Files in ${name} cannot be read yet. Save the file as UTF-8 and try again.` }
  )
}

/** Why a user's name for an encoding cannot be used: encoding_unknown, encoding_unsupported; null if it can. */
export const encodingProblem = (name: string): SniffProblem | null => {
  const meant = named(name)
  return typeof meant === 'object' ? meant : null
}

interface Mark {
  readonly bytes: readonly number[]
  readonly name: string
}

const MARKS: readonly Mark[] = [
  { bytes: [0x1f, 0x8b], name: 'gzip' },
  { bytes: [0, 0, 0xfe, 0xff], name: 'UTF-32' },
  { bytes: [0xff, 0xfe, 0, 0], name: 'UTF-32' },
  { bytes: [0xff, 0xfe], name: 'UTF-16' },
  { bytes: [0xfe, 0xff], name: 'UTF-16' },
]

const BOM = [0xef, 0xbb, 0xbf]

const beginsWith = (sample: Uint8Array, bytes: readonly number[]): boolean => bytes.every((byte, i) => sample[i] === byte)

/** Text in UTF-16 that is mostly ASCII has a NUL in every other place and hardly any in between. Fewer bytes than this prove nothing. */
const UTF16_BYTES_MIN = 8
const UTF16_NUL_SHARE = 0.6
const UTF16_STRAY_SHARE = 0.05

const looksUtf16 = (sample: Uint8Array): boolean => {
  if (sample.length < UTF16_BYTES_MIN) return false
  const nuls = [0, 0]
  for (let i = 0; i < sample.length; i++) if (sample[i] === 0) nuls[i & 1]!++
  const half = sample.length / 2
  const [few, many] = [Math.min(...nuls) / half, Math.max(...nuls) / half]
  return many > UTF16_NUL_SHARE && few < UTF16_STRAY_SHARE
}

const unsupported = (name: string): SniffProblem => ({
  code: 'encoding_unsupported',
  detail:
    name === 'gzip'
      ? 'The file is compressed with gzip, which cannot be read yet. Unpack it and try again.'
      : `The file is in ${name}, which cannot be read yet. Save it as UTF-8 and try again.`,
})

/** The encoding of a sample that begins at the file's first byte. A hint overrides UTF-8 or 8-bit; it cannot make UTF-16 or gzip readable. */
export const encodingOf = (sample: Uint8Array, isWhole: boolean, hint: string | undefined): FoundEncoding => {
  const given = hint === undefined ? undefined : named(hint)
  if (typeof given === 'object') return { ok: false, problem: given }
  const mark = MARKS.find(({ bytes }) => beginsWith(sample, bytes))?.name ?? (looksUtf16(sample) ? 'UTF-16' : undefined)
  if (mark !== undefined) return { ok: false, problem: unsupported(mark) }
  const bom = beginsWith(sample, BOM)
  return { ok: true, bom, encoding: given ?? (isUtf8(sample, isWhole) ? 'utf-8' : 'unknown-8bit') }
}
