/** The proof of safe.ts, tried: a backtracking matcher that counts its steps, over random patterns and texts that lead it astray. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutEdges, isSafe } from '../../../shared/filter/regexp/safe.ts'
import { hasLoop, haveCommon, normalSet, oppositeOf, type Pattern, type PointSet } from '../../../shared/filter/regexp/tree.ts'

const letter = (characters: string): Pattern => ({
  kind: 'set',
  set: normalSet([...characters].map((c) => [c.codePointAt(0)!, c.codePointAt(0)!])),
})

/** Patterns over `a`, `b` and `c`; half of them begin at the start of the text. */
const pattern = fc
  .tuple(
    fc.boolean(),
    fc.letrec<{ pattern: Pattern }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('a', 'b', 'c', 'ab').map(letter),
        fc.array(tie('pattern'), { maxLength: 3 }).map((items) => ({ kind: 'row', items }) as Pattern),
        fc.array(tie('pattern'), { minLength: 2, maxLength: 3 }).map((items) => ({ kind: 'choice', items }) as Pattern),
        fc
          .tuple(
            tie('pattern'),
            fc.constantFrom([0, Number.POSITIVE_INFINITY], [1, Number.POSITIVE_INFINITY], [0, 1], [2, 4], [2, Number.POSITIVE_INFINITY]),
          )
          .map(([item, [min, max]]) => ({ kind: 'repeat', item, min, max }) as Pattern),
      ),
    })).pattern,
  )
  .map(([isAnchored, rest]) => (isAnchored ? ({ kind: 'row', items: [{ kind: 'place', place: 'start' }, rest] } as Pattern) : rest))

const STEPS_MAX = 1_000_000

/** How many steps a backtracking engine takes to look for the pattern at every place of the text: greedy, and a round of a loop must take a character. */
const stepsOf = (root: Pattern, text: string): { steps: number; isFound: boolean } => {
  let steps = 0
  const match = (pattern: Pattern, at: number, next: (at: number) => boolean): boolean => {
    if (++steps > STEPS_MAX) return true
    if (pattern.kind === 'set')
      return at < text.length && haveCommon(pattern.set, [[text.charCodeAt(at), text.charCodeAt(at)]]) && next(at + 1)
    if (pattern.kind === 'place') return at === 0 && next(at)
    if (pattern.kind === 'row') {
      const from = (i: number, here: number): boolean =>
        i === pattern.items.length ? next(here) : match(pattern.items[i]!, here, (end) => from(i + 1, end))
      return from(0, at)
    }
    if (pattern.kind === 'choice') return pattern.items.some((item) => match(item, at, next))
    const round = (count: number, here: number): boolean =>
      (count < pattern.max && match(pattern.item, here, (end) => (end > here || count < pattern.min) && round(count + 1, end))) ||
      (count >= pattern.min && next(here))
    return round(0, at)
  }
  let isFound = false
  for (let at = 0; at <= text.length && !isFound; at++) isFound = match(root, at, () => true)
  return { steps, isFound }
}

const astray = fc
  .tuple(fc.constantFrom('a', 'ab', 'abc', 'aab', 'ba'), fc.nat(40), fc.constantFrom('', 'c', 'x', 'b'))
  .map(([unit, times, end]) => unit.repeat(times) + end)

describe('a pattern that is safe', () => {
  it('costs at most so many steps a character', () => {
    let loops = 0
    fc.assert(
      fc.property(pattern, astray, (source, text) => {
        const cut = cutEdges(source)
        if (!isSafe(cut)) return
        if (hasLoop(cut)) loops++
        expect(stepsOf(cut, text).steps).toBeLessThanOrEqual(2_000 * (text.length + 1))
      }),
      { numRuns: 4_000 },
    )
    expect(loops).toBeGreaterThan(40)
  })

  it('is not what loses its way', () => {
    const evil: Pattern = {
      kind: 'row',
      items: [
        { kind: 'place', place: 'start' },
        {
          kind: 'repeat',
          item: { kind: 'repeat', item: letter('a'), min: 1, max: Number.POSITIVE_INFINITY },
          min: 1,
          max: Number.POSITIVE_INFINITY,
        },
        letter('b'),
      ],
    }
    expect(stepsOf(evil, 'a'.repeat(40)).steps).toBeGreaterThan(STEPS_MAX)
    expect(isSafe(evil)).toBe(false)
  })
})

describe('a pattern whose open ends are cut', () => {
  it('finds something in the same texts', () => {
    fc.assert(
      fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 }), (source, text) => {
        expect(stepsOf(cutEdges(source), text).isFound).toBe(stepsOf(source, text).isFound)
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('sets', () => {
  it.each<[a: PointSet, b: PointSet, common: boolean]>([
    [[[1, 3]], [[3, 5]], true],
    [[[1, 3]], [[4, 5]], false],
    [
      [
        [1, 1],
        [9, 9],
      ],
      [[2, 8]],
      false,
    ],
    [
      [
        [1, 1],
        [9, 9],
      ],
      [[2, 9]],
      true,
    ],
    [[], [[0, 9]], false],
  ])('%j and %j have a common member: %s', (a, b, common) => {
    expect([haveCommon(a, b), haveCommon(b, a)]).toEqual([common, common])
  })

  it('touching ranges are one, and the opposite of the opposite is the set', () => {
    const set = normalSet([
      [5, 6],
      [1, 2],
      [3, 3],
      [6, 9],
    ])
    expect(set).toEqual([
      [1, 3],
      [5, 9],
    ])
    expect(oppositeOf(oppositeOf(set))).toEqual(set)
    expect(haveCommon(set, oppositeOf(set))).toBe(false)
  })
})
