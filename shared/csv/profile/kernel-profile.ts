/**
 * A profile that grows in the kernel's memory: the same sketches, fed there by ../kernel/profile/, a column at a time. The few cells that the kernel does not decide are read here, by
 * the twin's own functions. What comes out is a ProfileState like any other.
 */
import { assert } from '../../base/assert.ts'
import type { Dialect } from '../dialect.ts'
import { fieldBytes } from '../field.ts'
import { type Kernel, recordsMax, STATE_BYTES_MAX } from '../kernel-memory.ts'
import type { RecordBatch } from '../record-batch.ts'
import { type Budget, type Capacity, capacityOf } from './capacity.ts'
import { type Cell, makeCell, readCell } from './cell.ts'
import { repeatsHeader } from './header-rows.ts'
import { kernelColumnBytes, readKernelColumn } from './kernel-column.ts'
import { ODDITIES } from './oddities.ts'
import type { ProfileState } from './profile.ts'
import { DECIMAL, INTEGER } from './type-code.ts'

/** Where in the kernel's output its list of records begins, and what a name is as long as that no record repeats. */
const ASKED_AT = 256 * 1024
const NO_NAME_BYTES = 2 ** 30

/** The room that the columns' states take. */
const stateBytes = (columnCount: number, budget: Budget): number => columnCount * kernelColumnBytes(capacityOf(columnCount, budget))

/** The room that a kernel is to have for a profile of so many columns; 0 where it could not have so much: then the profile grows here. */
export const profileRoom = (columnCount: number, budget: Budget): number => {
  const bytes = stateBytes(columnCount, budget)
  return bytes <= STATE_BYTES_MAX ? bytes : 0
}

/** The kernel in whose memory this batch lies, if a profile of these columns can grow there; null: it cannot. */
export const kernelFor = ({ kernel, width }: RecordBatch, columnCount: number, budget: Budget): Kernel | null => {
  if (kernel === null || (width !== null && width !== columnCount)) return null
  const { bytes, words, map, blockBytes } = kernel
  const room = bytes.length - map.bitmaps
  // A list of records has room behind what the sketches work in.
  const hasOutput = map.outputBytes >= ASKED_AT + recordsMax(blockBytes) * words.BYTES_PER_ELEMENT
  return hasOutput && room >= stateBytes(columnCount, budget) ? kernel : null
}

const oddityBits = (cell: Cell): number =>
  ODDITIES.reduce((bits, { types, is }, row) => (types.includes(cell.type) && is(cell) ? bits | (1 << row) : bits), 0)

export class KernelProfile {
  readonly #kernel: Kernel
  readonly #state: ProfileState
  readonly #dialect: Dialect
  readonly #capacity: Capacity
  readonly #columnBytes: number
  readonly #cell = makeCell()

  /** `state`: a profile of no records. Its columns grow in the kernel until `finish`, its counts of records in it. */
  constructor(kernel: Kernel, state: ProfileState, dialect: Dialect) {
    this.#kernel = kernel
    this.#state = state
    this.#dialect = dialect
    this.#capacity = capacityOf(state.names.length, state.budget)
    this.#columnBytes = kernelColumnBytes(this.#capacity)
    const { hashesMax, slotsMax, bucketsMax } = this.#capacity
    const bytes = kernel.exports.setCapacity(hashesMax, slotsMax, bucketsMax, dialect.encoding === 'utf-8' ? 1 : 0)
    assert(bytes === this.#columnBytes, 'kernel and host agree on the size of a column')
    // What a clause has left there is gone.
    kernel.tenant = this
    for (const c of state.names.keys()) kernel.exports.clearColumn(this.#at(c))
  }

  /** Takes all records of a batch in, which lies in the kernel. */
  add(batch: RecordBatch): void {
    this.#countShapes(batch)
    const { count, rejects } = batch
    let first = 0
    for (const [i, { before }] of [...rejects, { before: count }].entries()) {
      if (before > first) this.#addRecords(batch, first, before, this.#state.records + first + i + 1)
      first = before
    }
    this.#state.rows += count
    this.#state.records += count + rejects.length
  }

  /** The whole state, its columns read from the kernel. */
  finish(): ProfileState {
    const columns = this.#state.names.map((_, c) => {
      this.#kernel.exports.finishColumn(this.#at(c))
      return readKernelColumn(this.#kernel, this.#at(c), this.#capacity)
    })
    return { ...this.#state, columns }
  }

  #at(column: number): number {
    return this.#kernel.map.bitmaps + column * this.#columnBytes
  }

  /** The records that the kernel has listed. A view: it holds until the next call. */
  #listed(count: number): Uint32Array {
    const at = (this.#kernel.map.output + ASKED_AT) >>> 2
    return this.#kernel.words.subarray(at, at + count)
  }

  #countShapes(batch: RecordBatch): void {
    const { names, nameBytes } = this.#state
    const { exports } = this.#kernel
    const name = nameBytes[0]
    const found = exports.mayRepeat(names.length, (this.#dialect.header ? name?.length : null) ?? NO_NAME_BYTES, name?.[0] ?? 0)
    this.#state.short += exports.shorter.value
    this.#state.long += exports.longer.value
    for (const r of this.#listed(found)) {
      if (!repeatsHeader(batch, r, nameBytes, this.#dialect) || this.#state.headerRows++ > 0) continue
      this.#state.firstHeaderRow = this.#state.records + r + batch.rejects.filter(({ before }) => before <= r).length + 1
    }
  }

  /** Takes the records [first, last) in, between which none was rejected. `number`: that of the first. */
  #addRecords(batch: RecordBatch, first: number, last: number, number: number): void {
    for (const c of this.#state.names.keys()) {
      const asked = this.#kernel.exports.profileColumn(this.#at(c), c, first, last, number)
      if (asked > 0) for (const r of this.#listed(asked).slice()) this.#answer(batch, c, r, number + r - first)
    }
  }

  /** Finds what the kernel could not tell about field `c` of record `r`. */
  #answer(batch: RecordBatch, c: number, r: number, number: number): void {
    const bytes = fieldBytes(batch, r, c, this.#dialect)
    readCell(this.#cell, bytes, 0, bytes.length, number, this.#dialect.encoding === 'utf-8')
    const { type, number: value } = this.#cell
    const isNumber = type === INTEGER || type === DECIMAL
    this.#kernel.exports.addAsked(this.#at(c), c, r, number, type, oddityBits(this.#cell), isNumber ? value : 0)
  }
}
