/**
 * The bytes of a result that lies in pieces: what comes first, then what each chunk left, in order. They can be read from any position at which a part ended, so that
 * putting them together can stop between any two parts and go on in another message.
 */
import { textOf, utf8 } from '../base/bytes.ts'
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { makeNaiveScanner } from '../csv/naive.ts'
import { fieldEnd, fieldStart, type RecordBatch } from '../csv/record-batch.ts'
import { REJECTS_DIALECT, REJECTS_HEADER } from '../operations/rejects.ts'
import type { Ports } from '../ports.ts'
import type { ChunkObject } from './chunk.ts'
import { sourceBlocks } from './pass.ts'

/** Where in the pieces: `chunk` 0 is what comes first, 1 the first chunk; `offset` in its object; `skip`: so many bytes of what is made of that place are written already. */
export interface ComposePosition {
  readonly chunk: number
  readonly offset: number
  readonly skip: number
}

export interface ComposedPiece {
  /** Held until the next step. */
  readonly bytes: Uint8Array
  /** The position behind the first `n` of them. */
  after(n: number): ComposePosition
}

export interface Composed {
  /** No more bytes than this come of it. */
  readonly bytesMax: number
  from(position: ComposePosition): AsyncGenerator<ComposedPiece, void, undefined>
}

export const COMPOSE_START: ComposePosition = { chunk: 0, offset: 0, skip: 0 }

type ReadPorts = Pick<Ports, 'store' | 'sizes'>

const gone = () => new AppError('storage_unavailable', 'What a chunk left cannot be read.')

async function* objectBlocks(ports: ReadPorts, object: ChunkObject, offset: number): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* sourceBlocks(ports, { key: object.key, etag: object.etag, start: offset, end: object.bytes }, LIMITS.blockBytes)
  } catch (cause) {
    // To a job, its own work is no input: another try may find it.
    if (cause instanceof AppError && cause.code === 'input_changed') throw gone()
    throw cause
  }
}

/** What comes first, from `offset` on. */
function* leading(bytes: Uint8Array, { chunk, offset }: ComposePosition): Generator<ComposedPiece, void, undefined> {
  if (chunk === 0 && offset < bytes.length)
    yield { bytes: bytes.subarray(offset), after: (n) => ({ chunk: 0, offset: offset + n, skip: 0 }) }
}

/** Outputs, one after the other, as they are. */
export const composedOutput = (ports: ReadPorts, header: Uint8Array, outputs: readonly (ChunkObject | null)[]): Composed => ({
  bytesMax: header.length + outputs.reduce((sum, output) => sum + (output?.bytes ?? 0), 0),
  async *from(position) {
    yield* leading(header, position)
    for (let chunk = Math.max(1, position.chunk); chunk <= outputs.length; chunk++) {
      const output = outputs[chunk - 1]
      let at = chunk === position.chunk ? position.offset : 0
      if (!output || at >= output.bytes) continue
      for await (const bytes of objectBlocks(ports, output, at)) {
        const from = at
        yield { bytes, after: (n) => ({ chunk, offset: from + n, skip: 0 }) }
        at += bytes.length
      }
    }
  },
})

/** What a chunk's rejects are counted from: data records and physical lines before it. */
export interface RejectBase {
  readonly object: ChunkObject | null
  readonly records: number
  readonly lines: number
}

/** How much longer a reject can become when its two numbers are counted from the beginning of the file. */
const NUMBER_GROWTH = 2 * 16

/** Rejects of all chunks with their numbers counted from the beginning of the file. `rows`: how many there are. */
export const composedRejects = (ports: ReadPorts, bases: readonly RejectBase[], rows: number): Composed => ({
  bytesMax: bases.reduce((sum, { object }) => sum + (object?.bytes ?? 0), REJECTS_HEADER.length) + rows * NUMBER_GROWTH,
  async *from(position) {
    yield* leading(REJECTS_HEADER, position)
    for (let chunk = Math.max(1, position.chunk); chunk <= bases.length; chunk++) {
      const isHere = chunk === position.chunk
      const offset = isHere ? Math.max(position.offset, REJECTS_HEADER.length) : REJECTS_HEADER.length
      yield* renumbered(ports, bases[chunk - 1]!, { chunk, offset, skip: isHere ? position.skip : 0 })
    }
  },
})

async function* renumbered(ports: ReadPorts, base: RejectBase, position: ComposePosition): AsyncGenerator<ComposedPiece, void, undefined> {
  const { object } = base
  if (!object || position.offset >= object.bytes) return
  const options = {
    dialect: REJECTS_DIALECT,
    start: position.offset,
    end: Number.POSITIVE_INFINITY,
    recordBytesMax: Number.POSITIVE_INFINITY,
  }
  const scanner = makeNaiveScanner(options)
  let { skip } = position
  const pieces = function* (batch: RecordBatch): Generator<ComposedPiece, void, undefined> {
    for (let r = 0; r < batch.count; r++) {
      yield piece(batch, r, base, position.chunk, skip)
      skip = 0
    }
  }
  for await (const block of objectBlocks(ports, object, position.offset)) yield* pieces(scanner.push(block))
  yield* pieces(scanner.finish())
}

/** One reject with its numbers raised, without the first `skip` of its bytes. */
const piece = (batch: RecordBatch, r: number, base: RejectBase, chunk: number, skip: number): ComposedPiece => {
  const number = (f: number): number => Number(textOf(batch.bytes.subarray(fieldStart(batch, r, f), fieldEnd(batch, r, f))))
  const numbers = utf8(`${number(0) + base.records},${number(1) + base.lines}`)
  const rest = batch.bytes.subarray(fieldEnd(batch, r, 1), batch.ends[r]!)
  const all = new Uint8Array(numbers.length + rest.length)
  all.set(numbers)
  all.set(rest, numbers.length)
  const [start, end] = [batch.base + batch.starts[r]!, batch.base + batch.ends[r]!]
  const isAll = (n: number): boolean => skip + n === all.length
  return {
    bytes: all.subarray(skip),
    after: (n) => (isAll(n) ? { chunk, offset: end, skip: 0 } : { chunk, offset: start, skip: skip + n }),
  }
}
