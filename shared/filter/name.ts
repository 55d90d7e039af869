/** Which columns can a name mean? The one of exactly this name (the first of several), else all that have it in another case. One rule for clauses and for lists of columns. */

/** Indexes, counted from 0: none, the one that is meant, or those among which the name does not decide. */
export const columnsCalled = (name: string, columns: readonly string[]): readonly number[] => {
  const exact = columns.indexOf(name)
  if (exact >= 0) return [exact]
  const wanted = name.toLowerCase()
  return columns.flatMap((column, index) => (column.toLowerCase() === wanted ? [index] : []))
}
