/** A place where things wait for their turn: so many servers, first come, first served, at most so many beginnings a second. Keeps the figures of queueing theory. */
import type { Timeline, Wait } from './timeline.ts'

export interface StageFigures {
  readonly name: string
  readonly served: number
  /** The share of time in which a server was busy, over all servers. */
  readonly utilisation: number
  /** The time average of those here, waiting and served; and the most that waited at once. */
  readonly meanHere: number
  readonly mostWaiting: number
  /** From coming to going, in milliseconds. */
  readonly meanMs: number
  /** Beginnings as a share of what the rate allows; null: nothing limits the rate. */
  readonly rateUsed: number | null
}

export class Stage {
  readonly #time: Timeline
  readonly #name: string
  readonly #servers: number
  readonly #gapMs: number
  readonly #waiting: { begin: () => void; came: number }[] = []
  #head = 0
  #busy = 0
  #nextBegin = 0
  #isHeld = false
  // Figures
  #here = 0
  #served = 0
  #hereTime = 0
  #busyTime = 0
  #sojourn = 0
  #mostWaiting = 0
  #last = 0

  /** `ratePerS`: beginnings a second at most. */
  constructor(time: Timeline, name: string, servers: number, ratePerS: number = Number.POSITIVE_INFINITY) {
    this.#time = time
    this.#name = name
    this.#servers = servers
    this.#gapMs = 1000 / ratePerS
  }

  /** Waits for a server, which is then held until `leave`. */
  enter(): Wait {
    return (goOn) => {
      this.#pass()
      this.#here++
      this.#waiting.push({ begin: goOn, came: this.#time.now })
      this.#serve()
      this.#mostWaiting = Math.max(this.#mostWaiting, this.#waiting.length - this.#head)
    }
  }

  /** Gives the server back. `came`: when it was asked for. */
  leave(came: number): void {
    this.#pass()
    this.#here--
    this.#busy--
    this.#served++
    this.#sojourn += this.#time.now - came
    this.#serve()
  }

  /** Is served for a while: enter, stay, leave. */
  *use(ms: number): Generator<Wait, void, void> {
    const came = this.#time.now
    yield this.enter()
    yield this.#time.sleep(ms)
    this.leave(came)
  }

  /** Over all of a run of this length. */
  figures(lengthMs: number): StageFigures {
    this.#pass()
    const length = Math.max(lengthMs, Number.MIN_VALUE)
    return {
      name: this.#name,
      served: this.#served,
      utilisation: this.#busyTime / length / this.#servers,
      meanHere: this.#hereTime / length,
      mostWaiting: this.#mostWaiting,
      meanMs: this.#served === 0 ? 0 : this.#sojourn / this.#served,
      rateUsed: this.#gapMs === 0 ? null : (this.#served * this.#gapMs) / length,
    }
  }

  /** Time goes by with as many here and busy as there were. */
  #pass(): void {
    const spent = this.#time.now - this.#last
    this.#last = this.#time.now
    this.#hereTime += spent * this.#here
    this.#busyTime += spent * this.#busy
  }

  #serve(): void {
    while (this.#busy < this.#servers && this.#head < this.#waiting.length && !this.#isHeld) {
      const { now } = this.#time
      if (now < this.#nextBegin) {
        this.#isHeld = true
        this.#time.after(this.#nextBegin - now, () => {
          this.#isHeld = false
          this.#pass()
          this.#serve()
        })
        return
      }
      this.#nextBegin = Math.max(this.#nextBegin, now - this.#gapMs) + this.#gapMs
      const next = this.#waiting[this.#head]!
      this.#head++
      if (this.#head > 1024 && this.#head * 2 > this.#waiting.length) this.#head -= this.#waiting.splice(0, this.#head).length
      this.#busy++
      next.begin()
    }
  }
}
