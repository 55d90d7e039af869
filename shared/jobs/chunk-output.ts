/**
 * Where a chunk's records go: the output object, the rejects as a CSV of their own, the operation's state. Batches are gathered and written once each;
 * nothing is visible until `finish`.
 */
import { stringify } from 'csv-stringify/sync'
import { binaryText, fromBinaryText, utf8 } from '../base/bytes.ts'
import { ObjectWriter } from '../files/object-writer.ts'
import type { Reject, Sink } from '../operations/operation.ts'
import type { Ports } from '../ports.ts'
import type { ChunkObject } from './chunk.ts'

export interface OutputKeys {
  /** Null: this operation makes no file. */
  readonly output: string | null
  readonly rejects: string
}

const CSV = 'text/csv; charset=utf-8'
const REJECT_COLUMNS = 'record,line,byte_offset,reason,raw\n'

export class ChunkOutput implements Sink {
  readonly #ports: Pick<Ports, 'store'>
  readonly #keys: OutputKeys
  readonly #lineBase: number
  readonly #output: ObjectWriter | null
  #rejects: ObjectWriter | null = null
  #pending = new Uint8Array(0)
  #filled = 0
  #rejected: Reject[] = []

  /** `lineBase`: physical lines before the chunk. */
  constructor(ports: Pick<Ports, 'store'>, keys: OutputKeys, lineBase: number) {
    this.#ports = ports
    this.#keys = keys
    this.#lineBase = lineBase
    this.#output = keys.output === null ? null : new ObjectWriter(ports.store, keys.output, CSV)
  }

  keep(bytes: Uint8Array): void {
    if (!this.#output) return
    if (this.#filled + bytes.length > this.#pending.length) {
      const grown = new Uint8Array(2 * (this.#filled + bytes.length))
      grown.set(this.#pending.subarray(0, this.#filled))
      this.#pending = grown
    }
    this.#pending.set(bytes, this.#filled)
    this.#filled += bytes.length
  }

  reject(reject: Reject): void {
    this.#rejected.push({ ...reject, raw: reject.raw.slice() })
  }

  /** Writes what was gathered since the last time. */
  async drain(): Promise<void> {
    if (this.#filled > 0) await this.#output?.write(this.#pending.subarray(0, this.#filled))
    this.#filled = 0
    if (this.#rejected.length === 0) return
    this.#rejects ??= await this.#openRejects()
    this.#rejected.sort((a, b) => a.record - b.record)
    await this.#rejects.write(rejectRows(this.#rejected, this.#lineBase))
    this.#rejected = []
  }

  /** Publishes the objects. */
  async finish(): Promise<{ readonly output: ChunkObject | null; readonly rejects: ChunkObject | null }> {
    await this.drain()
    return { output: this.#output && (await published(this.#output)), rejects: this.#rejects && (await published(this.#rejects)) }
  }

  /** Leaves nothing behind, not even what was published already. */
  async abort(): Promise<void> {
    for (const writer of [this.#output, this.#rejects]) {
      await writer?.abort()
      if (writer) await this.#ports.store.remove(writer.key)
    }
  }

  async #openRejects(): Promise<ObjectWriter> {
    const writer = new ObjectWriter(this.#ports.store, this.#keys.rejects, CSV)
    await writer.write(utf8(REJECT_COLUMNS))
    return writer
  }
}

const published = async (writer: ObjectWriter): Promise<ChunkObject> => {
  const { key, etag, bytes, sha256 } = await writer.finish()
  return { key, etag, bytes, sha256 }
}

/** The rows of the rejects file. Raw bytes pass through as they are: they are quoted as a text with one character a byte. */
const rejectRows = (rejects: readonly Reject[], lineBase: number): Uint8Array =>
  fromBinaryText(
    stringify(
      rejects.map(({ record, line, byteOffset, reason, raw }) => [
        record,
        line + lineBase,
        byteOffset,
        reason,
        binaryText(withoutLineEnd(raw)),
      ]),
    ),
  )

const withoutLineEnd = (raw: Uint8Array): Uint8Array => {
  const last = raw[raw.length - 1]
  if (last !== 10 && last !== 13) return raw
  return raw.subarray(0, raw.length - (last === 10 && raw[raw.length - 2] === 13 ? 2 : 1))
}
