/**
 * What can go wrong at a call to the world, and when it does.
 *
 * before: the call fails and nothing was done.        after: it was done, the answer is lost.
 * crash:  it was done, and the caller dies with it.   hang: it was done, the answer comes when the caller's lease has long run out.
 * torn:   a read ends early (only calls that give a stream).
 */
import { Random } from '../support/random.ts'

export const FAULTS = ['before', 'after', 'crash', 'hang'] as const
export type Fault = (typeof FAULTS)[number] | 'torn'

/** Which kind a call is, for those that count: what is called, with which statement, on which kind of key or message. */
export type Site = string

/** Decides over each call, in the order in which they are made. Null: nothing goes wrong. */
export interface FaultPlan {
  strike(index: number, site: Site, canTear: boolean): Fault | null
  /** From now on nothing goes wrong any more. */
  heal(): void
}

/** Nothing goes wrong. */
export const noFaults = (): FaultPlan => ({ strike: () => null, heal: () => {} })

/** A fault at the call of a number. */
export interface Strike {
  readonly index: number
  readonly fault: Fault
}

const byIndex = (strikes: readonly Strike[]): ReadonlyMap<number, Fault> => new Map(strikes.map(({ index, fault }) => [index, fault]))

/** These faults and no others. */
export const certainFaults = (strikes: readonly Strike[]): FaultPlan => {
  const certain = byIndex(strikes)
  return { strike: (index) => certain.get(index) ?? null, heal: () => {} }
}

/** Any call, with this probability, in any way. `also`: faults at calls of certain numbers, whenever they come. */
export const randomFaults = (seed: number, rate: number, also: readonly Strike[] = []): FaultPlan => {
  const alsoAt = byIndex(also)
  const random = new Random(seed)
  let isOn = true
  return {
    strike: (index, _, canTear) => {
      const certain = alsoAt.get(index) ?? null
      if (!isOn) return certain
      const isStruck = random.below(10_000) < rate * 10_000
      const kinds: readonly Fault[] = canTear ? [...FAULTS, 'torn'] : FAULTS
      const fault = random.pick(kinds)
      return certain ?? (isStruck ? fault : null)
    },
    heal: () => {
      isOn = false
    },
  }
}
