/** What a clause compares with, put into the kernel's memory: texts, lists, tables, patterns. There is room for what a clause of 4 KiB can hold; a leaf that finds none is left to the host. */
import type { Kernel } from '../../csv/kernel-memory.ts'

/** A text's head, length and address. */
const SLOT_BYTES = 16
const HEAD_BYTES = 8
const MIX = 0x9e3779b97f4a7c15n
const MASK_64 = 0xffffffffffffffffn

export class Constants {
  readonly #kernel: Kernel
  readonly #view: DataView
  #used = 0

  constructor(kernel: Kernel) {
    this.#kernel = kernel
    this.#view = new DataView(kernel.bytes.buffer)
  }

  /** Room for `length` bytes, aligned to eight; null: there is none left. */
  #take(length: number): number | null {
    const { constants, constantBytes } = this.#kernel.map
    const at = this.#used
    if (at + length > constantBytes) return null
    this.#used = (at + length + 7) & ~7
    return constants + at
  }

  text(bytes: Uint8Array): number | null {
    const at = this.#take(bytes.length)
    if (at !== null) this.#kernel.bytes.set(bytes, at)
    return at
  }

  /** Doubles, ascending. */
  numbers(values: readonly number[]): number | null {
    const at = this.#take(values.length * 8)
    if (at === null) return null
    for (const [i, value] of [...values].sort((a, b) => a - b).entries()) this.#view.setFloat64(at + i * 8, value, true)
    return at
  }

  parts(parts: readonly number[]): number | null {
    const at = this.#take(parts.length * 2)
    if (at === null) return null
    for (const [i, part] of parts.entries()) this.#view.setInt16(at + i * 2, part, true)
    return at
  }

  /** Pairs of address and length. */
  pieces(pieces: readonly Uint8Array[]): number | null {
    const at = this.#take(pieces.length * 8)
    if (at === null) return null
    for (const [i, piece] of pieces.entries()) {
      const text = this.text(piece)
      if (text === null) return null
      this.#view.setUint32(at + i * 8, text, true)
      this.#view.setUint32(at + i * 8 + 4, piece.length, true)
    }
    return at
  }

  /** An open table of texts, at most half full; the empty text is left out, because no field is it. */
  table(texts: readonly Uint8Array[]): { readonly at: number; readonly slots: number } | null {
    const slots = 2 ** Math.ceil(Math.log2(2 * texts.length + 1))
    const at = this.#take(slots * SLOT_BYTES)
    if (at === null) return null
    this.#kernel.bytes.fill(0, at, at + slots * SLOT_BYTES)
    for (const bytes of texts) if (bytes.length > 0 && !this.#addToTable(at, slots, bytes)) return null
    return { at, slots }
  }

  /** The kernel looks a text up by the same rule (shared/csv/kernel/text.ts). False: no room for it. */
  #addToTable(table: number, slots: number, bytes: Uint8Array): boolean {
    const text = this.text(bytes)
    if (text === null) return false
    let head = 0n
    for (let i = Math.min(bytes.length, HEAD_BYTES) - 1; i >= 0; i--) head = (head << 8n) | BigInt(bytes[i]!)
    const mixed = ((head ^ BigInt(bytes.length)) * MIX) & MASK_64
    let slot = Number(mixed >> 32n) & (slots - 1)
    while (this.#view.getUint32(table + slot * SLOT_BYTES + HEAD_BYTES, true) !== 0) slot = (slot + 1) & (slots - 1)
    const entry = table + slot * SLOT_BYTES
    this.#view.setBigUint64(entry, head, true)
    this.#view.setUint32(entry + HEAD_BYTES, bytes.length, true)
    this.#view.setUint32(entry + HEAD_BYTES + 4, text, true)
    return true
  }
}
