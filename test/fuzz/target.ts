/**
 * What can be fuzzed? A target makes a case from random numbers and says whether two opinions on it agree. Cases are plain data: the same seed makes the same case,
 * and a case that fails is kept as files that a person can read.
 */
import type { Random } from '../support/random.ts'

/** Two opinions that should be one. */
export interface Failure {
  /** Who disagrees, in a few words. */
  readonly what: string
  readonly expected: unknown
  readonly actual: unknown
}

export interface Target<Case> {
  /** As `--only` takes it. */
  readonly name: string
  readonly generate: (random: Random) => Case
  readonly check: (one: Case) => Failure | null
  /** The case as files: name -> content. */
  readonly files: (one: Case) => Readonly<Record<string, string | Uint8Array>>
  /** Cases that are a little smaller, the smallest first: what still fails among them is easier to read. */
  readonly smaller?: (one: Case) => Iterable<Case>
}

/** A target as the loop holds it: its cases are nobody else's business. */
export type AnyTarget = Target<unknown>

export const define = <Case>(target: Target<Case>): AnyTarget => target as unknown as AnyTarget

/** JSON that keeps what JSON has no word for. */
export const json = (value: unknown): string =>
  JSON.stringify(value, (_, one) => (typeof one === 'number' && !Number.isFinite(one) ? String(one) : one), 2)

/** Without some of the bytes (`size` from `at` on): halves first, then ever smaller stretches. */
export function* shorter(bytes: Uint8Array): Generator<readonly [at: number, size: number, rest: Uint8Array]> {
  for (let size = bytes.length >> 1; size > 0; size >>= 1)
    for (let at = 0; at + size <= bytes.length; at += size)
      yield [at, size, new Uint8Array([...bytes.subarray(0, at), ...bytes.subarray(at + size)])]
}
