/**
 * Where may a text in an East Asian encoding be cut? Only behind an LF or a CR: these bytes are never a part of a longer sequence, and whatever came before them is over. (Cut within a
 * sequence that is invalid, the platform's decoder throws instead of replacing it.) A line longer than a record may be is cut wherever that many bytes end.
 */
import { concatBytes } from '../../base/bytes.ts'
import { LIMITS } from '../../base/limits.ts'

const LF = 10
const CR = 13

export class WholeLines {
  readonly #lineBytesMax: number
  /** The beginning of a line whose end has not come; shorter than the longest there may be. */
  #rest = new Uint8Array(0)

  constructor(lineBytesMax: number = LIMITS.recordBytesMax) {
    this.#lineBytesMax = lineBytesMax
  }

  /** The lines that `bytes` end, in pieces that can be read by themselves. Which bytes share a piece does not matter, where pieces end does: the same places for any split. */
  push(bytes: Uint8Array): Uint8Array[] {
    const all = this.#rest.length === 0 ? bytes : concatBytes([this.#rest, bytes])
    const pieces: Uint8Array[] = []
    let [from, lineStart] = [0, 0]
    for (let at = this.#rest.length; at < all.length; at++) {
      if (all[at] === LF || all[at] === CR) lineStart = at + 1
      else if (at + 1 - lineStart === this.#lineBytesMax) {
        lineStart = at + 1
        pieces.push(all.subarray(from, lineStart))
        from = lineStart
      }
    }
    if (lineStart > from) pieces.push(all.subarray(from, lineStart))
    this.#rest = all.slice(lineStart)
    return pieces
  }

  /** What is left at the end of the input. */
  finish(): Uint8Array {
    return this.#rest
  }
}
