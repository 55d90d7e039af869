/**
 * Which encoding does a name mean? Names are those of the WHATWG Encoding Standard, because the platform's TextDecoder knows its encodings: all single-byte ones, UTF-16, and the
 * East Asian ones. As there, latin1 and iso-8859-1 mean windows-1252, which differs only in control characters that no text has.
 */
import type { Dialect } from '../dialect.ts'

/** What a name means: bytes that are scanned as they are, or an encoding to decode from. */
export type NamedEncoding = { readonly scan: Dialect['encoding'] } | { readonly decode: string }

/** Names without blanks, `_` and `-` that are no labels of the standard when written so, or mean something else here. */
const ALIASES: Readonly<Record<string, string>> = {
  macroman: 'macintosh',
  eucjp: 'euc-jp',
  euckr: 'euc-kr',
  shiftjis: 'shift_jis',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
  iso2022jp: 'iso-2022-jp',
  utf16: 'utf-16le',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
  ...Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`iso8859${i + 1}`, `iso-8859-${i + 1}`])),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`windows125${i}`, `windows-125${i}`])),
  ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`cp125${i}`, `windows-125${i}`])),
}

/** ASCII is UTF-8; bytes whose encoding nobody knows are cut as they are. */
const SCANNED: Readonly<Record<string, Dialect['encoding']>> = {
  utf8: 'utf-8',
  ascii: 'utf-8',
  usascii: 'utf-8',
  unknown8bit: 'unknown-8bit',
}

/** What an error shows of all this. */
export const ENCODINGS_SHOWN =
  'utf-8, ascii and unknown-8bit (scanned as they are); utf-16le, utf-16be, latin1, iso-8859-1 to 16, windows-1250 to 1258, macintosh, shift_jis, euc-jp, euc-kr, gbk, gb18030, big5, koi8-r and the others of the WHATWG Encoding Standard'

const own = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

/** The standard's name for a label; null: there is no such encoding. */
const standardName = (label: string): string | null => {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return null
  }
}

/** What a user's name for an encoding means, however it is spelled; null: nothing. */
export const namedEncoding = (name: string): NamedEncoding | null => {
  const key = name.toLowerCase().replace(/[\s_-]/g, '')
  const scan = own(SCANNED, key)
  if (scan !== undefined) return { scan }
  const decode = standardName(own(ALIASES, key) ?? name.trim())
  if (decode === null) return null
  return decode === 'utf-8' ? { scan: 'utf-8' } : { decode }
}
