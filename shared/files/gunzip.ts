/**
 * Unpacks gzip of any number of members. With node:zlib, because workerd's DecompressionStream refuses a second member; zlib checks every length and checksum, so damaged
 * data is never taken for a list.
 */
import { createGunzip, type Gunzip } from 'node:zlib'
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'

/** Blocks of bytes in order; each may be overwritten by the next. */
export type ByteBlocks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** Yields what the packed bytes unpack to. Throws gzip_invalid where they are damaged, end too early, or where anything follows them that is not gzip. */
export async function* gunzip(packed: ByteBlocks): AsyncGenerator<Uint8Array, void, undefined> {
  const unpacker = createGunzip({ chunkSize: LIMITS.blockBytes })
  const progress = { taken: 0 }
  const feeding = feed(unpacker, packed, progress).catch((cause: unknown) => void unpacker.destroy(cause as Error))
  try {
    for await (const block of unpacker) yield block as Uint8Array
  } catch (cause) {
    throw cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_') ? damaged(cause, progress.taken) : cause
  } finally {
    unpacker.destroy()
    await feeding
  }
}

const feed = async (unpacker: Gunzip, packed: ByteBlocks, progress: { taken: number }): Promise<void> => {
  for await (const block of packed) {
    for (let at = 0; at < block.length; at += LIMITS.gzipPieceBytes) {
      const piece = block.subarray(at, at + LIMITS.gzipPieceBytes)
      if (!(await taken(unpacker, piece))) return
      progress.taken += piece.length
    }
  }
  unpacker.end()
}

/** Hands a piece over and waits until it is used up; false: nobody wants more. */
const taken = (unpacker: Gunzip, piece: Uint8Array): Promise<boolean> =>
  new Promise((resolve) => {
    if (unpacker.destroyed) return resolve(false)
    const stop = () => resolve(false)
    unpacker.once('close', stop)
    unpacker.write(piece, (error) => {
      unpacker.off('close', stop)
      resolve(!error)
    })
  })

/** zlib's words for what we say more clearly. */
const REASONS: Readonly<Record<string, string>> = {
  'unexpected end of file': 'it ends before its data does, so a part of it is missing',
  'incorrect header check': 'something that is not gzip follows its data',
  'incorrect data check': 'its checksum is wrong',
  'incorrect length check': 'its length is wrong',
}

const damaged = (cause: Error, taken: number): AppError =>
  new AppError(
    'gzip_invalid',
    `The gzip file is damaged between byte ${taken} and byte ${taken + LIMITS.gzipPieceBytes}: ${REASONS[cause.message] ?? cause.message}. Pack it again and hand it over anew.`,
    { cause, extra: { byte_offset: taken } },
  )
