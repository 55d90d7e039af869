/**
 * The queues: at least once, in no order. A message is delivered to a worker and is gone once that has taken it; if it fails or its worker dies it comes again,
 * and after its last retry it goes to the dead letter queue. What was sent may be doubled, late, out of order, or (as when retention passes) lost.
 */
import type { QueueName } from '../../shared/messages/message.ts'
import type { Scheduler, Task } from './scheduler.ts'

export type AnyQueue = QueueName | `${QueueName}-dead`

export interface Queued {
  readonly id: string
  readonly queue: AnyQueue
  readonly body: unknown
  attempts: number
  dueAt: number
}

export interface Weather {
  /** Of a hundred messages so many come twice, never, and late. */
  readonly doubled: number
  readonly dropped: number
  readonly delayed: number
  readonly delayMsMax: number
}

export const CALM: Weather = { doubled: 0, dropped: 0, delayed: 0, delayMsMax: 0 }

/** As wrangler.processor.toml sets it. */
const RETRIES_MAX = 10
/** A dead worker's message is delivered again after this. */
const REDELIVER_MS = 20_000
const WORKERS_MAX = 6

type Deliver = (batch: MessageBatch, subject: string, ended: (isAlive: boolean) => void) => Task

export class Broker {
  weather: Weather
  readonly #scheduler: Scheduler
  readonly #deliver: Deliver
  #waiting: Queued[] = []
  #deliveredCount = 0
  #count = 0
  readonly #flying = new Set<Task>()
  /** Ids of messages given up, and what was lost by the weather. */
  readonly dead: string[] = []
  lostCount = 0

  constructor(scheduler: Scheduler, weather: Weather, deliver: Deliver) {
    this.#scheduler = scheduler
    this.weather = weather
    this.#deliver = deliver
  }

  /** Nothing is waiting, late, or being worked on. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#flying.size === 0
  }

  /** True while there is a message that nobody works on yet. */
  has(test: (message: Queued) => boolean): boolean {
    return this.#waiting.some(test)
  }

  get waiting(): readonly Queued[] {
    return this.#waiting
  }

  get deliveredCount(): number {
    return this.#deliveredCount
  }

  /** Takes a message. `attempts`: how often it was delivered already. */
  offer(queue: AnyQueue, body: unknown, delayS = 0, attempts = 0): void {
    const { random } = this.#scheduler
    const { doubled, dropped, delayed, delayMsMax } = this.weather
    const luck = random.below(100)
    const isLate = random.below(100) < delayed
    if (luck < dropped) {
      this.lostCount++
      return
    }
    const message = {
      id: `message-${++this.#count}`,
      queue,
      body: JSON.parse(JSON.stringify(body)),
      attempts,
      dueAt: this.#scheduler.now + 1000 * delayS,
    }
    if (isLate) message.dueAt += random.below(delayMsMax + 1)
    this.#wait(message)
    if (luck < dropped + doubled) this.#wait({ ...message, dueAt: message.dueAt + random.below(5_000) })
  }

  #wait(message: Queued): void {
    this.#waiting.push(message)
    this.#scheduler.at(message.dueAt, () => this.pump())
  }

  /** Hands what is due to workers that are free. */
  pump(): void {
    while (this.#flying.size < WORKERS_MAX) {
      const due = this.#waiting.filter(({ dueAt }) => dueAt <= this.#scheduler.now)
      if (due.length === 0) return
      const message = due[this.weather === CALM ? 0 : this.#scheduler.random.below(due.length)]!
      this.#waiting = this.#waiting.filter((one) => one !== message)
      this.#fly(message)
    }
  }

  #fly(message: Queued): void {
    this.#deliveredCount++
    let fate: { readonly retryInS: number } | null = null
    const attempts = message.attempts + 1
    const handed = {
      id: message.id,
      timestamp: new Date(this.#scheduler.now),
      body: JSON.parse(JSON.stringify(message.body)),
      attempts,
      ack: () => {
        fate = null
      },
      retry: ({ delaySeconds = 1 }: { delaySeconds?: number } = {}) => {
        fate = { retryInS: delaySeconds }
      },
    }
    const batch = {
      queue: `list-cutter-${message.queue}`,
      messages: [handed],
      ackAll: () => {},
      retryAll: () => {},
    } as unknown as MessageBatch
    const task = this.#deliver(batch, subjectOf(message.body), (isAlive) => {
      this.#flying.delete(task)
      if (!isAlive) this.#again(message, attempts, REDELIVER_MS)
      else if (fate) this.#again(message, attempts, 1000 * fate.retryInS)
      this.pump()
    })
    this.#flying.add(task)
  }

  #again(message: Queued, attempts: number, inMs: number): void {
    if (attempts > RETRIES_MAX && !message.queue.endsWith('-dead')) {
      this.dead.push(message.id)
      this.#wait({ ...message, queue: `${message.queue as QueueName}-dead`, attempts: 0, dueAt: this.#scheduler.now })
    } else this.#wait({ ...message, attempts, dueAt: this.#scheduler.now + inMs })
  }
}

/** Whose work a message is: a job's, or an object's. */
const subjectOf = (body: unknown): string => {
  const { job, object } = body as { job?: string; object?: { key?: string } }
  return job ?? object?.key ?? 'unknown'
}
