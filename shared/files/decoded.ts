/** The bytes of a file as they are scanned, from its bytes as they are stored: unpacked, decoded to UTF-8. */
import { concatBytes } from '../base/bytes.ts'
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Decoding } from '../csv/decode/decoding.ts'
import { isGzip } from '../csv/decode/gzip.ts'
import { decodedSample, type Replaced, TextDecoding } from '../csv/decode/text-decoding.ts'
import { type ByteBlocks, gunzip } from './gunzip.ts'

export interface Decoded {
  readonly blocks: AsyncGenerator<Uint8Array, void, undefined>
  /** What was replaced so far, because it meant nothing in its encoding; null: nothing. */
  replaced(): Replaced | null
}

type RatioLimits = Readonly<Record<'gzipBytesMax' | 'gzipRatioMax' | 'gzipRatioFreeBytes', number>>

/** Decodes all of a file, in constant memory. The blocks throw gzip_invalid, gzip_too_large, and what `stored` throws. */
export const decodeBlocks = (stored: ByteBlocks, { gzip, encoding }: Decoding, limits: RatioLimits = LIMITS): Decoded => {
  const text = encoding === null ? null : new TextDecoding(encoding)
  const unpacked = gzip ? boundedGunzip(stored, limits) : stored
  return { blocks: text ? decodeText(unpacked, text) : passOn(unpacked), replaced: () => text?.replaced ?? null }
}

async function* passOn(blocks: ByteBlocks): AsyncGenerator<Uint8Array, void, undefined> {
  yield* blocks
}

async function* decodeText(blocks: ByteBlocks, text: TextDecoding): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const block of blocks) yield text.push(block)
  yield text.finish()
}

/** Unpacks while what comes out is in proportion to what goes in. */
async function* boundedGunzip(packed: ByteBlocks, limits: RatioLimits): AsyncGenerator<Uint8Array, void, undefined> {
  let [bytesIn, bytesOut] = [0, 0]
  async function* counted(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const block of packed) {
      bytesIn += block.length
      if (bytesIn > limits.gzipBytesMax) throw tooLarge(`A packed file has at most ${limits.gzipBytesMax} bytes. Unpack it first.`)
      yield block
    }
  }
  for await (const block of gunzip(counted())) {
    bytesOut += block.length
    if (bytesOut > Math.max(limits.gzipRatioFreeBytes, bytesIn * limits.gzipRatioMax))
      throw tooLarge(
        `The file unpacks to more than ${limits.gzipRatioMax} times its bytes. If it is a list and not a trap, unpack it first.`,
      )
    yield block
  }
}

const tooLarge = (detail: string) => new AppError('gzip_too_large', detail)

/** The beginning of a file. */
export interface Beginning {
  readonly bytes: Uint8Array
  /** True: that is all of it. */
  readonly isWhole: boolean
}

/** At most `bytesMax` unpacked bytes of a file that may be packed. Throws gzip_invalid where it is damaged that early. */
export const unpackBeginning = async (stored: Beginning, bytesMax: number): Promise<Beginning & { readonly gzip: boolean }> => {
  if (!isGzip(stored.bytes)) return { ...stored, gzip: false }
  const pieces: Uint8Array[] = []
  let length = 0
  try {
    for await (const block of gunzip([stored.bytes])) {
      pieces.push(block.slice(0, bytesMax - length))
      length += pieces.at(-1)!.length
      if (length === bytesMax) return { bytes: concatBytes(pieces), isWhole: false, gzip: true }
    }
  } catch (cause) {
    // A beginning ends too early, of course.
    if (stored.isWhole || !isCutOff(cause)) throw cause
  }
  return { bytes: concatBytes(pieces), isWhole: stored.isWhole, gzip: true }
}

const isCutOff = (error: unknown): boolean =>
  error instanceof AppError && error.facts.cause instanceof Error && 'code' in error.facts.cause && error.facts.cause.code === 'Z_BUF_ERROR'

/** At most `bytesMax` bytes of a file as they are scanned, from its stored beginning. */
export const decodeBeginning = async (stored: Beginning, { encoding }: Decoding, bytesMax: number): Promise<Beginning> => {
  const unpacked = await unpackBeginning(stored, bytesMax)
  if (encoding === null) return unpacked
  return { bytes: decodedSample(unpacked.bytes, unpacked.isWhole, encoding), isWhole: unpacked.isWhole }
}
