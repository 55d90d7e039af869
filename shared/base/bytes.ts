/** Byte strings: joining, comparing, hex and base64. */
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** UTF-8 bytes of a text. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** Text of UTF-8 bytes; what is not UTF-8 shows as U+FFFD. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes)

/** All pieces after each other in one new array. */
export const concatBytes = (pieces: readonly Uint8Array[]): Uint8Array => {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}

/** The bytes in pieces of `size`, the last one shorter: views. */
export function* piecesOf(bytes: Uint8Array, size: number): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** Negative, zero or positive like memcmp; a prefix comes first. */
export const compareBytes = (a: Uint8Array, b: Uint8Array): number => {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return a.length - b.length
}

/** Lower-case hex. */
export const hex = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** Bytes of hex text; the caller has checked that it is hex of even length. */
export const fromHex = (text: string): Uint8Array => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** One character U+0000 to U+00FF a byte: any bytes as a text that keeps them. */
export const binaryText = (bytes: Uint8Array): string => {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return binary
}

/** The bytes of such a text. */
export const fromBinaryText = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))

/** Standard base64 with padding. */
export const base64 = (bytes: Uint8Array): string => btoa(binaryText(bytes))

/** Base64 with the URL alphabet and no padding. */
export const base64url = (bytes: Uint8Array): string => base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** Bytes of base64 or base64url text; null if it is neither. */
export const fromBase64 = (text: string): Uint8Array | null => {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return null
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/').replaceAll('=', '')), (c) => c.charCodeAt(0))
  } catch {
    return null
  }
}
