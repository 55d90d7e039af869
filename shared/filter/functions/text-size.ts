/** How long may a text be that a function makes? A clause of 4 KiB could ask for more bytes than there are; before they are made, the job fails and says which function asked for them. */
import { AppError } from '../../base/errors.ts'
import { LIMITS } from '../../base/limits.ts'

/** `bytes`, if a text may have so many; throws text_too_long. */
export const allowedBytes = (bytes: number, name: string): number => {
  if (bytes > LIMITS.clauseTextBytesMax)
    throw new AppError('text_too_long', `${name} would make a text of more than ${LIMITS.clauseTextBytesMax} bytes.`)
  return bytes
}

/** All pieces after each other; `name` is who asks, as the user wrote it. */
export const joinTexts = (pieces: readonly Uint8Array[], name: string): Uint8Array => {
  const joined = new Uint8Array(
    allowedBytes(
      pieces.reduce((sum, piece) => sum + piece.length, 0),
      name,
    ),
  )
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.length
  }
  return joined
}
