/** Which jobs does a crash run have? Drawn from the seed: every kind of list in turn, small and large, with each of the things that are asked of it. */
import type { Ask } from '../oracle.ts'
import { between, seeded } from '../seeded.ts'
import type { CrashRequest } from './args.ts'
import { KINDS } from './lists.ts'

/** A list by what it is made of. */
export interface ListPlan {
  readonly name: string
  readonly kind: string
  readonly bytes: number
  readonly seed: number
}

export interface JobPlan {
  readonly list: ListPlan
  readonly ask: Ask
  /** So many kills must have been before it is submitted: there is work at every kill. */
  readonly afterKills: number
}

/** Jobs that are submitted before the first kill and stay ahead of the kills: one that is done early must not leave a kill without work. */
const AHEAD_KILLS = 1

/** The jobs, in the order in which they are submitted. */
export const planJobs = ({ jobs, kills, seed, bytes, chunkBytes }: CrashRequest): JobPlan[] => {
  const draw = seeded(seed)
  const kinds = Object.entries(KINDS)
  const lists = kinds.map(([kind, { share }], n) => ({
    small: { name: `${kind}.csv`, kind, bytes: between(draw, 1, Math.floor(chunkBytes / 2)), seed: seed + n },
    large: { name: `${kind}.large.csv`, kind, bytes: Math.max(3 * chunkBytes, Math.round(bytes * share)), seed: seed - n },
  }))
  return Array.from({ length: jobs }, (_, i) => {
    const n = (i >> 1) % kinds.length
    const { asks } = kinds[n]![1]
    const isLarge = i % 2 === 0
    return {
      list: isLarge ? lists[n]!.large : lists[n]!.small,
      ask: asks[Math.floor(i / 2 / kinds.length) % asks.length]!,
      afterKills: Math.max(0, Math.floor((i * kills) / jobs) - AHEAD_KILLS),
    }
  })
}
