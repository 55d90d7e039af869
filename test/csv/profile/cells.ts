/** Cells as the tests write them: texts that become what a batch would hand to a sketch. */
import fc from 'fast-check'
import { utf8 } from '../../../shared/base/bytes.ts'
import { type Cell, makeCell, readCell } from '../../../shared/csv/profile/cell.ts'

/** The cell of a value, in the middle of other bytes, as it is in a batch. */
export const cellOf = (value: string, record = 1): Cell => {
  const bytes = utf8(`9${value}9`)
  const cell = makeCell()
  readCell(cell, bytes, 1, bytes.length - 1, record, true)
  return cell
}

/** A generator of the same numbers in [0, 1) on every run (a linear congruential one, by Knuth). */
export const steady = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Checks a property over many generated values; a failure prints its seed and the smallest counterexample. */
export const always = <T>(values: fc.Arbitrary<T>, check: (value: T) => void): void =>
  fc.assert(
    fc.property(values, (value) => {
      check(value)
    }),
  )
