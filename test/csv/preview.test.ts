/** The first rows, for people. */
import { expect, it } from 'vitest'
import { previewRows } from '../../shared/csv/preview.ts'
import { bytesOf, dialectWith } from '../support/scan.ts'

const FILE = bytesOf('h,i\n\n1,"a\nb"\n2,c\n3,d')
const dialect = dialectWith({ headerEnd: 4 })

it('shows records behind the header, not the header and not blank lines', () => {
  expect(previewRows(FILE, dialect, 10, true)).toEqual([
    ['1', 'a\nb'],
    ['2', 'c'],
    ['3', 'd'],
  ])
})

it('shows at most the limit', () => {
  expect(previewRows(FILE, dialect, 1, true)).toEqual([['1', 'a\nb']])
  expect(previewRows(FILE, dialect, 0, true)).toEqual([])
})

it('leaves out a last record that a prefix cuts, wherever it is cut', () => {
  const ends = [13, 17]
  for (let length = 0; length <= FILE.length; length++) {
    const rows = previewRows(FILE.subarray(0, length), dialect, 10, false)
    expect(rows.length).toBe(ends.filter((end) => length >= end).length)
  }
})

it('shows all records of a file without a header', () => {
  expect(previewRows(bytesOf('\xef\xbb\xbfa\nb\n'), dialectWith({ header: false, bom: true, headerEnd: 3 }), 10, true)).toEqual([
    ['a'],
    ['b'],
  ])
})
