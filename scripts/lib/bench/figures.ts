/** How do times become figures? */

/** The middle of the values; of an even number of them, the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Megabytes a second. */
export const mbPerS = (bytes: number, ms: number): number => bytes / 1_000 / ms
