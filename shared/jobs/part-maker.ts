/**
 * Makes the parts of one upload and sends them, some at a time: one stream to the storage is slow, so the next part is filled while others are on their way.
 * Parts are committed in order, each with the position behind it: whoever goes on after a crash sends again what was on its way, under the same numbers.
 */
import { NO_SUCH_UPLOAD, type Part, r2Code } from '../files/store.ts'
import type { Ports } from '../ports.ts'
import { JobCanceled } from './attempt.ts'
import type { ComposePosition } from './composed.ts'
import { type CompositionRow, commitPart, type Finisher } from './composition.sql.ts'

/** What parts on their way may take of an isolate's memory, in bytes, and how many there may be: R2 gains little from more, and a Worker has six connections. */
const FLYING_BYTES_MAX = 40 * 1024 * 1024
const FLYING_MAX = 4

/** How many parts of this size are on their way at most: whoever has sent the last of them waits for the first before the next is filled, so that one alone is never filled meanwhile. */
export const flyingMax = (partBytes: number): number => Math.max(1, Math.min(FLYING_MAX, Math.floor(FLYING_BYTES_MAX / partBytes) - 1))

interface Flight {
  readonly sending: Promise<Part | null>
  /** Where the next part begins. */
  readonly next: ComposePosition
}

export class PartMaker {
  readonly #ports: Pick<Ports, 'db' | 'store' | 'clock'>
  readonly #job: Finisher
  readonly #row: CompositionRow
  readonly #flyingMax: number
  #part: Uint8Array
  #filled = 0
  #sent: number
  readonly #flying: Flight[] = []

  constructor(ports: Pick<Ports, 'db' | 'store' | 'clock'>, job: Finisher, row: CompositionRow) {
    this.#ports = ports
    this.#job = job
    this.#row = row
    this.#flyingMax = flyingMax(row.part_bytes)
    this.#part = new Uint8Array(row.part_bytes)
    this.#sent = row.parts_done
  }

  /** Nothing was sent yet, or something waits to be. */
  get isOpen(): boolean {
    return this.#filled > 0 || this.#sent === 0
  }

  get isFull(): boolean {
    return this.#filled === this.#part.length
  }

  /** Takes as many of the bytes as fit; returns how many. */
  take(bytes: Uint8Array): number {
    const room = bytes.subarray(0, this.#part.length - this.#filled)
    this.#part.set(room, this.#filled)
    this.#filled += room.length
    return room.length
  }

  /** Sends what was taken as the next part, and commits those that have arrived where too many are on their way; false: the storage knows the upload no more. */
  async send(next: ComposePosition): Promise<boolean> {
    const { object_key, upload_id } = this.#row
    const sending = arrived(this.#ports.store.uploadPart(object_key, upload_id, ++this.#sent, this.#part.subarray(0, this.#filled)))
    // Whoever waits for it hears of a failure; until then nobody does.
    sending.catch(() => {})
    this.#flying.push({ sending, next })
    this.#part = new Uint8Array(this.#part.length)
    this.#filled = 0
    return this.#flying.length < this.#flyingMax || this.#land()
  }

  /** Commits everything that is on its way. */
  async landAll(): Promise<boolean> {
    while (this.#flying.length > 0) if (!(await this.#land())) return false
    return true
  }

  /** Waits until nothing is on its way, whatever comes of it: a part that arrives after its message has failed could replace one of its successor's. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#flying.splice(0).map(({ sending }) => sending))
  }

  async #land(): Promise<boolean> {
    const flight = this.#flying.shift()
    const part = await flight?.sending
    if (!flight || !part) return false
    const [committed] = await this.#ports.db.batch(commitPart(this.#job, this.#row, part, flight.next, this.#ports.clock.now()))
    if (committed?.changes !== 1) throw new JobCanceled()
    await this.#ports.clock.sleep(0)
    return true
  }
}

/** A part that has arrived; null: its upload is gone. */
const arrived = async (sending: Promise<Part>): Promise<Part | null> => {
  try {
    return await sending
  } catch (cause) {
    if (r2Code(cause) === NO_SUCH_UPLOAD) return null
    throw cause
  }
}
