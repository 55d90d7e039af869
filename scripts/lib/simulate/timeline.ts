/**
 * Virtual time: what happens next? A binary heap of events, and processes as generators that yield what they wait for. Nothing waits in real time, and events of the same moment
 * happen in the order in which they were asked for, so that a run is the same every time.
 */

/** What a process waits for: told how to go on. */
export type Wait = (goOn: () => void) => void

/** A process: each step yields what it waits for. */
export type Process = Generator<Wait, void, void>

interface Due {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order)

export class Timeline {
  readonly #heap: Due[] = []
  #now = 0
  #order = 0

  /** Milliseconds since the beginning. */
  get now(): number {
    return this.#now
  }

  /** Events that have happened. */
  count = 0

  /** Does something after a while. */
  after(ms: number, run: () => void): void {
    this.#push({ at: this.#now + Math.max(0, ms), order: this.#order++, run })
  }

  /** For a process: waits. */
  sleep(ms: number): Wait {
    return (goOn) => this.after(ms, goOn)
  }

  /** Runs a process; `ended` is told of its end. */
  start(process: Process, ended: () => void = () => {}): void {
    const step = (): void => {
      const { value, done } = process.next()
      if (done) ended()
      else value(step)
    }
    step()
  }

  /** Lets everything happen until nothing is left. */
  run(): void {
    for (let due = this.#pop(); due; due = this.#pop()) {
      this.#now = due.at
      this.count++
      due.run()
    }
  }

  #push(due: Due): void {
    const heap = this.#heap
    let i = heap.push(due) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!isBefore(due, heap[parent]!)) break
      heap[i] = heap[parent]!
      i = parent
    }
    heap[i] = due
  }

  #pop(): Due | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (!first || !last || heap.length === 0) return first
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, last)) break
      heap[i] = heap[child]!
      i = child
    }
    heap[i] = last
    return first
  }
}
