/** Where does the time of a piece of work go? Adds up what is spent waiting for each of a few things. Where the clock only moves when the world is asked (Workers, deployed), computing counts as waiting for what came next. */
import type { Clock } from './clock.ts'

export class Stopwatch<What extends string> {
  readonly #clock: Pick<Clock, 'now'>
  readonly #ms = new Map<What, number>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** Waits for the work. */
  async time<T>(what: What, work: () => Promise<T>): Promise<T> {
    const from = this.#clock.now()
    try {
      return await work()
    } finally {
      this.#ms.set(what, this.ms(what) + this.#clock.now() - from)
    }
  }

  /** The same items; waiting for each of them counts. */
  async *each<T>(what: What, items: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        const { value, done } = await this.time(what, () => items.next())
        if (done) return
        yield value as T
      }
    } finally {
      await items.return()
    }
  }

  /** So many milliseconds so far. */
  ms(what: What): number {
    return this.#ms.get(what) ?? 0
  }
}
