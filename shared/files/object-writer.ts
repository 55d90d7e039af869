/**
 * Writes an object whose length is not known, with one part of it in memory: a small one in one put, a bigger one as a multipart upload of equal parts.
 * Nothing is visible until `finish`; `abort` leaves nothing. The key is this writer's alone: it holds a fence, a version or the id of a file that is being made.
 */
import { assert } from '../base/assert.ts'
import { sha256Stream } from '../base/crypto.ts'
import { LIMITS } from '../base/limits.ts'
import { putOnce } from './put-once.ts'
import type { Part, Store, StoredObject } from './store.ts'

export interface WrittenObject extends StoredObject {
  /** Lower-case hex, over all bytes in order. */
  readonly sha256: string
}

export class ObjectWriter {
  readonly #store: Store
  readonly #key: string
  readonly #contentType: string
  readonly #hash = sha256Stream()
  readonly #part: Uint8Array
  #filled = 0
  #total = 0
  #uploadId: string | null = null
  #parts: Part[] = []

  /** `partBytes`: at least 5 MiB for R2; tests with other stores may use less. */
  constructor(store: Store, key: string, contentType: string, partBytes: number = LIMITS.partBytes) {
    this.#store = store
    this.#key = key
    this.#contentType = contentType
    this.#part = new Uint8Array(partBytes)
  }

  get key(): string {
    return this.#key
  }

  /** Bytes taken so far. */
  get bytes(): number {
    return this.#total
  }

  /** Takes the bytes (they are copied); waits only where a part is full. */
  async write(bytes: Uint8Array): Promise<void> {
    let rest = bytes
    while (rest.length > 0) {
      if (this.#filled === this.#part.length) await this.#flush()
      const room = rest.subarray(0, this.#part.length - this.#filled)
      this.#part.set(room, this.#filled)
      this.#hash.update(room)
      this.#filled += room.length
      this.#total += room.length
      rest = rest.subarray(room.length)
    }
  }

  /** Publishes the object. */
  async finish(): Promise<WrittenObject> {
    const sha256 = this.#hash.digest()
    if (this.#uploadId === null) {
      const object = await putOnce(this.#store, this.#key, this.#part.subarray(0, this.#filled), { sha256, contentType: this.#contentType })
      return { ...object, sha256 }
    }
    await this.#flush()
    return { ...(await this.#store.completeMultipart(this.#key, this.#uploadId, this.#parts)), sha256 }
  }

  /** Gives up what was written so far. */
  async abort(): Promise<void> {
    if (this.#uploadId !== null) await this.#store.abortMultipart(this.#key, this.#uploadId)
  }

  async #flush(): Promise<void> {
    this.#uploadId ??= await this.#store.createMultipart(this.#key, this.#contentType)
    const number = this.#parts.length + 1
    assert(number <= LIMITS.partsMax, 'an object has at most 10,000 parts')
    this.#parts.push(await this.#store.uploadPart(this.#key, this.#uploadId, number, this.#part.subarray(0, this.#filled)))
    this.#filled = 0
  }
}
