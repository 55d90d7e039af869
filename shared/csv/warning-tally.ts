/**
 * How often was something odd, and where first? Oddities of a line are pending until the line is a record:
 * a line that is read once more begins again, and a rejected one takes them with it.
 */
import type { Warning, WarningCode } from './scanner.ts'

export type Place = Warning['first']

export class WarningTally {
  readonly #found = new Map<WarningCode, { count: number; first: Place }>()

  /** `first` as a function: asked for only where it is the first of its code, for a place can take long to work out. */
  add(code: WarningCode, count: number, first: Place | (() => Place)): void {
    const known = this.#found.get(code)
    if (known) known.count += count
    else this.#found.set(code, { count, first: typeof first === 'function' ? first() : first })
  }

  /** By code, so that equal scans give equal lists. */
  list(): readonly Warning[] {
    return [...this.#found].map(([code, { count, first }]) => ({ code, count, first })).sort((a, b) => (a.code < b.code ? -1 : 1))
  }
}

/** Where a byte stands within the line being read: its distance from the line's start, and how many newlines of the line lie before it. */
interface Spot {
  readonly offset: number
  readonly breaks: number
}

/** One kind of oddity within the line being read: fields that hold it are counted once, or each occurrence where `field` differs each time. */
export class LineNote {
  readonly code: WarningCode
  count = 0
  first: Spot = { offset: 0, breaks: 0 }
  #field = -1

  constructor(code: WarningCode) {
    this.code = code
  }

  add(field: number, offset: number, breaks: number): void {
    if (field === this.#field) return
    this.#field = field
    if (this.count++ === 0) this.first = { offset, breaks }
  }

  clear(): void {
    this.count = 0
    this.#field = -1
  }
}
