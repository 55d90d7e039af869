/**
 * Would a spreadsheet run this cell? OWASP's list: a cell that begins with = + - @ TAB CR (or LF, NUL, and the full-width forms of the four signs), with nothing but blanks,
 * quotes or a byte order mark before it. A plain number is none, or every negative number and every phone number in international form would be spoilt.
 */

const SPACE = 32
const QUOTE = 34
const TRIGGERS = new Uint8Array(256)
for (const character of '=+-@\t\r\n\0') TRIGGERS[character.charCodeAt(0)] = 1

/** UTF-8 of U+FEFF (skipped) and the last two bytes of U+FF1D, U+FF0B, U+FF0D and U+FF20 after EF. */
const WIDE_LEAD = 0xef
const WIDE_TRIGGERS = new Set([0xbc9d, 0xbc8b, 0xbc8d, 0xbca0])
const BYTE_ORDER_MARK = 0xbbbf

/** The two bytes after bytes[at] as one number; -1 beyond the end. */
const pairAfter = (bytes: Uint8Array, at: number, to: number): number => (at + 2 < to ? (bytes[at + 1]! << 8) | bytes[at + 2]! : -1)

/** Where the first byte stands that is neither blank, quote nor byte order mark. */
const firstTelling = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to) {
    if (bytes[at] === SPACE || bytes[at] === QUOTE) at++
    else if (bytes[at] === WIDE_LEAD && pairAfter(bytes, at, to) === BYTE_ORDER_MARK) at += 3
    else return at
  }
  return at
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

const afterDigits = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to && isDigit(bytes[at])) at++
  return at
}

/** `-5`, `+32470123456`, `-.5`, `-1e5`, blanks behind it included. bytes[from] is the sign. */
const isPlainNumber = (bytes: Uint8Array, from: number, to: number): boolean => {
  let end = to
  while (end > from && bytes[end - 1] === SPACE) end--
  let at = afterDigits(bytes, from + 1, end)
  let digits = at - from - 1
  if (bytes[at] === 46 && at < end) {
    const fraction = afterDigits(bytes, at + 1, end)
    digits += fraction - at - 1
    at = fraction
  }
  if (digits === 0) return false
  if (at < end && (bytes[at]! | 32) === 101) {
    const sign = bytes[at + 1] === 43 || bytes[at + 1] === 45 ? 1 : 0
    const exponent = afterDigits(bytes, at + 1 + sign, end)
    if (exponent > at + 1 + sign) at = exponent
  }
  return at === end
}

/** True if the content bytes[from, to) of a cell would be taken for a formula, or could be. */
export const isFormula = (bytes: Uint8Array, from: number, to: number): boolean => {
  const at = firstTelling(bytes, from, to)
  if (at === to) return false
  const first = bytes[at]!
  if (first === WIDE_LEAD) return WIDE_TRIGGERS.has(pairAfter(bytes, at, to))
  if (TRIGGERS[first] === 0) return false
  return (first !== 43 && first !== 45) || !isPlainNumber(bytes, at, to)
}
