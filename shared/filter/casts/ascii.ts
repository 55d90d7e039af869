/** The few bytes that casts look for. */

/** Space, tab, LF, VT, FF, CR: what may stand around a number or date. No other space may. */
export const isSpace = (byte: number | undefined): boolean => byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d)

export const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** Where the first byte that is no space lies, from `at` on. */
export const skipSpaces = (bytes: Uint8Array, at: number): number => {
  let end = at
  while (isSpace(bytes[end])) end++
  return end
}

/** True if the bytes from `at` on begin with `word` (lower-case ASCII), in any case. */
export const startsWithWord = (bytes: Uint8Array, at: number, word: string): boolean => {
  if (bytes.length - at < word.length) return false
  for (let i = 0; i < word.length; i++) {
    const byte = bytes[at + i]!
    const lower = byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte
    if (lower !== word.charCodeAt(i)) return false
  }
  return true
}

/** One char per byte; for bytes that are ASCII, or that only need to be refused. */
export const asciiOf = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
