/**
 * A request's body as bytes: read in blocks, never whole, and held to what the request said about it. What is wrong with the length or the digest is
 * thrown before the last step ends, so a writer that publishes after the last block publishes nothing wrong.
 */
import type { Context } from 'hono'
import { sha256Stream } from '../../../shared/base/crypto.ts'
import { AppError } from '../../../shared/base/errors.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { blocks } from '../../../shared/files/blocks.ts'
import { declaredSha256 } from './digests.ts'

/** What a request says about its body. */
interface Declared {
  readonly bytes: number | null
  /** Lower-case hex. */
  readonly sha256: string | null
}

const tooLarge = () =>
  new AppError('body_too_large', `One request carries at most ${LIMITS.requestBytesMax} bytes. Send more in parts: POST /api/v1/uploads.`, {
    extra: { bytes_max: LIMITS.requestBytesMax, uploads: '/api/v1/uploads' },
  })

/** The length that the request declares; null if none. Throws `header_invalid`, `body_too_large`. */
export const declaredBytes = (c: Context): number | null => {
  const text = c.req.header('content-length')
  if (text === undefined) return null
  if (!/^\d{1,15}$/.test(text)) throw new AppError('header_invalid', 'Content-Length is a number of bytes.')
  if (Number(text) > LIMITS.requestBytesMax) throw tooLarge()
  return Number(text)
}

/** Throws `encoding_unsupported` for a body that is compressed on its way. */
const refuseCoding = (c: Context): void => {
  const coding = c.req.header('content-encoding')?.trim().toLowerCase() ?? 'identity'
  if (coding !== 'identity')
    throw new AppError('encoding_unsupported', 'Send the body as it is, without Content-Encoding: a .gz file is unpacked when it is read.')
}

const wrongLength = (declared: number, came: number) =>
  new AppError('length_mismatch', `Content-Length says ${declared} bytes; the body has ${came < declared ? 'only ' : 'more: '}${came}.`)

const checkEnd = (declared: Declared, came: number, digest: string | undefined): void => {
  if (declared.bytes !== null && came !== declared.bytes) throw wrongLength(declared.bytes, came)
  if (digest !== undefined && digest !== declared.sha256) {
    throw new AppError('digest_mismatch', 'The body that arrived has another sha-256 than declared. Send it again.')
  }
}

/** The client left, or the connection broke: there is nobody to tell, but what was begun must be undone by a failure that is the client's. */
const brokenOff = (cause: unknown) => new AppError('length_mismatch', 'The body ended before it was complete.', { cause })

async function* streamOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* blocks(body, LIMITS.readBytes)
  } catch (cause) {
    throw brokenOff(cause)
  }
}

/**
 * The blocks of a request's body; each is overwritten by the next. Throws at once what its headers say wrong (`header_invalid`, `encoding_unsupported`,
 * `body_too_large`), and on the way `body_too_large`, `length_mismatch`, `digest_mismatch`.
 */
export const bodyBlocks = (c: Context): AsyncGenerator<Uint8Array, void, undefined> => {
  refuseCoding(c)
  return checkedBlocks(c.req.raw.body, { bytes: declaredBytes(c), sha256: declaredSha256((name) => c.req.header(name)) })
}

async function* checkedBlocks(body: ReadableStream<Uint8Array> | null, declared: Declared): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = declared.sha256 === null ? null : sha256Stream()
  let came = 0
  let isChecked = false
  for await (const block of body ? streamOf(body) : []) {
    came += block.length
    hash?.update(block)
    if (came > LIMITS.requestBytesMax) throw tooLarge()
    if (declared.bytes !== null && came > declared.bytes) throw wrongLength(declared.bytes, came)
    // A part of a known length is checked before its last block is handed on: what it replaces must not be replaced by rubbish.
    isChecked = came === declared.bytes
    if (isChecked) checkEnd(declared, came, hash?.digest())
    yield block
  }
  if (!isChecked) checkEnd(declared, came, hash?.digest())
}
