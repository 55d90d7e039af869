/**
 * Can a backtracking engine run this pattern without losing its way? Two kinds are let through, whatever the text; all others are refused.
 *
 * 1. Without a loop, the steps from one place of the text are bounded by the pattern alone. They are counted, as if every choice were wrong until the last, and must be few.
 * 2. With loops, the pattern must begin with `^`, so that it is tried once and not from every place, and be read in one pass: at every place in it, what may come next are sets without
 *    a common member, each reached in one way only (the strongly deterministic expressions of Brüggemann-Klein and of Koch and Scherzinger). Then the next character rules out every way but one: a way
 *    back is tried, looks at one character and dies. Each character costs at most as many steps as the pattern has places.
 *
 * Whether a match exists is all that is asked. So a loop at an open end of the pattern is cut to its least: `.*foo.*` finds what `foo` finds.
 */
import { hasLoop, haveCommon, isNullable, type Pattern, type PointSet } from './tree.ts'

/** Steps from one place of the text, at most; and places of a pattern with its repetitions written out. */
const STEPS_MAX = 1_000
const POSITIONS_MAX = 256

interface Cost {
  /** In how many ways it can match from a place. */
  readonly ways: number
  /** How many steps all of them take together. */
  readonly steps: number
}

const inRow = (a: Cost, b: Cost): Cost => ({ ways: a.ways * b.ways, steps: a.steps + a.ways * b.steps })

const costOfRepeat = (item: Cost, min: number, max: number): Cost => {
  let once: Cost = { ways: 1, steps: 1 }
  let total: Cost = { ways: 0, steps: 0 }
  for (let count = 0; count <= max && total.steps <= STEPS_MAX && once.steps <= STEPS_MAX; count++) {
    if (count >= min) total = { ways: total.ways + once.ways, steps: total.steps + once.steps }
    once = inRow(once, item)
  }
  return once.steps > STEPS_MAX ? { ways: once.ways, steps: once.steps } : total
}

const costOf = (pattern: Pattern): Cost => {
  if (pattern.kind === 'set' || pattern.kind === 'place') return { ways: 1, steps: 1 }
  if (pattern.kind === 'repeat') return costOfRepeat(costOf(pattern.item), pattern.min, pattern.max)
  const costs = pattern.items.map(costOf)
  if (pattern.kind === 'row') return costs.reduce(inRow, { ways: 1, steps: 1 })
  return costs.reduce((a, b) => ({ ways: a.ways + b.ways, steps: a.steps + b.steps }), { ways: 0, steps: 1 })
}

/** A pattern's places, each a set of code points, in the construction of Glushkov; the numbers are indexes into `sets`. */
interface Positions {
  readonly first: readonly number[]
  readonly last: readonly number[]
}

interface Automaton {
  readonly sets: PointSet[]
  /** follow[p]: the places that may come after place p, named as often as there are ways to them. */
  readonly follow: number[][]
  isAmbiguous: boolean
}

const connect = (automaton: Automaton, from: readonly number[], to: readonly number[]): void => {
  for (const p of from) automaton.follow[p]!.push(...to)
}

const NOTHING: Positions = { first: [], last: [] }

const placeSet = (set: PointSet, automaton: Automaton): Positions => {
  automaton.follow.push([])
  const p = automaton.sets.push(set) - 1
  return { first: [p], last: [p] }
}

/** Two neighbours; what cannot be empty hides what lies behind it. */
const joinRow = (automaton: Automaton, a: Positions, aNullable: boolean, b: Positions, bNullable: boolean): Positions => {
  connect(automaton, a.last, b.first)
  return { first: aNullable ? [...a.first, ...b.first] : a.first, last: bNullable ? [...a.last, ...b.last] : b.last }
}

const placeRow = (items: readonly Pattern[], automaton: Automaton): Positions => {
  let row = NOTHING
  let nullable = true
  for (const item of items) {
    if (automaton.sets.length > POSITIONS_MAX) return row
    const itemNullable = isNullable(item)
    row = joinRow(automaton, row, nullable, place(item, automaton), itemNullable)
    nullable &&= itemNullable
  }
  return row
}

/** Written out: the item `min` times, then either a loop or items that may be left out, each within the one before it. */
const placeRepeat = ({ item, min, max }: Extract<Pattern, { kind: 'repeat' }>, automaton: Automaton): Positions => {
  if (isNullable(item)) automaton.isAmbiguous = true
  if (max === Number.POSITIVE_INFINITY) {
    const before = placeRow(
      Array.from({ length: Math.max(0, min - 1) }, () => item),
      automaton,
    )
    const loop = place(item, automaton)
    connect(automaton, loop.last, loop.first)
    return joinRow(automaton, before, min <= 1, loop, min === 0)
  }
  const optional: Pattern = { kind: 'repeat', item, min: 0, max: max - min - 1 }
  const rest: Pattern[] = max > min ? [item, ...(max - min > 1 ? [optional] : [])] : []
  const required = placeRow(
    Array.from({ length: min }, () => item),
    automaton,
  )
  return joinRow(automaton, required, min === 0, placeRow(rest, automaton), true)
}

const placeChoice = (items: readonly Pattern[], automaton: Automaton): Positions => {
  if (items.filter(isNullable).length > 1) automaton.isAmbiguous = true
  const placed = items.map((item) => place(item, automaton))
  return { first: placed.flatMap(({ first }) => first), last: placed.flatMap(({ last }) => last) }
}

/** Adds a pattern's places. `^`, `$` and word borders take no character: they can only rule ways out. */
const place = (pattern: Pattern, automaton: Automaton): Positions => {
  if (automaton.isAmbiguous || automaton.sets.length > POSITIONS_MAX || pattern.kind === 'place') return NOTHING
  if (pattern.kind === 'set') return placeSet(pattern.set, automaton)
  if (pattern.kind === 'repeat') return placeRepeat(pattern, automaton)
  return pattern.kind === 'row' ? placeRow(pattern.items, automaton) : placeChoice(pattern.items, automaton)
}

const areApart = (places: readonly number[], sets: readonly PointSet[]): boolean =>
  places.every((p, i) => places.slice(0, i).every((q) => !haveCommon(sets[p]!, sets[q]!)))

const isOnePass = (pattern: Pattern): boolean => {
  const automaton: Automaton = { sets: [], follow: [], isAmbiguous: false }
  const { first } = place(pattern, automaton)
  if (automaton.isAmbiguous || automaton.sets.length > POSITIONS_MAX) return false
  return [first, ...automaton.follow].every((places) => areApart(places, automaton.sets))
}

const beginsAtStart = (pattern: Pattern): boolean => {
  const first = pattern.kind === 'row' ? pattern.items[0] : pattern
  return first?.kind === 'place' && first.place === 'start'
}

const isAtEdge = (pattern: Pattern): boolean => pattern.kind === 'repeat' && pattern.max > pattern.min

const cutLoop = (pattern: Pattern): Pattern => (isAtEdge(pattern) && pattern.kind === 'repeat' ? { ...pattern, max: pattern.min } : pattern)

/** The pattern with the repetitions at its open ends cut to their least: a match of the one is in every match of the other. */
export const cutEdges = (pattern: Pattern): Pattern => {
  if (pattern.kind !== 'row') return cutLoop(pattern)
  const items = [...pattern.items]
  while (items.length > 0 && isAtEdge(items[0]!)) {
    const cut = cutLoop(items.shift()!) as Extract<Pattern, { kind: 'repeat' }>
    if (cut.min > 0) return { kind: 'row', items: cutEnd([cut, ...items]) }
  }
  return { kind: 'row', items: cutEnd(items) }
}

const cutEnd = (items: readonly Pattern[]): Pattern[] => {
  const cut = [...items]
  while (cut.length > 0 && isAtEdge(cut.at(-1)!)) {
    const last = cutLoop(cut.pop()!) as Extract<Pattern, { kind: 'repeat' }>
    if (last.min > 0) return [...cut, last]
  }
  return cut
}

/** True if a backtracking engine takes time that grows at most with the length of the text. */
export const isSafe = (pattern: Pattern): boolean =>
  hasLoop(pattern) ? beginsAtStart(pattern) && isOnePass(pattern) : costOf(pattern).steps <= STEPS_MAX
