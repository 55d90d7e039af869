/**
 * Where a chunk's records go: the output object, the rejects as a CSV of their own, the operation's state. Batches are gathered and written once each;
 * nothing is visible until `finish`.
 */
import { AppError } from '../base/errors.ts'
import { LIMITS } from '../base/limits.ts'
import { ObjectWriter } from '../files/object-writer.ts'
import { Gather } from '../operations/gather.ts'
import type { Reject, Sink } from '../operations/operation.ts'
import { REJECTS_HEADER, rejectRows } from '../operations/rejects.ts'
import type { Ports } from '../ports.ts'
import type { ChunkObject } from './chunk.ts'

export interface OutputPlaces {
  /** Null: this operation makes no file. */
  readonly output: { readonly key: string; readonly contentType: string } | null
  /** The rejects' key. */
  readonly rejects: string
}

const tooLarge = () =>
  new AppError(
    'output_too_large',
    `One job writes at most ${LIMITS.outputBytesMax} bytes. Take fewer columns, another format (ndjson repeats the names in every row), or fewer rows.`,
  )

const CSV = 'text/csv; charset=utf-8'

export class ChunkOutput implements Sink {
  readonly #ports: Pick<Ports, 'store' | 'sizes'>
  readonly #rejectsKey: string
  readonly #lineBase: number
  readonly #output: ObjectWriter | null
  #rejects: ObjectWriter | null = null
  readonly #gather = new Gather()

  /** `lineBase`: physical lines before the chunk. */
  constructor(ports: Pick<Ports, 'store' | 'sizes'>, { output, rejects }: OutputPlaces, lineBase: number) {
    this.#ports = ports
    this.#rejectsKey = rejects
    this.#lineBase = lineBase
    this.#output = output && new ObjectWriter(ports.store, output.key, output.contentType, ports.sizes.partBytes)
  }

  keep(bytes: Uint8Array): void {
    if (this.#output) this.#gather.keep(bytes)
  }

  reject(reject: Reject): void {
    this.#gather.reject(reject)
  }

  /** Writes what was gathered since the last time. */
  async drain(): Promise<void> {
    const bytes = this.#gather.takeBytes()
    if (bytes.length > 0) await this.#output?.write(bytes)
    if (this.#output && this.#output.bytes > LIMITS.outputBytesMax) throw tooLarge()
    const rejects = this.#gather.takeRejects()
    if (rejects.length === 0) return
    this.#rejects ??= await this.#openRejects()
    await this.#rejects.write(rejectRows(rejects, this.#lineBase))
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
    const writer = new ObjectWriter(this.#ports.store, this.#rejectsKey, CSV, this.#ports.sizes.partBytes)
    await writer.write(REJECTS_HEADER)
    return writer
  }
}

const published = async (writer: ObjectWriter): Promise<ChunkObject> => {
  const { key, etag, bytes, sha256 } = await writer.finish()
  return { key, etag, bytes, sha256 }
}
