/** Digest fields (RFC 9530): what a client says about its body, and what we say about a file. Only sha-256; other algorithms are ignored, as the RFC wants. */
import { base64, fromBase64, fromHex, hex } from '../../../shared/base/bytes.ts'
import { AppError } from '../../../shared/base/errors.ts'

const ENTRY = /^([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):$/

/** The sha-256 of a digest field as lower-case hex; null if absent or of other algorithms only. Throws `header_invalid`. */
const sha256Of = (name: string, text: string | undefined): string | null => {
  let found: string | null = null
  for (const piece of text?.split(',') ?? []) {
    const entry = ENTRY.exec(piece.trim())
    if (!entry) throw new AppError('header_invalid', `${name} looks like sha-256=:<base64>:`)
    const bytes = fromBase64(entry[2]!)
    if (entry[1] !== 'sha-256') continue
    if (bytes?.length !== 32) throw new AppError('header_invalid', `The sha-256 in ${name} does not have 32 bytes.`)
    found = hex(bytes)
  }
  return found
}

/** The digest that a request declares of its body, by Content-Digest or Repr-Digest. Throws `header_invalid`, also when the two differ. */
export const declaredSha256 = (header: (name: string) => string | undefined): string | null => {
  const content = sha256Of('Content-Digest', header('content-digest'))
  const repr = sha256Of('Repr-Digest', header('repr-digest'))
  if (content !== null && repr !== null && content !== repr) {
    throw new AppError('header_invalid', 'Content-Digest and Repr-Digest differ, and this body has only one digest.')
  }
  return content ?? repr
}

/** False if the client says that it does not want a sha-256 (`Want-Repr-Digest: sha-256=0`); without the field we say what we know. */
const isWanted = (want: string | undefined): boolean => !/(^|,)\s*sha-256\s*=\s*0\s*(,|$)/.test(want ?? '')

/** The Repr-Digest of a file; null where its digest is not known or not wanted. */
export const reprDigest = (sha256: string | null, want: string | undefined): string | null =>
  sha256 !== null && isWanted(want) ? `sha-256=:${base64(fromHex(sha256))}:` : null
