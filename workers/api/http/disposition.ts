/** Content-Disposition, both directions: file names in requests (RFC 6266, and as browsers and curl write them in forms) and in answers (RFC 8187). */
import { textOf, utf8 } from '../../../shared/base/bytes.ts'

export interface Disposition {
  /** `attachment`, `form-data`, …; lower case. */
  readonly kind: string
  readonly name: string | null
  /** `filename*` where it can be read, else `filename`. */
  readonly filename: string | null
}

const PARAMETER = /;\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\[\s\S])*)"|([^;\s]*))/g

/** `UTF-8''%e2%82%ac.csv` as text; null if it cannot be read. */
const extended = (value: string): string | null => {
  const [, pct] = /^utf-8'[^']*'(.*)$/i.exec(value) ?? []
  if (pct === undefined || /%(?![0-9a-f]{2})/i.test(pct)) return null
  const bytes = pct.replace(/%([0-9a-f]{2})/gi, (_, pair: string) => String.fromCharCode(Number.parseInt(pair, 16)))
  return textOf(Uint8Array.from(bytes, (char) => char.charCodeAt(0) & 0xff))
}

/** Header texts reach us as Latin-1 where the client wrote UTF-8: read them again if that gives text. */
const asUtf8 = (text: string): string => {
  const codes = Array.from(text, (char) => char.codePointAt(0)!)
  if (codes.some((code) => code > 0xff)) return text
  const read = textOf(Uint8Array.from(codes))
  return read.includes('\ufffd') ? text : read
}

/** A header's parts. What cannot be read is left out; this never throws. */
export const parseDisposition = (header: string): Disposition => {
  const found = new Map<string, string>()
  for (const [, name, quoted, token] of header.matchAll(PARAMETER)) {
    const value = quoted === undefined ? token! : quoted.replace(/\\(["\\])/g, '$1')
    if (!found.has(name!.toLowerCase())) found.set(name!.toLowerCase(), value)
  }
  const star = found.get('filename*')
  const plain = found.get('filename')
  return {
    kind: header.split(';', 1)[0]!.trim().toLowerCase(),
    name: found.get('name') ?? null,
    filename: (star === undefined ? null : extended(star)) ?? (plain === undefined ? null : asUtf8(plain)),
  }
}

/** Characters that RFC 8187 lets stand in an extended value. */
const ATTR_CHAR = /[A-Za-z0-9!#$&+.^_`|~-]/

const percent = (text: string): string =>
  Array.from(utf8(text), (byte) => {
    const char = String.fromCharCode(byte)
    return ATTR_CHAR.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')

/** The header that offers a file under its name: an ASCII stand-in for old clients, the true name as `filename*`. */
export const attachment = (name: string): string =>
  `attachment; filename="${name.replace(/[^\x20-\x7e]|["\\%/]/gu, '_')}"; filename*=UTF-8''${percent(name)}`
