/** A list that is opened: its first bytes looked at, its dialect and columns known, its data still to come. By the very code that the service settles files with. */
import { concatBytes } from '../../../shared/base/bytes.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { safeText } from '../../../shared/client/terminal-text.ts'
import type { Dialect } from '../../../shared/csv/dialect.ts'
import { type DialectHints, HEADER_SAMPLE_BYTES, type Sniffed, sniff } from '../../../shared/csv/sniff/sniff.ts'
import { type HeaderRecord, headerRecord } from '../../../shared/operations/header-record.ts'
import { CommandError } from '../command.ts'
import type { Blocks } from './blocks.ts'

export interface OpenList {
  readonly dialect: Dialect
  readonly columns: readonly string[]
  /** What the sniffer has to say. */
  readonly notes: readonly string[]
  readonly header: HeaderRecord
  /** The bytes from dialect.headerEnd on, in blocks. Once. */
  readonly data: Blocks
}

/** The first bytes of some blocks, kept, with the rest to follow. */
class Beginning {
  readonly #blocks: Blocks
  #pieces: Uint8Array[] = []
  #bytes = 0
  #isEnd = false

  constructor(blocks: Blocks) {
    this.#blocks = blocks
  }

  /** The first `length` bytes, fewer where there are not so many; and whether that is all. */
  async look(length: number): Promise<{ sample: Uint8Array; isWhole: boolean }> {
    while (this.#bytes <= length && !this.#isEnd) {
      const { value, done } = await this.#blocks.next()
      this.#isEnd = done === true
      if (!value) continue
      this.#pieces.push(value.slice())
      this.#bytes += value.length
    }
    const all = concatBytes(this.#pieces)
    this.#pieces = [all]
    return { sample: all.subarray(0, length), isWhole: this.#isEnd && this.#bytes <= length }
  }

  /** Everything from `offset` on, which lies in what was looked at. Lets go of the kept bytes. */
  async *from(offset: number): Blocks {
    const kept = concatBytes(this.#pieces)
    this.#pieces = []
    for (let at = offset; at < kept.length; at += LIMITS.blockBytes) yield kept.subarray(at, at + LIMITS.blockBytes)
    yield* this.#blocks
  }
}

const look = async (beginning: Beginning, hints: DialectHints): Promise<Sniffed> => {
  const first = await beginning.look(LIMITS.sniffBytes)
  const sniffed = sniff(first.sample, first.isWhole, hints)
  if (sniffed.ok || !sniffed.needMore) return sniffed
  const more = await beginning.look(HEADER_SAMPLE_BYTES)
  return sniff(more.sample, more.isWhole, hints)
}

/** Opens the list that begins with these blocks. Throws CommandError, with what the service would say, where it is none. */
export const openList = async (blocks: Blocks, name: string, hints: DialectHints): Promise<OpenList> => {
  const beginning = new Beginning(blocks)
  const sniffed = await look(beginning, hints)
  if (!sniffed.ok) throw new CommandError(`${safeText(name)}: ${safeText(sniffed.problem.detail)} (${sniffed.problem.code})`)
  const { dialect, columns, notes } = sniffed
  const { sample } = await beginning.look(dialect.headerEnd)
  return { dialect, columns, notes, header: headerRecord(sample, dialect), data: beginning.from(dialect.headerEnd) }
}
