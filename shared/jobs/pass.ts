/** Runs an operation over a byte range of an object: ranged read, scan, cut, write. The path of every byte. */
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Dialect } from '../csv/dialect.ts'
import type { Scanner } from '../csv/scanner.ts'
import { objectBlocks } from '../files/blocks.ts'
import type { ByteRange } from '../files/store.ts'
import type { Bound } from '../operations/operation.ts'
import { type Ran, startRun } from '../operations/run.ts'
import type { Ports } from '../ports.ts'
import type { ChunkOutput } from './chunk-output.ts'
import type { Heart } from './heart.ts'

/** A byte range of a version of an object. */
export interface SourceRange {
  readonly key: string
  readonly etag: string
  readonly start: number
  readonly end: number
}

export interface Source extends SourceRange {
  readonly dialect: Dialect
  /** How many columns a row should have. */
  readonly columns: number
}

/**
 * The bytes of exactly the version that the job was planned on, window by window: a stream is never open for longer than a window takes, so that nothing piles up
 * behind a slow reader. A short answer of the storage is a failure that passes, another version is not.
 */
export async function* sourceBlocks(
  ports: Pick<Ports, 'store'>,
  source: SourceRange,
  blockBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let offset = source.start; offset < source.end; offset += LIMITS.windowBytes) {
    const range = { offset, length: Math.min(LIMITS.windowBytes, source.end - offset) }
    yield* windowBlocks(ports, source, range, blockBytes)
  }
}

async function* windowBlocks(
  ports: Pick<Ports, 'store'>,
  source: SourceRange,
  range: ByteRange,
  blockBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = await ports.store.read(source.key, source.etag, range)
  if (!stream)
    throw new AppError(
      'input_changed',
      'The input file was replaced or deleted while the job ran. Submit the job again on the file as it is now.',
    )
  let seen = 0
  for await (const block of objectBlocks(stream, blockBytes)) {
    seen += block.length
    yield block
  }
  if (seen !== range.length) throw new AppError('storage_unavailable', `The storage gave ${seen} of ${range.length} bytes.`)
}

/** Reads the range once, from its first line to its end. Throws what the storage, the heart or the operation throws. */
export const passOver = async (
  ports: Pick<Ports, 'store' | 'clock' | 'engine'>,
  source: Source,
  bound: Bound,
  output: ChunkOutput,
  heart: Heart,
): Promise<Ran> => {
  const { dialect, start, columns } = source
  const options = { dialect, start, end: Number.POSITIVE_INFINITY, recordBytesMax: LIMITS.recordBytesMax, columns }
  const scan = ports.engine.open({ ...options, stateBytes: bound.stateBytes ?? 0 })
  try {
    return await readThrough(ports, source, scan.scanner, bound, output, heart)
  } finally {
    scan.release()
  }
}

const readThrough = async (
  ports: Pick<Ports, 'store' | 'clock'>,
  source: Source,
  scanner: Scanner,
  bound: Bound,
  output: ChunkOutput,
  heart: Heart,
): Promise<Ran> => {
  const { dialect, columns } = source
  const run = startRun({ scanner, pass: bound.pass(), columns, newline: dialect.newline }, output)
  for await (const block of sourceBlocks(ports, source, bound.output?.blockBytes ?? LIMITS.blockBytes)) {
    run.push(block)
    await output.drain()
    await heart.tick({ bytesIn: run.bytesIn, ...run.accounts })
    if (run.bytesIn % LIMITS.yieldBytes < block.length) await ports.clock.sleep(0)
  }
  const ran = run.finish()
  await output.drain()
  return ran
}
