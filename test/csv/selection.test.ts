/** Selections against sets of numbers, at every size around a word's border. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countSelected,
  eachSelected,
  isSelected,
  roomFor,
  select,
  selectAll,
  selectionWords,
  selectNone,
  unselect,
} from '../../shared/csv/selection.ts'

const listed = (selection: Uint32Array, count: number): number[] => {
  const list: number[] = []
  eachSelected(selection, count, (r) => void list.push(r))
  return list
}

describe('a selection', () => {
  it('holds what was selected and not unselected, in order', () => {
    const actions = fc.array(fc.tuple(fc.nat(200), fc.boolean()))
    fc.assert(
      fc.property(actions, (list) => {
        const selection = roomFor(new Uint32Array(0), 201)
        const known = new Set<number>()
        for (const [r, on] of list) {
          ;(on ? select : unselect)(selection, r)
          if (on) known.add(r)
          else known.delete(r)
        }
        expect(listed(selection, 201)).toEqual([...known].sort((a, b) => a - b))
        expect(countSelected(selection, 201)).toBe(known.size)
        for (let r = 0; r <= 200; r++) expect(isSelected(selection, r)).toBe(known.has(r))
      }),
    )
  })

  it.each([0, 1, 31, 32, 33, 63, 64, 65, 127, 128, 129])('of all %i records has no bit behind the last', (count) => {
    const selection = new Uint32Array(selectionWords(count) + 2).fill(0xffffffff)
    selectAll(selection, count)
    expect(listed(selection, count)).toEqual(Array.from({ length: count }, (_, r) => r))
    expect(countSelected(selection, count)).toBe(count)
    expect(selection[selectionWords(count)]).toBe(0xffffffff)
    selectNone(selection, count)
    expect(countSelected(selection, count)).toBe(0)
  })

  it('is walked no further than the taker wants', () => {
    const selection = new Uint32Array(2)
    selectAll(selection, 60)
    const seen: number[] = []
    eachSelected(selection, 60, (r) => {
      seen.push(r)
      return seen.length < 3
    })
    expect(seen).toEqual([0, 1, 2])
  })

  it('is kept where it has room, and else made larger', () => {
    const small = new Uint32Array(2)
    expect(roomFor(small, 64)).toBe(small)
    expect(roomFor(small, 65).length).toBeGreaterThanOrEqual(4)
  })
})
