/** A sink that gathers what a pass gives out, until whoever writes it comes by: one write a block instead of one a record. */
import type { Reject, Sink } from './operation.ts'

export class Gather implements Sink {
  #bytes = new Uint8Array(0)
  #filled = 0
  #rejects: Reject[] = []

  keep(bytes: Uint8Array): void {
    if (this.#filled + bytes.length > this.#bytes.length) {
      const grown = new Uint8Array(2 * (this.#filled + bytes.length))
      grown.set(this.#bytes.subarray(0, this.#filled))
      this.#bytes = grown
    }
    this.#bytes.set(bytes, this.#filled)
    this.#filled += bytes.length
  }

  reject(reject: Reject): void {
    this.#rejects.push({ ...reject, raw: reject.raw.slice() })
  }

  /** How many bytes are waiting. */
  get byteCount(): number {
    return this.#filled
  }

  /** The bytes kept since the last time; they hold until the next `keep`. */
  takeBytes(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#filled)
    this.#filled = 0
    return bytes
  }

  /** The rejects since the last time, in the order of the input. */
  takeRejects(): readonly Reject[] {
    const rejects = this.#rejects
    this.#rejects = []
    return rejects.sort((a, b) => a.record - b.record)
  }
}
