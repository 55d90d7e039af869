/**
 * Is this UTF-8? A plain loop that makes no string. Sequences follow RFC 3629 (Unicode table 3-7):
 * no overlong forms, no surrogates, nothing above U+10FFFF.
 */

/** What a lead byte asks for: how many bytes follow, and the bounds of the first of them; the rest lie in 80..BF. */
interface Lead {
  readonly from: number
  readonly to: number
  readonly follow: number
  readonly low: number
  readonly high: number
}

const LEADS: readonly Lead[] = [
  { from: 0xc2, to: 0xdf, follow: 1, low: 0x80, high: 0xbf },
  { from: 0xe0, to: 0xe0, follow: 2, low: 0xa0, high: 0xbf },
  { from: 0xe1, to: 0xec, follow: 2, low: 0x80, high: 0xbf },
  { from: 0xed, to: 0xed, follow: 2, low: 0x80, high: 0x9f },
  { from: 0xee, to: 0xef, follow: 2, low: 0x80, high: 0xbf },
  { from: 0xf0, to: 0xf0, follow: 3, low: 0x90, high: 0xbf },
  { from: 0xf1, to: 0xf3, follow: 3, low: 0x80, high: 0xbf },
  { from: 0xf4, to: 0xf4, follow: 3, low: 0x80, high: 0x8f },
]

const LEAD_OF: readonly (Lead | undefined)[] = Array.from({ length: 256 }, (_, byte) =>
  LEADS.find(({ from, to }) => from <= byte && byte <= to),
)

/** Where the first byte stands that begins no UTF-8 sequence within bytes[from, to); -1 if all is well. A sequence cut off by `to` is not well. */
export const invalidUtf8At = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to) {
    if (bytes[at]! < 0x80) {
      at++
      continue
    }
    const lead = LEAD_OF[bytes[at]!]
    if (lead === undefined || !followsWell(bytes, at, to, lead)) return at
    at += lead.follow + 1
  }
  return -1
}

const followsWell = (bytes: Uint8Array, at: number, to: number, { follow, low, high }: Lead): boolean => {
  if (at + follow >= to || bytes[at + 1]! < low || bytes[at + 1]! > high) return false
  for (let i = 2; i <= follow; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return false
  return true
}

/** The longest sequence is this many bytes: the end of a cut sample may hold one less. */
const SEQUENCE_BYTES_MAX = 4

/** True if the bytes are UTF-8; `isWhole` false: a sequence that the end cuts off is forgiven. */
export const isUtf8 = (bytes: Uint8Array, isWhole: boolean): boolean => {
  const bad = invalidUtf8At(bytes, 0, bytes.length)
  if (bad < 0) return true
  return !isWhole && bytes.length - bad < SEQUENCE_BYTES_MAX && isCutOff(bytes, bad)
}

const isCutOff = (bytes: Uint8Array, at: number): boolean => {
  const lead = LEAD_OF[bytes[at]!]
  if (lead === undefined || at + lead.follow < bytes.length) return false
  for (let i = at + 1; i < bytes.length; i++) {
    const [low, high] = i === at + 1 ? [lead.low, lead.high] : [0x80, 0xbf]
    if (bytes[i]! < low || bytes[i]! > high) return false
  }
  return true
}
