/** A list that is opened: its first bytes looked at, its dialect and columns known, its data still to come. By the very code that the service settles files with. */
import { concatBytes } from '../../../shared/base/bytes.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { safeText } from '../../../shared/client/terminal-text.ts'
import type { Replaced } from '../../../shared/csv/decode/text-decoding.ts'
import type { Dialect } from '../../../shared/csv/dialect.ts'
import { needsTwin } from '../../../shared/csv/dialect.ts'
import { type DialectHints, SECOND_LOOK_BYTES, type Sniffed } from '../../../shared/csv/sniff/sniff.ts'
import { decodeBlocks } from '../../../shared/files/decoded.ts'
import { lookAt } from '../../../shared/files/look.ts'
import { type HeaderRecord, headerRecord } from '../../../shared/operations/header-record.ts'
import { CommandError } from '../command.ts'
import type { Blocks } from './blocks.ts'

export interface OpenList {
  readonly dialect: Dialect
  readonly columns: readonly string[]
  /** What the sniffer has to say. */
  readonly notes: readonly string[]
  readonly header: HeaderRecord
  /** The bytes from dialect.headerEnd on, unpacked and decoded, in blocks. Once. */
  readonly data: Blocks
  /** What had to be replaced in what was decoded so far; null: nothing. */
  replaced(): Replaced | null
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
  async look(length: number): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
    while (this.#bytes <= length && !this.#isEnd) {
      const { value, done } = await this.#blocks.next()
      this.#isEnd = done === true
      if (!value) continue
      this.#pieces.push(value.slice())
      this.#bytes += value.length
    }
    const all = concatBytes(this.#pieces)
    this.#pieces = [all]
    return { bytes: all.subarray(0, length), isWhole: this.#isEnd && this.#bytes <= length }
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
  const sniffed = await lookAt(first, hints, LIMITS.sniffBytes)
  if (sniffed.ok || !sniffed.needMore) return sniffed
  return lookAt(await beginning.look(SECOND_LOOK_BYTES), hints, SECOND_LOOK_BYTES)
}

/** Opens the list that begins with these blocks. Throws CommandError, with what the service would say, where it is none. */
export const openList = async (blocks: Blocks, name: string, hints: DialectHints): Promise<OpenList> => {
  const beginning = new Beginning(blocks)
  const sniffed = await look(beginning, hints)
  if (!sniffed.ok) throw new CommandError(`${safeText(name)}: ${safeText(sniffed.problem.detail)} (${sniffed.problem.code})`)
  const { dialect, columns } = sniffed
  const slower = needsTwin(dialect)
  const notes = slower ? [...sniffed.notes, slower] : sniffed.notes
  const decoded = dialect.decodedFrom && decodeBlocks(beginning.from(0), dialect.decodedFrom)
  const scanned = decoded ? new Beginning(decoded.blocks) : beginning
  const header = headerRecord((await scanned.look(dialect.headerEnd)).bytes, dialect)
  return { dialect, columns, notes, header, data: scanned.from(dialect.headerEnd), replaced: () => decoded?.replaced() ?? null }
}
