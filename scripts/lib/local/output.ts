/**
 * Where do the rows of a local run go? To stdout or a device as they come, or into files that are whole as soon as they are there.
 * Rejected rows lie beside a file; where the rows go to a stream they are only counted.
 */
import { createWriteStream } from 'node:fs'
import type { Writable } from 'node:stream'
import { Gather } from '../../../shared/operations/gather.ts'
import type { Reject, Sink } from '../../../shared/operations/operation.ts'
import { REJECTS_HEADER, rejectRows } from '../../../shared/operations/rejects.ts'
import type { Target } from '../cut-args.ts'
import { Draft, written } from '../save.ts'

/** Fewer bytes than this wait for the next block: a write has its price. */
const WRITE_BYTES_MIN = 512 * 1024

/** One place that bytes go to. */
interface Place {
  write(bytes: Uint8Array): Promise<void>
  finish(): Promise<void>
  /** Leaves nothing behind. */
  abort(): Promise<void>
}

const filePlace = async (file: string, isReplacing: boolean): Promise<Place> => {
  const draft = await Draft.open(file)
  return { write: (bytes) => draft.write(bytes), finish: () => draft.publish(isReplacing), abort: () => draft.discard() }
}

const stdoutPlace: Place = { write: (bytes) => written(process.stdout, bytes), finish: async () => {}, abort: async () => {} }

const devicePlace = (file: string): Place => {
  const stream: Writable = createWriteStream(file)
  // What goes wrong is heard where it is written.
  stream.on('error', () => {})
  return {
    write: (bytes) => written(stream, bytes),
    finish: () => new Promise((done) => stream.end(() => done())),
    abort: async () => void stream.destroy(),
  }
}

const NOWHERE: Place = { write: async () => {}, finish: async () => {}, abort: async () => {} }

const placeOf = async (target: Target): Promise<Place> => {
  if (target.kind === 'answer') return NOWHERE
  if (target.kind === 'path') return filePlace(target.path, target.isReplacing)
  return target.path === null ? stdoutPlace : devicePlace(target.path)
}

export class LocalOutput implements Sink {
  readonly #target: Target
  readonly #place: Place
  readonly #gather = new Gather()
  #rejects: Place | null = null
  readonly #lineBase: number
  #byteCount = 0

  private constructor(target: Target, place: Place, lineBase: number) {
    this.#target = target
    this.#place = place
    this.#lineBase = lineBase
  }

  /** `lineBase`: physical lines before those that the lines of rejects count from. */
  static async open(target: Target, lineBase: number): Promise<LocalOutput> {
    return new LocalOutput(target, await placeOf(target), lineBase)
  }

  /** Bytes written so far. */
  get byteCount(): number {
    return this.#byteCount
  }

  /** Where the rejected rows are; null: there were none, or they were only counted. */
  get rejectsPath(): string | null {
    return this.#rejects && this.#target.kind === 'path' ? this.#target.rejects : null
  }

  keep(bytes: Uint8Array): void {
    this.#gather.keep(bytes)
  }

  reject(reject: Reject): void {
    if (this.#target.kind === 'path') this.#gather.reject(reject)
  }

  /** Writes what has come together, if it is worth a write. */
  async drain(): Promise<void> {
    if (this.#gather.byteCount >= WRITE_BYTES_MIN) await this.#writeKept()
    await this.#writeRejects()
  }

  /** Writes the rest; files appear now. */
  async finish(): Promise<void> {
    await this.#writeKept()
    await this.#writeRejects()
    await this.#rejects?.finish()
    await this.#place.finish()
  }

  async abort(): Promise<void> {
    await this.#place.abort()
    await this.#rejects?.abort()
  }

  async #writeKept(): Promise<void> {
    const bytes = this.#gather.takeBytes()
    if (bytes.length === 0) return
    await this.#place.write(bytes)
    this.#byteCount += bytes.length
  }

  async #writeRejects(): Promise<void> {
    const rejects = this.#gather.takeRejects()
    if (rejects.length === 0 || this.#target.kind !== 'path') return
    if (!this.#rejects) {
      this.#rejects = await filePlace(this.#target.rejects, this.#target.isReplacing)
      await this.#rejects.write(REJECTS_HEADER)
    }
    await this.#rejects.write(rejectRows(rejects, this.#lineBase))
  }
}
