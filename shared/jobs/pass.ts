/** Runs an operation over a byte range of an object: ranged read, scan, cut, write. The path of every byte. */
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import type { Dialect } from '../csv/dialect.ts'
import type { RecordBatch } from '../csv/record-batch.ts'
import type { Scanner } from '../csv/scanner.ts'
import { WarningTally } from '../csv/warning-tally.ts'
import { blocks } from '../files/blocks.ts'
import type { ByteRange } from '../files/store.ts'
import type { Bound, Pass, RowCounts, Sink } from '../operations/operation.ts'
import { noteRagged } from '../operations/rows.ts'
import type { Ports } from '../ports.ts'
import type { ChunkResult } from './chunk.ts'
import type { ChunkOutput } from './chunk-output.ts'
import type { Heart } from './heart.ts'

export interface Source {
  readonly key: string
  readonly etag: string
  readonly dialect: Dialect
  /** How many columns a row should have. */
  readonly columns: number
  readonly start: number
  readonly end: number
}

export type PassResult = Omit<ChunkResult, 'output' | 'rejects' | 'state'> & { readonly state: Uint8Array }

/**
 * The bytes of exactly the version that the job was planned on, window by window: a stream is never open for longer than a window takes, so that nothing piles up
 * behind a slow reader. A short answer of the storage is a failure that passes, another version is not.
 */
async function* sourceBlocks(ports: Pick<Ports, 'store'>, source: Source): AsyncGenerator<Uint8Array, void, undefined> {
  for (let offset = source.start; offset < source.end; offset += LIMITS.windowBytes) {
    yield* windowBlocks(ports, source, { offset, length: Math.min(LIMITS.windowBytes, source.end - offset) })
  }
}

async function* windowBlocks(ports: Pick<Ports, 'store'>, source: Source, range: ByteRange): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = await ports.store.read(source.key, source.etag, range)
  if (!stream)
    throw new AppError(
      'input_changed',
      'The input file was replaced or deleted while the job ran. Submit the job again on the file as it is now.',
    )
  let seen = 0
  for await (const block of blocks(stream, LIMITS.blockBytes)) {
    seen += block.length
    yield block
  }
  if (seen !== range.length) throw new AppError('storage_unavailable', `The storage gave ${seen} of ${range.length} bytes.`)
}

const NO_BYTES = new Uint8Array(0)

interface Counts {
  rowsIn: number
  rowsOut: number
  rowsFiltered: number
  rowsRejected: number
}

const addBatch = (counts: Counts, batch: RecordBatch, pass: Pass, sink: Sink): void => {
  const done: RowCounts = pass.add(batch, sink)
  for (const [i, { before, line, byteOffset, reason }] of batch.rejects.entries()) {
    sink.reject({ record: batch.firstRecord + before + i + 1, line, byteOffset, reason, raw: NO_BYTES })
  }
  counts.rowsIn += batch.count + batch.rejects.length
  counts.rowsOut += done.out
  counts.rowsFiltered += done.filtered
  counts.rowsRejected += done.rejected + batch.rejects.length
}

/** Reads the range once, from its first line to its end. Throws what the storage, the heart or the operation throws. */
export const passOver = async (
  ports: Pick<Ports, 'store' | 'clock' | 'engine'>,
  source: Source,
  bound: Bound,
  output: ChunkOutput,
  heart: Heart,
): Promise<PassResult> => {
  const { dialect, start, columns } = source
  const options = { dialect, start, end: Number.POSITIVE_INFINITY, recordBytesMax: LIMITS.recordBytesMax, columns }
  const scan = ports.engine.open(options)
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
): Promise<PassResult> => {
  const pass = bound.pass()
  const counts: Counts = { rowsIn: 0, rowsOut: 0, rowsFiltered: 0, rowsRejected: 0 }
  const ragged = new WarningTally()
  const take = (batch: RecordBatch) => {
    addBatch(counts, batch, pass, output)
    if (batch.width !== source.columns) noteRagged(ragged, batch, source.columns, source.dialect.newline)
  }
  let bytesIn = 0
  for await (const block of sourceBlocks(ports, source)) {
    bytesIn += block.length
    take(scanner.push(block))
    await output.drain()
    await heart.tick({ bytesIn, ...counts })
    if (bytesIn % LIMITS.yieldBytes < block.length) await ports.clock.sleep(0)
  }
  take(scanner.finish())
  await output.drain()
  return {
    bytesIn,
    ...counts,
    blankLines: scanner.counts.blankLines,
    warnings: [...scanner.warnings, ...ragged.list()],
    state: pass.state(),
  }
}
