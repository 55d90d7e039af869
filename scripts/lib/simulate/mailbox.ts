/** A queue with its consumers: a message comes to one of so many invocations, with others where it takes batches; of its messages only so many a second. */
import { Stage, type StageFigures } from './stage.ts'
import type { Process, Timeline } from './timeline.ts'

export interface MailboxOptions {
  readonly name: string
  readonly consumersMax: number
  readonly messagesPerS: number
  /** From sending to the consumer, in milliseconds. */
  readonly wayMs: number
  readonly batchMax: number
}

export class Mailbox {
  readonly #time: Timeline
  readonly #options: MailboxOptions
  readonly #stage: Stage
  #waiting: (() => Process)[] = []
  #sent = 0
  #invocations = 0

  constructor(time: Timeline, options: MailboxOptions) {
    this.#time = time
    this.#options = options
    this.#stage = new Stage(time, options.name, options.consumersMax, options.messagesPerS)
  }

  /** Messages sent, and invocations that took them. */
  get sent(): number {
    return this.#sent
  }
  get invocations(): number {
    return this.#invocations
  }

  /** Sends a message: `work` is what its consumer does with it. */
  send(work: () => Process, delayMs = 0): void {
    this.#sent++
    this.#time.start(this.#deliver(work, delayMs))
  }

  figures(lengthMs: number): StageFigures {
    return this.#stage.figures(lengthMs)
  }

  *#deliver(work: () => Process, delayMs: number): Process {
    yield this.#time.sleep(this.#options.wayMs + delayMs)
    this.#waiting.push(work)
    const came = this.#time.now
    yield this.#stage.enter()
    const batch = this.#waiting.splice(0, this.#options.batchMax)
    if (batch.length > 0) this.#invocations++
    for (const one of batch) yield* one()
    this.#stage.leave(came)
  }
}
