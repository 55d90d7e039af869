import { describe, expect, it } from 'vitest'
import { textOf, utf8 } from '../../shared/base/bytes.ts'
import { LIMITS } from '../../shared/base/limits.ts'
import { addHead, addRecord, decodeHead, emptyHead, encodeHead, type Head, isFull } from '../../shared/operations/head.ts'

const headOf = (rows: number, ...records: string[]): Head => {
  const head = emptyHead()
  for (const record of records) addRecord(head, utf8(record), rows)
  return head
}
const shown = (head: Head) => [head.records.map(textOf), head.isTruncated]

describe('a head', () => {
  it('holds the first rows and no more', () => {
    expect(shown(headOf(2, 'a', 'b', 'c'))).toEqual([['a', 'b'], false])
    expect(isFull(headOf(2, 'a', 'b'), 2)).toBe(true)
  })

  it('of no rows is full at once', () => {
    expect(shown(headOf(0, 'a'))).toEqual([[], false])
  })

  it('ends at the first record that does not fit, and says so', () => {
    const large = 'x'.repeat(LIMITS.headBytesMax)
    expect(shown(headOf(9, 'a', large, 'b'))).toEqual([['a'], true])
  })

  it('comes back from its bytes', () => {
    for (const head of [headOf(9), headOf(9, 'a', 'ü\n'), headOf(9, 'a', 'x'.repeat(LIMITS.headBytesMax))]) {
      expect(shown(decodeHead(encodeHead(head)))).toEqual(shown(head))
    }
  })

  it('joined with its right neighbour is the head of both', () => {
    const left = headOf(3, 'a')
    addHead(left, headOf(3, 'b', 'c', 'd'), 3)
    expect(shown(left)).toEqual([['a', 'b', 'c'], false])
  })

  it('is truncated where its right neighbour was, unless it is full before', () => {
    const truncated = headOf(9, 'b', 'x'.repeat(LIMITS.headBytesMax))
    const open = headOf(9, 'a')
    addHead(open, truncated, 9)
    expect(shown(open)).toEqual([['a', 'b'], true])
    const full = headOf(2, 'a')
    addHead(full, truncated, 2)
    expect(shown(full)).toEqual([['a', 'b'], false])
  })
})
