/**
 * Bitmaps in a kernel's memory, one bit a record, and how they are combined under three-valued logic: what is neither TRUE nor UNKNOWN, and alive, is FALSE.
 * A batch takes some eighty words: loops over them cost nothing beside reading the records.
 */

import { BITMAP_LEVELS, type Kernel } from '../../csv/kernel-memory.ts'
import { selectionWords } from '../../csv/selection.ts'

export interface Bits {
  readonly words: Uint32Array
  /** Where they lie in the kernel's memory. */
  readonly address: number
}

/** The bitmaps of one level of a clause's tree: the answer of the node on it, and the records that its operands are still asked about. */
export interface Level {
  readonly trues: Bits
  readonly unknowns: Bits
  readonly live: Bits
}

export interface Bitmaps {
  readonly levels: readonly Level[]
  /** Records that a test leaves to the host. */
  readonly asks: Bits
}

/** The bitmaps of a kernel. */
export const bitmapsOf = ({ map, words }: Kernel): Bitmaps => {
  const bits = (i: number): Bits => {
    const address = map.bitmaps + i * map.bitmapBytes
    return { address, words: words.subarray(address >>> 2, (address + map.bitmapBytes) >>> 2) }
  }
  const level = (_: unknown, i: number): Level => ({ trues: bits(3 * i + 1), unknowns: bits(3 * i + 2), live: bits(3 * i + 3) })
  return { asks: bits(0), levels: Array.from({ length: BITMAP_LEVELS }, level) }
}

/** Words that `count` records take. */
export const wordsFor = selectionWords

export const copyBits = (from: Bits, to: Bits, words: number): void => {
  for (let w = 0; w < words; w++) to.words[w] = from.words[w]!
}

export const clearBits = (bits: Bits, words: number): void => {
  bits.words.fill(0, 0, words)
}

export const hasBits = (bits: Bits, words: number): boolean => {
  for (let w = 0; w < words; w++) if (bits.words[w] !== 0) return true
  return false
}

/** Records that are TRUE or, where that matters, UNKNOWN: those that a further conjunct can still make FALSE. */
export const openOfAnd = (into: Bits, { trues, unknowns }: Level, words: number): void => {
  for (let w = 0; w < words; w++) into.words[w] = trues.words[w]! | unknowns.words[w]!
}

/** answer := answer AND item, where `item` was asked about the open records only. */
export const andInto = (answer: Level, item: Level, words: number): void => {
  for (let w = 0; w < words; w++) {
    const t = answer.trues.words[w]!
    const u = answer.unknowns.words[w]!
    const itemTrue = item.trues.words[w]!
    const itemUnknown = item.unknowns.words[w]!
    answer.trues.words[w] = t & itemTrue
    answer.unknowns.words[w] = (t & itemUnknown) | (u & (itemTrue | itemUnknown))
  }
}

/** Live records that are not TRUE yet: those that a further disjunct can still make TRUE. */
export const openOfOr = (into: Bits, alive: Bits, { trues }: Level, words: number): void => {
  for (let w = 0; w < words; w++) into.words[w] = alive.words[w]! & ~trues.words[w]!
}

/** answer := answer OR item, where `item` was asked about the open records only. */
export const orInto = (answer: Level, item: Level, words: number): void => {
  for (let w = 0; w < words; w++) {
    const t = answer.trues.words[w]! | item.trues.words[w]!
    answer.trues.words[w] = t
    answer.unknowns.words[w] = (answer.unknowns.words[w]! | item.unknowns.words[w]!) & ~t
  }
}

/** answer := NOT item. */
export const notInto = (answer: Level, item: Level, alive: Bits, words: number): void => {
  for (let w = 0; w < words; w++) {
    const t = item.trues.words[w]!
    const u = item.unknowns.words[w]!
    answer.trues.words[w] = alive.words[w]! & ~(t | u)
    answer.unknowns.words[w] = u
  }
}

/** answer := TRUE where the item's answer is `what` (or is not, if negated), else FALSE; never UNKNOWN. */
export const isInto = (answer: Level, item: Level, alive: Bits, what: 'NULL' | 'TRUE' | 'FALSE', negated: boolean, words: number): void => {
  for (let w = 0; w < words; w++) {
    const a = alive.words[w]!
    const t = item.trues.words[w]!
    const u = item.unknowns.words[w]!
    const found = what === 'NULL' ? u : what === 'TRUE' ? t : a & ~(t | u)
    answer.trues.words[w] = negated ? a & ~found : found
    answer.unknowns.words[w] = 0
  }
}
