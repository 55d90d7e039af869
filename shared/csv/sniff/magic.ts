/**
 * Is it plainly something else? Other kinds of file by their first bytes, JSON by how it begins, and anything that is mostly control bytes.
 * The trade-off: a signature must be one that no table would begin with, because refusing someone's CSV is worse than reading a strange one.
 */
import { invalidUtf8At } from '../utf8.ts'
import type { SniffProblem } from './problem.ts'

interface Signature {
  /** Hex of the bytes, `..` for any. */
  readonly bytes: string
  readonly at?: number
  readonly name: string
}

const SIGNATURES: readonly Signature[] = [
  { bytes: '89504e470d0a1a0a', name: 'a PNG image' },
  { bytes: 'ffd8ff', name: 'a JPEG image' },
  { bytes: '474946383761', name: 'a GIF image' },
  { bytes: '474946383961', name: 'a GIF image' },
  { bytes: '49492a00', name: 'a TIFF image' },
  { bytes: '4d4d002a', name: 'a TIFF image' },
  { bytes: '52494646........57454250', name: 'a WebP image' },
  { bytes: '255044462d', name: 'a PDF document' },
  { bytes: 'd0cf11e0a1b11ae1', name: 'an old Office document (.xls, .doc): save the sheet as CSV' },
  { bytes: '7b5c727466', name: 'an RTF document' },
  { bytes: '50415231', name: 'a Parquet file' },
  { bytes: '4f626a01', name: 'an Avro file' },
  { bytes: '4152524f5731', name: 'an Arrow file' },
  { bytes: '53514c69746520666f726d6174203300', name: 'an SQLite database' },
  { bytes: '7f454c46', name: 'a program (ELF)' },
  { bytes: 'cafebabe', name: 'a program' },
  { bytes: 'cffaedfe', name: 'a program (Mach-O)' },
  { bytes: '0061736d', name: 'a WebAssembly module' },
  { bytes: '28b52ffd', name: 'compressed with Zstandard: unpack it first' },
  { bytes: '425a68..314159265359', name: 'compressed with bzip2: unpack it first' },
  { bytes: 'fd377a585a00', name: 'compressed with xz: unpack it first' },
  { bytes: '377abcaf271c', name: 'a 7z archive: unpack it first' },
  { bytes: '526172211a07', name: 'a RAR archive: unpack it first' },
  { bytes: '7573746172', at: 257, name: 'a tar archive: unpack it first' },
  { bytes: '504b0506', name: 'an empty ZIP archive' },
  { bytes: '4f67675300', name: 'an Ogg file' },
]

const matches = (sample: Uint8Array, { bytes, at = 0 }: Signature): boolean => {
  const length = bytes.length / 2
  if (sample.length < at + length) return false
  for (let i = 0; i < length; i++) {
    const pair = bytes.slice(2 * i, 2 * i + 2)
    if (pair !== '..' && Number.parseInt(pair, 16) !== sample[at + i]) return false
  }
  return true
}

const isZip = (sample: Uint8Array): boolean => sample[0] === 0x50 && sample[1] === 0x4b && sample[2] === 3 && sample[3] === 4

/** Names of entries stand in a ZIP as plain bytes: those of a workbook tell it from other archives. */
const zipName = (sample: Uint8Array): string => {
  const names = latin1(sample)
  if (names.includes('xl/') || names.includes('[Content_Types].xml'))
    return 'an Excel workbook or Office document (.xlsx, .docx): save the sheet as CSV'
  if (names.includes('opendocument')) return 'an OpenDocument file: save the sheet as CSV'
  return 'a ZIP archive: unpack it first'
}

const TEXTS: readonly { readonly pattern: RegExp; readonly name: string }[] = [
  { pattern: /^\s*(<!doctype html|<html[\s>])/i, name: 'a web page (HTML)' },
  { pattern: /^\s*<\?xml[\s?]/i, name: 'an XML document' },
  { pattern: /^\s*\{\s*"(?:[^"\\]|\\.){0,1000}"\s*:/, name: 'JSON' },
  { pattern: /^\s*\[\s*\{\s*("(?:[^"\\]|\\.){0,1000}"\s*:|\})/, name: 'JSON' },
  { pattern: /^\s*\[\s*\[\s*("(?:[^"\\]|\\.){0,1000}"|-?\d+(\.\d+)?([eE][+-]?\d+)?|true|false|null)?\s*[,\]]/, name: 'JSON' },
]

/** How much of the beginning is compared with TEXTS. */
const TEXT_BYTES = 4096

const isJsonWhole = (sample: Uint8Array): boolean => {
  const text = new TextDecoder().decode(sample).trim()
  if (!/^[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const latin1 = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** What the sample plainly is instead of a CSV; null if it may be one. */
const kindOf = (sample: Uint8Array, isWhole: boolean): string | null => {
  if (isZip(sample)) return zipName(sample)
  const beginning = latin1(sample.subarray(0, TEXT_BYTES)).replace(/^\xef\xbb\xbf/, '')
  const name =
    SIGNATURES.find((signature) => matches(sample, signature))?.name ?? TEXTS.find(({ pattern }) => pattern.test(beginning))?.name
  return name ?? (isWhole && isJsonWhole(sample) ? 'JSON' : null)
}

const problemOf = (kind: string): SniffProblem => ({
  code: 'not_csv',
  detail: `This looks like ${kind}. A CSV is plain text with one record per line.`,
})

/** The problem `not_csv`, naming what the file is by how it begins; null if it may be a CSV. */
export const otherKind = (sample: Uint8Array, isWhole: boolean): SniffProblem | null => {
  const kind = kindOf(sample, isWhole)
  return kind === null ? null : problemOf(kind)
}

/** Control bytes that text does not use: not TAB, LF, VT, FF, CR, ESC, nor the four ASCII separators. */
const isControl = (byte: number): boolean => byte < 9 || (byte > 13 && byte < 27) || byte === 127

/** A few control bytes are dirt; this many, and this share (a smaller one where the bytes are not UTF-8 either), are another kind of file. */
const CONTROLS_MIN = 8
const CONTROL_SHARE = 0.3
const CONTROL_SHARE_NOT_UTF8 = 0.03

/** The problem `not_csv` for what is mostly control bytes, `delimiter` (what the user says it is) not counted. UTF-16 is told before. */
export const plainlyBinary = (sample: Uint8Array, delimiter: string | undefined): SniffProblem | null => {
  const allowed = delimiter?.charCodeAt(0)
  let controls = 0
  for (const byte of sample) if (isControl(byte) && byte !== allowed) controls++
  if (controls < CONTROLS_MIN) return null
  const share = controls / sample.length
  const isBinary = share > CONTROL_SHARE || (share > CONTROL_SHARE_NOT_UTF8 && invalidUtf8At(sample, 0, sample.length) >= 0)
  return isBinary ? problemOf('binary data') : null
}
