/** Runs an operation over the lines of a chunk: ranged reads, scan, cut, write. The path of every byte. */
import { Breath } from '../base/breath.ts'
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Stopwatch } from '../base/stopwatch.ts'
import { type ChunkStart, endOfChunk, readTo } from '../csv/chunks.ts'
import type { Dialect } from '../csv/dialect.ts'
import type { Scanner } from '../csv/scanner.ts'
import { objectBlocks } from '../files/blocks.ts'
import type { ByteRange } from '../files/store.ts'
import type { Bound } from '../operations/operation.ts'
import { type Ran, startRun } from '../operations/run.ts'
import type { Ports } from '../ports.ts'
import type { ChunkOutput } from './chunk-output.ts'
import type { Heart } from './heart.ts'

/** A version of an object. */
export interface SourceObject {
  readonly key: string
  readonly etag: string
}

/** A byte range of a version of an object. */
export interface SourceRange extends SourceObject {
  readonly start: number
  readonly end: number
}

/** A chunk's part of the input. */
export interface Source extends SourceObject {
  /** Bytes of the whole input. */
  readonly size: number
  readonly dialect: Dialect
  /** How many columns a row should have. */
  readonly columns: number
  /** The lines that start in [start, end) are the chunk's. */
  readonly range: { readonly start: number; readonly end: number }
}

/** What a pass came to: also where it began, and where the next chunk's first line does. */
export interface Passed extends Ran {
  readonly first: ChunkStart
  readonly next: ChunkStart
}

type ReadPorts = Pick<Ports, 'store' | 'sizes'>

/**
 * The bytes of exactly the version that the job was planned on, window by window: a stream is never open for longer than a window takes, so that nothing piles up
 * behind a slow reader. A short answer of the storage is a failure that passes, another version is not.
 */
export async function* sourceBlocks(
  ports: ReadPorts,
  source: SourceRange,
  blockBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { windowBytes } = ports.sizes
  for (let offset = source.start; offset < source.end; offset += windowBytes) {
    const range = { offset, length: Math.min(windowBytes, source.end - offset) }
    yield* windowBlocks(ports, source, range, blockBytes)
  }
}

async function* windowBlocks(
  ports: ReadPorts,
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
  for await (const block of objectBlocks(stream, Math.min(blockBytes, range.length))) {
    seen += block.length
    yield block
  }
  if (seen !== range.length) throw new AppError('storage_unavailable', `The storage gave ${seen} of ${range.length} bytes.`)
}

type PassPorts = Pick<Ports, 'store' | 'clock' | 'engine' | 'sizes'>

/** One pass from a line start over the lines of the chunk. */
export interface PassParts {
  readonly bound: Bound
  readonly output: ChunkOutput
  readonly heart: Heart
  /** The state of everything to the left, where the operation is sequential and there is some. */
  readonly before: Uint8Array | null
  /** Waiting for the bucket. */
  readonly watch: Stopwatch<'read' | 'write'>
}

/** Reads the chunk's lines once, the first of which begins at `first`. Throws what the storage, the heart or the operation throws. */
export const passOver = async (ports: PassPorts, source: Source, first: ChunkStart, parts: PassParts): Promise<Passed> => {
  const { dialect, range, size, columns } = source
  const { recordBytesMax } = ports.sizes
  const end = range.end === size ? Number.POSITIVE_INFINITY : range.end
  const options = { dialect, start: first.at, skips: first.skips, end, recordBytesMax, columns }
  const scan = ports.engine.open({ ...options, stateBytes: parts.bound.stateBytes ?? 0 })
  try {
    return await readThrough(ports, source, first, scan.scanner, parts)
  } finally {
    scan.release()
  }
}

const readThrough = async (
  ports: PassPorts,
  source: Source,
  first: ChunkStart,
  scanner: Scanner,
  { bound, output, heart, before, watch }: PassParts,
): Promise<Passed> => {
  const { dialect, columns, range, size } = source
  const run = startRun({ scanner, pass: bound.pass(before), columns, newline: dialect.newline }, output)
  const stop = readTo(range, size, ports.sizes.recordBytesMax)
  const stretch = { key: source.key, etag: source.etag, start: first.at, end: stop }
  const breath = new Breath(ports.clock)
  const blocks = sourceBlocks(ports, stretch, bound.output?.blockBytes ?? LIMITS.blockBytes)
  for await (const block of watch.each('read', blocks)) {
    run.push(block)
    await watch.time('write', () => output.drain())
    await heart.tick({ bytesIn: run.bytesIn, ...run.accounts })
    await breath.after(block.length)
    if (scanner.done) break
  }
  const ran = run.finish()
  const next = endOfChunk(scanner, range, size)
  await watch.time('write', () => output.drain())
  return { ...ran, first, next, bytesIn: next.at - first.at }
}
