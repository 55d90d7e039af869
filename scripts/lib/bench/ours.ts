/**
 * The engine in the benchmark: the operations of the table over the scanner that the processor uses, block by block as a chunk is cut.
 * Timed are: opening the list, reading it from the page cache, inflating it where it is compressed, compiling the clause, scanning, selecting, counting ragged rows, gathering and writing.
 */
import { closeSync, createReadStream, openSync, readSync, writeSync } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { LIMITS } from '../../../shared/base/limits.ts'
import { type Engine, type Scan, twinEngine } from '../../../shared/csv/engine.ts'
import type { Profile } from '../../../shared/csv/profile/view.ts'
import { bindSpec, normalSpec, operationOf } from '../../../shared/operations/index.ts'
import type { Sink } from '../../../shared/operations/operation.ts'
import { startRun } from '../../../shared/operations/run.ts'
import { localEngine } from '../local/compiled.ts'
import type { ColumnFacts, Contender, List, Outcome, Task } from './contender.ts'
import { type Scenario, scenarioOf } from './scenarios.ts'

/** A scan of the list as a job would open it, with the room for state that its operation asks for. */
export const openScan = (engine: Engine, { dialect, columns }: List, stateBytes = 0): Scan =>
  engine.open({
    stateBytes,
    dialect,
    start: dialect.headerEnd,
    end: Number.POSITIVE_INFINITY,
    recordBytesMax: LIMITS.recordBytesMax,
    columns: columns.length,
  })

function* plainBlocks({ path, dialect }: List): Generator<Uint8Array> {
  const block = new Uint8Array(LIMITS.blockBytes)
  const file = openSync(path, 'r')
  try {
    for (let at = dialect.headerEnd; ; ) {
      const bytes = readSync(file, block, 0, block.length, at)
      if (bytes === 0) return
      yield block.subarray(0, bytes)
      at += bytes
    }
  } finally {
    closeSync(file)
  }
}

async function* inflatedBlocks({ path, dialect }: List): AsyncGenerator<Uint8Array> {
  let skip = dialect.headerEnd
  const source = createReadStream(path, { highWaterMark: LIMITS.blockBytes }).pipe(createGunzip({ chunkSize: LIMITS.blockBytes }))
  for await (const block of source as AsyncIterable<Uint8Array>) {
    yield block.subarray(Math.min(skip, block.length))
    skip -= Math.min(skip, block.length)
  }
}

/** The list's bytes behind its header. A block holds until the next step. */
export const blocksOf = (list: List): Iterable<Uint8Array> | AsyncIterable<Uint8Array> =>
  list.isGzip ? inflatedBlocks(list) : plainBlocks(list)

/** Kept records side by side in one buffer, written when a block's worth is there. */
class FileSink implements Sink {
  readonly #file: number
  #pending = new Uint8Array(2 * LIMITS.blockBytes)
  #filled = 0

  constructor(path: string) {
    this.#file = openSync(path, 'w')
  }

  keep(bytes: Uint8Array): void {
    if (this.#filled + bytes.length > this.#pending.length) this.#makeRoom(bytes.length)
    this.#pending.set(bytes, this.#filled)
    this.#filled += bytes.length
  }

  reject(): void {}

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #makeRoom(bytes: number): void {
    this.#flush()
    if (bytes > this.#pending.length) this.#pending = new Uint8Array(2 * bytes)
  }

  #flush(): void {
    for (let at = 0; at < this.#filled; ) at += writeSync(this.#file, this.#pending, at, this.#filled - at)
    this.#filled = 0
  }
}

const columnFacts = ({ rows, columns }: Profile): ColumnFacts[] =>
  columns.map(({ name, nulls, min, max, mean }) => ({ name, nullPercent: (100 * nulls) / rows, min, max, mean }))

/** One pass of the scenario's operation over the list. */
const runOnce = async (scenario: Scenario, list: List, out: string, engine: Engine): Promise<Outcome> => {
  const { dialect, columns } = list
  const header = Buffer.from(list.header)
  const operation = operationOf(scenario.operation)
  const spec = normalSpec(operation, scenario.operation === 'analyse' ? {} : { where: scenario.where })
  const bound = bindSpec(operation, spec, { file: '', etag: '', dialect, columns })
  const { scanner, release } = openScan(engine, list, bound.stateBytes)
  const sink = new FileSink(out)
  const run = startRun({ scanner, pass: bound.pass(), columns: columns.length, newline: dialect.newline }, sink)
  if (operation.makes === 'file' && bound.output) sink.keep(bound.output.header(header))
  for await (const block of blocksOf(list)) run.push(block)
  const { state, rowsIn, rowsOut, blankLines } = run.finish()
  release()
  sink.close()
  if (operation.makes !== 'profile') return { rows: rowsOut }
  return { rows: rowsIn, columns: columnFacts(bound.finish(state, { rows: rowsIn, blankLines, header }) as unknown as Profile) }
}

/** `operation`: another than the scenario's, on its clause. */
const contender = (name: string, about: string, makeOne: () => Engine, operation?: Scenario['operation']): Contender => ({
  name,
  about,
  cores: 'one',
  missing: () => null,
  prepare: async ({ scenario: title, list }: Task) => {
    const scenario = { ...scenarioOf(title), ...(operation ? { operation } : {}) }
    const engine = makeOne()
    return { run: (out) => runOnce(scenario, list, out, engine) }
  },
})

export const OURS = contender('ours', 'the engine as the processor runs it', localEngine)

/** The plain scanner and the clause row by row: the kernel may not be slower than this on any input. */
export const TWIN = contender('twin', 'the engine without its kernel', () => twinEngine)

/** Without what a filter does beyond counting. */
export const OURS_COUNT = contender('ours-count', 'counting what the clause keeps', localEngine, 'count')
