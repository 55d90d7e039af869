/**
 * What can a regular expression that runs natively consist of? Sets of code points, places, rows, choices and repetitions: nothing in it depends on flags or on an engine any more.
 * Sets are sorted ranges that do not touch, so that whether two have a member in common is a walk over both.
 */
export type Range = readonly [first: number, last: number]
export type PointSet = readonly Range[]
export type Place = 'start' | 'end' | 'word-border'

export type Pattern =
  | { readonly kind: 'set'; readonly set: PointSet }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'row'; readonly items: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly items: readonly Pattern[] }
  /** `max` may be infinite. */
  | { readonly kind: 'repeat'; readonly item: Pattern; readonly min: number; readonly max: number }

export const LAST_POINT = 0x10ffff

/** The ranges in order, those that touch made one. */
export const normalSet = (ranges: readonly Range[]): PointSet => {
  const set: [number, number][] = []
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = set.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else set.push([first, last])
  }
  return set
}

/** All code points that are not in the set. */
export const oppositeOf = (set: PointSet): PointSet => {
  const opposite: Range[] = []
  let next = 0
  for (const [first, last] of set) {
    if (first > next) opposite.push([next, first - 1])
    next = last + 1
  }
  if (next <= LAST_POINT) opposite.push([next, LAST_POINT])
  return opposite
}

export const haveCommon = (a: PointSet, b: PointSet): boolean => {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i]![0] <= b[j]![1] && b[j]![0] <= a[i]![1]) return true
    if (a[i]![1] < b[j]![1]) i++
    else j++
  }
  return false
}

/** True if the pattern can match without a character. */
export const isNullable = (pattern: Pattern): boolean => {
  if (pattern.kind === 'set') return false
  if (pattern.kind === 'place') return true
  if (pattern.kind === 'repeat') return pattern.min === 0 || isNullable(pattern.item)
  return pattern.kind === 'row' ? pattern.items.every(isNullable) : pattern.items.some(isNullable)
}

/** True if something in it may be repeated without a bound. */
export const hasLoop = (pattern: Pattern): boolean => {
  if (pattern.kind === 'repeat') return pattern.max === Number.POSITIVE_INFINITY || hasLoop(pattern.item)
  return (pattern.kind === 'row' || pattern.kind === 'choice') && pattern.items.some(hasLoop)
}
