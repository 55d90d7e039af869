/**
 * Where are the characters of a text? Functions count code points and not bytes, yet no text becomes a string for that: a code point is a byte and the continuation bytes (10xxxxxx) behind it.
 * In bytes that are no UTF-8 this is what a code point is, too: every byte belongs to one.
 */
const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

/** Just past the code point that begins at `at`. */
export const pointEnd = (text: Uint8Array, at: number): number => {
  let end = at + 1
  while (isContinuation(text[end])) end++
  return end
}

/** Where the code point begins that ends at `end`. */
export const pointStart = (text: Uint8Array, end: number): number => {
  let at = end - 1
  while (at > 0 && isContinuation(text[at])) at--
  return at
}

export const countPoints = (text: Uint8Array): number => {
  let count = text.length === 0 ? 0 : 1
  for (let at = 1; at < text.length; at++) if (!isContinuation(text[at])) count++
  return count
}

/** The byte at which code point `index` begins, from 0; the text's length if there are not so many. */
export const pointAt = (text: Uint8Array, index: number): number => {
  let at = 0
  for (let left = index; left > 0 && at < text.length; left--) at = pointEnd(text, at)
  return at
}
