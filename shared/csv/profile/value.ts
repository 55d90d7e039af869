/** How is one value kept? A copy of at most its first 64 bytes, with a mark that something was cut off. */
import { textOf } from '../../base/bytes.ts'
import { LIMITS } from '../../base/limits.ts'
import type { Cell } from './cell.ts'

const VALUE_BYTES = LIMITS.profileValueBytesMax

/** How many of the cell's bytes are kept. */
export const keptLength = (cell: Cell): number => Math.min(cell.to - cell.from, VALUE_BYTES + 1)

/** A copy of the first bytes of a cell: one more than are shown, which says that the value goes on. */
export const keptBytes = (cell: Cell): Uint8Array => cell.bytes.slice(cell.from, cell.from + keptLength(cell))

/** The last place at or before `at` where a UTF-8 character may end. */
const characterEnd = (bytes: Uint8Array, at: number): number => {
  let end = at
  while (end > at - 3 && (bytes[end]! & 0xc0) === 0x80) end--
  return end
}

/** Text of kept bytes; a value that is longer than what was kept ends in …, between two characters. */
export const keptText = (kept: Uint8Array): string =>
  kept.length <= VALUE_BYTES ? textOf(kept) : `${textOf(kept.subarray(0, characterEnd(kept, VALUE_BYTES)))}…`
