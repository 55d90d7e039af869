/**
 * What did the kernel find out about a column? Its state, read from the kernel's memory as the state of the sketches here: from then on it is merged, encoded and shown like any other.
 * The offsets are those of ../kernel/profile/layout.ts.
 */
import { LIMITS } from '../../base/limits.ts'
import type { Kernel } from '../kernel-memory.ts'
import type { Capacity } from './capacity.ts'
import type { ColumnState } from './column.ts'
import { addCount, counterTable } from './counter-table.ts'
import { distinctOf } from './distinct.ts'
import type { ExtentState, Instant } from './extent.ts'
import { BOTH, type HistogramKind, histogramOf } from './histogram.ts'
import { type MomentsState, momentsOf } from './moments.ts'
import { ODDITIES } from './oddities.ts'
import { CELL_TYPES } from './type-code.ts'

const POINTS = 8
const POINTS_MIN = 16
const POINTS_MAX = 20
const HAS_NUMBER = 24
const HAS_TIME = 28
const NUMBER_ENDS = 32
const TIME_ENDS = 48
const BYTE_LENGTHS = 64
const BYTE_ENDS = 72
const BYTE_END_BYTES = 72
const NUMBERS = 232
const WHOLE_SUM = 240
const SQUARES = 248
const SAMPLE_COUNT = 268
const IS_ESTIMATE = 276
const SLOT_COUNT = 280
const PURGED = 288
const KIND = 296
const LEVEL = 300
const SIGHTINGS = 320
const SIGHTING_BYTES = 88
const SIGHTING_ROWS = CELL_TYPES.length + ODDITIES.length
const SAMPLES = 1_640
const SAMPLE_BYTES = 80
const SUM_LIMBS = 2_048
const SUM_COUNT = 70
const SQUARE_LIMBS = 2_608
const SQUARE_COUNT = 137
const TABLES = 3_712

const HASH_BYTES = 16
const BUCKET_BYTES = 12
const KEPT_BYTES = LIMITS.profileValueBytesMax + 1
const REGISTERS = 4_096
const NOT_WHOLE = 0x80
const LIMB_BITS = 32n
const DAY_MICROS = 86_400_000_000n
/** The place of a whole number's last bit in the sums: the least double is 2^-1074. */
const WHOLE_BIT = 1_074n

const aligned = (address: number): number => (address + 15) & ~15

/** Where the tables of a column lie, from its state on. */
const tablesOf = ({ hashesMax, slotsMax, bucketsMax }: Capacity) => {
  const slotHashes = TABLES + hashesMax * HASH_BYTES
  const slotCounts = slotHashes + slotsMax * 8
  const slotLengths = slotCounts + slotsMax * 16
  const slotValues = slotLengths + slotsMax
  const places = bucketsMax + Math.floor(bucketsMax / 3)
  return { slotHashes, slotCounts, slotLengths, slotValues, places, buckets: aligned(slotValues + slotsMax * KEPT_BYTES) }
}

/** How many bytes the state of one column takes. */
export const kernelColumnBytes = (capacity: Capacity): number => {
  const { places, buckets } = tablesOf(capacity)
  return aligned(buckets + places * BUCKET_BYTES)
}

/** Reads numbers of a column's state by their offsets. */
class StateReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #at: number

  constructor({ bytes }: Kernel, at: number) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
    this.#at = at
  }

  word = (offset: number): number => this.#view.getUint32(this.#at + offset, true)
  float = (offset: number): number => this.#view.getFloat64(this.#at + offset, true)
  /** Of 64 bits. */
  long = (offset: number): bigint => this.#view.getBigUint64(this.#at + offset, true)
  signed = (offset: number): bigint => this.#view.getBigInt64(this.#at + offset, true)
  count = (offset: number): number => Number(this.long(offset))
  byte = (offset: number): number => this.#bytes[this.#at + offset]!
  copy = (offset: number, length: number): Uint8Array => this.#bytes.slice(this.#at + offset, this.#at + offset + length)
  /** A view. */
  bytes = (offset: number, length: number): Uint8Array => this.#bytes.subarray(this.#at + offset, this.#at + offset + length)
}

const readInstant = (from: StateReader, offset: number): Instant => {
  const micros = from.signed(offset)
  const ofDay = ((micros % DAY_MICROS) + DAY_MICROS) % DAY_MICROS
  return { days: Number((micros - ofDay) / DAY_MICROS), micros: Number(ofDay) }
}

const readExtent = (from: StateReader): ExtentState => {
  const leastBytes = from.word(BYTE_LENGTHS)
  return {
    number: from.word(HAS_NUMBER) === 0 ? null : { min: from.float(NUMBER_ENDS), max: from.float(NUMBER_ENDS + 8) },
    time: from.word(HAS_TIME) === 0 ? null : { min: readInstant(from, TIME_ENDS), max: readInstant(from, TIME_ENDS + 8) },
    bytes:
      leastBytes === 0
        ? null
        : { min: from.copy(BYTE_ENDS, leastBytes), max: from.copy(BYTE_ENDS + BYTE_END_BYTES, from.word(BYTE_LENGTHS + 4)) },
  }
}

const readLimbs = (from: StateReader, offset: number, count: number): bigint => {
  let sum = 0n
  for (let k = count - 1; k >= 0; k--) sum = (sum << LIMB_BITS) + from.signed(offset + k * 8)
  return sum
}

const readMoments = (from: StateReader): MomentsState => {
  const sum = readLimbs(from, SUM_LIMBS, SUM_COUNT) + (from.signed(WHOLE_SUM) << WHOLE_BIT)
  const wholeSquares = from.long(SQUARES) + (from.long(SQUARES + 8) << 64n)
  return momentsOf(from.count(NUMBERS), sum, readLimbs(from, SQUARE_LIMBS, SQUARE_COUNT) + (wholeSquares << (2n * WHOLE_BIT)))
}

const readSightings = (from: StateReader): ColumnState['sightings'] => {
  const rows = Array.from({ length: SIGHTING_ROWS }, (_, row) => SIGHTINGS + row * SIGHTING_BYTES)
  return {
    counts: Float64Array.from(rows, from.count),
    firsts: rows.map((at) => (from.count(at) === 0 ? null : { record: from.float(at + 8), kept: from.copy(at + 20, from.word(at + 16)) })),
  }
}

const readDistinct = (from: StateReader, { hashesMax }: Capacity): ColumnState['distinct'] => {
  if (from.word(IS_ESTIMATE) === 1) return distinctOf(hashesMax, [], from.copy(TABLES, REGISTERS))
  const hashes: [number, number][] = []
  for (let place = 0; place < hashesMax * 2; place++) {
    const at = TABLES + place * 8
    if (from.word(at) !== 0 || from.word(at + 4) !== 0) hashes.push([from.word(at), from.word(at + 4)])
  }
  return distinctOf(hashesMax, hashes, null)
}

const readFrequent = (from: StateReader, capacity: Capacity): ColumnState['frequent'] => {
  const { slotHashes, slotCounts, slotLengths, slotValues } = tablesOf(capacity)
  const table = counterTable(capacity.slotsMax)
  for (let slot = 0; slot < from.word(SLOT_COUNT); slot++) {
    const hash = slotHashes + slot * 8
    const length = from.byte(slotLengths + slot) & ~NOT_WHOLE
    const value = from.bytes(slotValues + slot * KEPT_BYTES, length)
    addCount(table, from.word(hash), from.word(hash + 4), from.word(slotCounts + slot * 4), value, 0, length)
  }
  return { slotsMax: capacity.slotsMax, table, error: from.count(PURGED) }
}

const readHistogram = (from: StateReader, capacity: Capacity): ColumnState['histogram'] => {
  const { places, buckets } = tablesOf(capacity)
  const kind = from.word(KIND) as HistogramKind
  const found: [number, number][] = []
  for (let place = 0; place < places && kind !== BOTH; place++) {
    const at = buckets + place * BUCKET_BYTES
    const key = from.count(at)
    if (key > 0) found.push([key - 1, from.word(at + 8)])
  }
  return histogramOf(capacity.bucketsMax, kind, kind === BOTH ? 0 : from.word(LEVEL), found)
}

const readSamples = (from: StateReader): ColumnState['samples'] => ({
  list: Array.from({ length: from.word(SAMPLE_COUNT) }, (_, i) => {
    const at = SAMPLES + i * SAMPLE_BYTES
    return { low: from.word(at), high: from.word(at + 4), kept: from.copy(at + 12, from.word(at + 8)) }
  }),
})

/** The column whose finished state lies at `at` in the kernel's memory, as copies. */
export const readKernelColumn = (kernel: Kernel, at: number, capacity: Capacity): ColumnState => {
  const from = new StateReader(kernel, at)
  const values = from.count(0)
  return {
    count: {
      values,
      points: from.count(POINTS),
      pointsMin: values === 0 ? Number.MAX_SAFE_INTEGER : from.word(POINTS_MIN),
      pointsMax: from.word(POINTS_MAX),
    },
    sightings: readSightings(from),
    extent: readExtent(from),
    moments: readMoments(from),
    histogram: readHistogram(from, capacity),
    distinct: readDistinct(from, capacity),
    frequent: readFrequent(from, capacity),
    samples: readSamples(from),
  }
}
