/** Case tables: one line per case, its name a fact. */
import { describe, it } from 'vitest'

/** One test per row of `table`: the row's name, and the rest of the row handed to `check`. */
export const cases = <Rest extends readonly unknown[]>(
  title: string,
  table: readonly (readonly [name: string, ...rest: Rest])[],
  check: (...rest: Rest) => void,
): void => {
  describe(title, () => {
    for (const [name, ...rest] of table) it(name, () => check(...rest))
  })
}
