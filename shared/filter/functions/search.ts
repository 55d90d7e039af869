/**
 * Where in a text does a piece stand? Both can be fields of a megabyte, so the time must not grow with the product of their lengths: what begins like the piece is compared byte by byte
 * until that has cost more than reading the text twice; from there on Knuth, Morris and Pratt's way is taken, which never goes back.
 */

/** borders[i]: length of the longest proper prefix of piece[0..i] that is its suffix too. */
const bordersOf = (piece: Uint8Array): Uint32Array => {
  const borders = new Uint32Array(piece.length)
  for (let i = 1, length = 0; i < piece.length; i++) {
    while (length > 0 && piece[i] !== piece[length]) length = borders[length - 1]!
    if (piece[i] === piece[length]) length++
    borders[i] = length
  }
  return borders
}

const findWithoutReturn = (text: Uint8Array, piece: Uint8Array, from: number): number => {
  const borders = bordersOf(piece)
  for (let at = from, length = 0; at < text.length; at++) {
    while (length > 0 && text[at] !== piece[length]) length = borders[length - 1]!
    if (text[at] === piece[length]) length++
    if (length === piece.length) return at + 1 - length
  }
  return -1
}

/** How many bytes of the piece stand at `at`. */
const agreement = (text: Uint8Array, at: number, piece: Uint8Array): number => {
  let length = 0
  while (length < piece.length && text[at + length] === piece[length]) length++
  return length
}

/** The first place from `from` on where `piece` stands, or -1. An empty piece stands everywhere. */
export const findBytes = (text: Uint8Array, piece: Uint8Array, from = 0): number => {
  if (piece.length === 0) return from <= text.length ? from : -1
  const last = text.length - piece.length
  let patience = 2 * text.length
  for (let at = text.indexOf(piece[0]!, from); at >= 0 && at <= last; at = text.indexOf(piece[0]!, at + 1)) {
    const length = agreement(text, at, piece)
    if (length === piece.length) return at
    patience -= length
    if (patience < 0) return findWithoutReturn(text, piece, at + 1)
  }
  return -1
}

export const startsWith = (text: Uint8Array, piece: Uint8Array): boolean => agreement(text, 0, piece) === piece.length

export const endsWith = (text: Uint8Array, piece: Uint8Array): boolean =>
  piece.length <= text.length && agreement(text, text.length - piece.length, piece) === piece.length
