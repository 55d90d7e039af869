/**
 * Lets other work of the same process run in the middle of long work: on one machine the API and the consumers share a thread, and waiting for storage or database alone lets nobody in
 * (measured). Counted in bytes, for quick work, and in time, for slow: a clause that is worked out in JavaScript takes half a second for what the kernel does in a few milliseconds.
 */
import type { Clock } from './clock.ts'
import { LIMITS } from './limits.ts'

export class Breath {
  readonly #clock: Clock
  #bytes = 0
  #drawnAt: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#drawnAt = clock.now()
  }

  /** Called after every piece of work; yields when it is time. */
  async after(bytes: number): Promise<void> {
    this.#bytes += bytes
    if (this.#bytes < LIMITS.yieldBytes && this.#clock.now() - this.#drawnAt < LIMITS.yieldMs) return
    await this.#clock.sleep(0)
    this.#bytes = 0
    this.#drawnAt = this.#clock.now()
  }
}
