/**
 * Which known name did the user mean? The nearest by edit distance, if it is near enough to be worth saying.
 * Two neighbours in the wrong order count as one mistake (optimal string alignment), for that is the most common slip.
 */

/** Names longer than this are not compared letter by letter: the cost grows with the product of both lengths. */
const COMPARED_CHARS_MAX = 64

const distance = (a: string, b: string): number => {
  let before: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1), swap))
    }
    before = above
    above = row
  }
  return above[b.length]!
}

/** The known name nearest to `name`, ignoring case, at most one mistake per three letters (at least one) away; the first of several. Null: none is near. */
export const nearest = (name: string, known: readonly string[]): string | null => {
  const wanted = name.toLowerCase()
  if (wanted.length > COMPARED_CHARS_MAX) return null
  let best: string | null = null
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue
    const d = distance(wanted, candidate.toLowerCase())
    if (d < bestDistance) [best, bestDistance] = [candidate, d]
  }
  return best
}
