/**
 * One running kernel: its memory, the map of that memory, and its functions. The memory is made here, of a fixed size that holds the worst batch, and never grows.
 *
 *     static data | input M + block | field ends 4 (M + block) | starts, ends, first fields | scratch M | output M + block | odd words | powers of five | bitmaps | constants
 *
 * Bitmaps and constants are a clause's. A profile has none: its state lies there, and in as many more bytes as it was given.
 *
 * A batch is what one block completes: at most the line that was open before it (M bytes, all of which may be delimiters) and the records that begin in the block or in the few
 * bytes before it that were left unread (two bytes each at least).
 */
import { assert } from '../base/assert.ts'
import { LIMITS } from '../base/limits.ts'
import { POWERS_OF_FIVE_BYTES, writePowersOfFive } from './powers-of-five.ts'

/** What the kernel exports: shared/csv/kernel/index.ts says what each does. Globals are numbers or truth values as 0 and 1. */
export interface KernelExports {
  heapBase(): number
  setMemory(
    input: number,
    fieldEnds: number,
    starts: number,
    ends: number,
    firstFields: number,
    scratch: number,
    output: number,
    oddWords: number,
  ): void
  setDialect(delimiter: number, quote: number, newline: number, isDoubled: number, columns: number): void
  beginBatch(): void
  addRecord(start: number, end: number, fieldCount: number): void
  index(from: number, to: number): number
  nulFields(record: number): number
  lineFeeds(record: number): number
  invalidRecords(record: number): number
  gather(selection: number): number
  setBitmaps(alive: number, trues: number, unknowns: number, asks: number): void
  compareNumber(column: number, comparison: number, value: number): number
  numberIn(column: number, list: number, count: number): number
  equalsText(column: number, isEqual: number, text: number, length: number): number
  compareText(column: number, comparison: number, text: number, length: number): number
  textIn(column: number, table: number, slots: number): number
  isNull(column: number): number
  truth(column: number): number
  likePieces(column: number, pieces: number, count: number, isFolding: number): number
  likeParts(column: number, parts: number, count: number, isFolding: number): number
  compareDate(column: number, comparison: number, day: number, key: number): number
  compareTimestamp(column: number, comparison: number, micros: bigint): number
  /** At any address. 0: no number, 1: `number` has it, 2: not decided here. */
  castDecimal(from: number, to: number): number
  setPowersOfFive(at: number): void
  setCapacity(hashes: number, slots: number, buckets: number, countsPoints: number): number
  clearColumn(state: number): void
  profileColumn(state: number, column: number, first: number, last: number, number: number): number
  addAsked(state: number, column: number, record: number, number: number, type: number, oddities: number, value: number): void
  finishColumn(state: number): void
  mayRepeat(columns: number, nameBytes: number, nameByte: number): number
  readonly records: KernelGlobal
  readonly fields: KernelGlobal
  readonly isRagged: KernelGlobal
  readonly hasGaps: KernelGlobal
  readonly blankLines: KernelGlobal
  readonly lines: KernelGlobal
  readonly strays: KernelGlobal
  readonly firstStray: KernelGlobal
  readonly isUtf8: KernelGlobal
  readonly hasNul: KernelGlobal
  readonly firstOdd: KernelGlobal
  readonly number: KernelGlobal
  readonly shorter: KernelGlobal
  readonly longer: KernelGlobal
}

export interface KernelGlobal {
  readonly value: number
}

/** Addresses in the kernel's memory. */
export interface MemoryMap {
  readonly input: number
  readonly fieldEnds: number
  readonly starts: number
  readonly ends: number
  readonly firstFields: number
  /** The first byte that a profile may use, up to the end of the memory. 3 × BITMAP_LEVELS + 1 bitmaps of `bitmapBytes` each, one bit a record. */
  readonly bitmaps: number
  readonly bitmapBytes: number
  /** For what a clause compares with. */
  readonly constants: number
  readonly constantBytes: number
  readonly scratch: number
  readonly output: number
  readonly outputBytes: number
  readonly oddWords: number
  readonly powersOfFive: number
}

export interface Kernel {
  readonly exports: KernelExports
  readonly map: MemoryMap
  /** All of the memory. */
  readonly bytes: Uint8Array
  readonly words: Uint32Array
  /** Whose constants lie in it now. */
  tenant: object | null
  /** The largest line and block that fit. */
  readonly recordBytesMax: number
  readonly blockBytes: number
}

export interface KernelOptions {
  readonly recordBytesMax?: number
  readonly blockBytes?: number
  /** Room from map.bitmaps on: more than a clause needs, for whoever keeps state in the kernel. */
  readonly stateBytes?: number
}

/** So many bytes behind a long open line may be left for the next block. */
export const WAIT_BYTES = 32 * 1024

/** What the kernel writes down of a line before it is a record. */
const LINE_BYTES = 4

/** The kernel looks at so many bytes at a time. */
const WORD_BYTES = 64

const PAGE_BYTES = 65_536
const SLACK_BYTES = 128
/** Behind one field of any length, room for short ones that are needed side by side (kernel/memory.ts). */
const SPARE_BYTES = 64 * 1024
/** Three for each level of a clause's tree that is worked on record by record in the kernel, and one for what the host is asked. */
export const BITMAP_LEVELS = 20
const BITMAPS = 3 * BITMAP_LEVELS + 1
/** A clause has 4 KiB; its constants as tables take a few times that. */
const CONSTANT_BYTES = 64 * 1024

const aligned = (address: number): number => (address + 63) & ~63

/** How many records a batch has at most. */
export const recordsMax = (blockBytes: number): number => ((blockBytes + WAIT_BYTES) >>> 1) + 2

const mapOf = (heapBase: number, recordBytes: number, blockBytes: number): MemoryMap => {
  const inputBytes = recordBytes + blockBytes
  const records = recordsMax(blockBytes)
  let at = aligned(heapBase)
  const take = (bytes: number): number => {
    const start = at
    at = aligned(at + bytes + SLACK_BYTES)
    return start
  }
  const bitmapBytes = aligned(records / 8 + SLACK_BYTES)
  // Scratch and output together are a scan's list of lines.
  const scratchBytes = recordBytes + SPARE_BYTES
  const outputBytes = Math.max(inputBytes, LINE_BYTES * (blockBytes + WAIT_BYTES) - scratchBytes)
  return {
    input: take(inputBytes),
    fieldEnds: take(inputBytes * 4),
    starts: take(records * 4),
    ends: take(records * 4),
    firstFields: take((records + 1) * 4),
    scratch: take(scratchBytes),
    output: take(outputBytes),
    outputBytes,
    oddWords: take((inputBytes / WORD_BYTES + 2) * 4),
    powersOfFive: take(POWERS_OF_FIVE_BYTES),
    bitmaps: take(bitmapBytes * BITMAPS),
    bitmapBytes,
    constants: take(CONSTANT_BYTES),
    constantBytes: CONSTANT_BYTES,
  }
}

/** The most room for state with which a kernel stays within what analyse may take. */
export const STATE_BYTES_MAX = LIMITS.analyseMemoryBytesMax - mapOf(PAGE_BYTES, LIMITS.recordBytesMax, LIMITS.blockBytes).bitmaps

/** Starts a kernel with a memory of its own. `module` is shared/csv/kernel/kernel.wasm, compiled by whoever enters. */
export const startKernel = (module: WebAssembly.Module, options: KernelOptions = {}): Kernel => {
  const { recordBytesMax = LIMITS.recordBytesMax, blockBytes = LIMITS.blockBytes, stateBytes = 0 } = options
  // Static data is a few KiB; how many is known only once the kernel runs.
  const { bitmaps, constants, constantBytes } = mapOf(PAGE_BYTES, recordBytesMax, blockBytes)
  const end = Math.max(constants + constantBytes + SLACK_BYTES, bitmaps + stateBytes)
  const pages = Math.max(16, Math.ceil(end / PAGE_BYTES))
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const instance = new WebAssembly.Instance(module, { env: { memory } })
  const exports = instance.exports as unknown as KernelExports
  assert(exports.heapBase() <= PAGE_BYTES, 'the kernel has less static data than a page')
  const map = mapOf(exports.heapBase(), recordBytesMax, blockBytes)
  exports.setMemory(map.input, map.fieldEnds, map.starts, map.ends, map.firstFields, map.scratch, map.output, map.oddWords)
  const bytes = new Uint8Array(memory.buffer)
  writePowersOfFive(bytes, map.powersOfFive)
  exports.setPowersOfFive(map.powersOfFive)
  return { exports, map, bytes, words: new Uint32Array(memory.buffer), tenant: null, recordBytesMax, blockBytes }
}
