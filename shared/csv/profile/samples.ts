/** What do the values look like? The first few different ones, in the order of the file: the one sketch for which the order of merging matters. */
import { LIMITS } from '../../base/limits.ts'
import type { Sketch } from './sketch.ts'
import { keptBytes, keptText } from './value.ts'

interface Sample {
  readonly low: number
  readonly high: number
  readonly kept: Uint8Array
}

export interface SamplesState {
  readonly list: Sample[]
}

const has = ({ list }: SamplesState, low: number, high: number): boolean =>
  list.some((sample) => sample.low === low && sample.high === high)

export const samples: Sketch<SamplesState, readonly string[]> = {
  commutes: false,
  empty: () => ({ list: [] }),
  add(state, cell) {
    if (state.list.length === LIMITS.profileSamplesMax || has(state, cell.hashLow, cell.hashHigh)) return
    state.list.push({ low: cell.hashLow, high: cell.hashHigh, kept: keptBytes(cell) })
  },
  merge(left, right) {
    const fresh = right.list.filter(({ low, high }) => !has(left, low, high))
    left.list.push(...fresh.slice(0, LIMITS.profileSamplesMax - left.list.length))
    return left
  },
  result: ({ list }) => list.map(({ kept }) => keptText(kept)),
  encode({ list }, to) {
    to.count(list.length)
    for (const { low, high, kept } of list) {
      to.word(low)
      to.word(high)
      to.text(kept)
    }
  },
  decode: (from) => ({ list: Array.from({ length: from.count() }, () => ({ low: from.word(), high: from.word(), kept: from.text() })) }),
}
