/** A part's bytes on their way from a request into the storage, as a stream of the declared length, which is what the storage takes. Only a block is in memory. */
import type { Context } from 'hono'
import { AppError } from '../../../shared/base/errors.ts'
import type { PartBytes } from '../../../shared/files/send-parts.ts'
import { bodyBlocks, declaredBytes } from './body.ts'

/** Fills `sink` from `source`. Resolves with what the source threw, or null; that the sink is no longer wanted is not an error. */
const fill = async (
  source: AsyncGenerator<Uint8Array, void, undefined>,
  sink: WritableStreamDefaultWriter<Uint8Array>,
): Promise<unknown> => {
  const ignored = () => {}
  for (;;) {
    let step: IteratorResult<Uint8Array, void>
    try {
      step = await source.next()
    } catch (cause) {
      await sink.abort(cause).catch(ignored)
      return cause
    }
    if (step.done) {
      await sink.close().catch(ignored)
      return null
    }
    // Resolves when the bytes were taken, so the next block may overwrite them.
    const isWanted = await sink.write(step.value).then(
      () => true,
      () => false,
    )
    if (!isWanted) {
      await source.return()
      return null
    }
  }
}

/** Gives the request's body to `take` as a part. Throws what is wrong with the body rather than what the taker made of it. */
export const withPart = async <T>(c: Context, take: (part: PartBytes) => Promise<T>): Promise<T> => {
  const bytes = declaredBytes(c)
  if (bytes === null) throw new AppError('length_mismatch', 'Send the part with Content-Length: its size is checked before its bytes come.')
  const { readable, writable } = new FixedLengthStream(bytes)
  const filling = fill(bodyBlocks(c), writable.getWriter())
  try {
    return await take({ bytes, stream: readable })
  } catch (cause) {
    await readable.cancel(cause).catch(() => {})
    throw (await filling) ?? cause
  }
}
