/**
 * Which encoding? UTF-8 is scanned as it is, and so is any 8-bit text whose delimiters are ASCII. UTF-16, and what the user names, is decoded first. A byte order mark
 * says what is there, whatever the user says.
 */
import { ENCODINGS_SHOWN, type NamedEncoding, namedEncoding } from '../decode/encodings.ts'
import type { Dialect } from '../dialect.ts'
import { isUtf8 } from '../utf8.ts'
import type { SniffProblem } from './problem.ts'

/** How the sample is to be read. `decode`: an encoding to decode it from first, else it is scanned as it is. */
export type FoundEncoding =
  | { readonly ok: true; readonly decode: string | null; readonly encoding: Dialect['encoding']; readonly bom: boolean }
  | { readonly ok: false; readonly problem: SniffProblem }

/** Why a user's name for an encoding cannot be used: encoding_unknown; null if it can. */
export const encodingProblem = (name: string): SniffProblem | null =>
  namedEncoding(name) === null
    ? {
        code: 'encoding_unknown',
        detail: `There is no encoding ${JSON.stringify(name.slice(0, 40))}. Known are: ${ENCODINGS_SHOWN}.`,
      }
    : null

interface Mark {
  readonly bytes: readonly number[]
  /** Null: we cannot read it. */
  readonly means: NamedEncoding | null
}

/** Longer ones first. */
const MARKS: readonly Mark[] = [
  { bytes: [0, 0, 0xfe, 0xff], means: null },
  { bytes: [0xff, 0xfe, 0, 0], means: null },
  { bytes: [0xef, 0xbb, 0xbf], means: { scan: 'utf-8' } },
  { bytes: [0xff, 0xfe], means: { decode: 'utf-16le' } },
  { bytes: [0xfe, 0xff], means: { decode: 'utf-16be' } },
]

const UTF32: SniffProblem = {
  code: 'encoding_unsupported',
  detail: 'The file is in UTF-32, which is not read. Save it as UTF-8 and try again.',
}

const beginsWith = (sample: Uint8Array, bytes: readonly number[]): boolean => bytes.every((byte, i) => sample[i] === byte)

/** Text in UTF-16 that is mostly ASCII has a NUL in every other place and hardly any in between. Fewer bytes than this prove nothing. */
const UTF16_BYTES_MIN = 8
const UTF16_NUL_SHARE = 0.6
const UTF16_STRAY_SHARE = 0.05

/** UTF-16 without a mark; the low byte of ASCII is the one that is no NUL. */
const unmarkedUtf16 = (sample: Uint8Array): NamedEncoding | null => {
  if (sample.length < UTF16_BYTES_MIN) return null
  let [even, odd] = [0, 0]
  for (let i = 0; i < sample.length; i += 2) {
    if (sample[i] === 0) even++
    if (sample[i + 1] === 0) odd++
  }
  const half = sample.length / 2
  if (Math.max(even, odd) / half <= UTF16_NUL_SHARE || Math.min(even, odd) / half >= UTF16_STRAY_SHARE) return null
  return { decode: odd > even ? 'utf-16le' : 'utf-16be' }
}

/** The encoding of a sample that begins at the first byte. `hint`: a name that encodingProblem knows. */
export const encodingOf = (sample: Uint8Array, isWhole: boolean, hint: string | undefined): FoundEncoding => {
  const mark = MARKS.find(({ bytes }) => beginsWith(sample, bytes))
  if (mark?.means === null) return { ok: false, problem: UTF32 }
  const means = mark?.means ?? (hint === undefined ? unmarkedUtf16(sample) : namedEncoding(hint))
  if (means && 'decode' in means) return { ok: true, decode: means.decode, encoding: 'utf-8', bom: false }
  const bom = mark !== undefined
  return { ok: true, decode: null, bom, encoding: means?.scan ?? (isUtf8(sample, isWhole) ? 'utf-8' : 'unknown-8bit') }
}
