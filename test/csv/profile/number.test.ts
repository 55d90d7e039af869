import fc from 'fast-check'
import { expect, test } from 'vitest'
import { always, cellOf } from './cells.ts'

test('the value of a number is the double nearest to its text', () => {
  const digits = fc.stringMatching(/^[+-]?\d{1,25}(\.\d{0,25})?$/)
  const doubles = fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)
  always(fc.oneof(digits, doubles), (text) => expect(cellOf(text).number).toBe(Number(text) + 0))
})

test.each([
  ['-0', 0],
  ['-0.0', 0],
  ['0.1', 0.1],
  ['+.5', 0.5],
  ['123456789012345', 123456789012345],
  ['0.30000000000000004', 0.30000000000000004],
  ['9007199254740993', 9007199254740992],
  ['1e-400', 0],
  ['1e400', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
  ['NaN', Number.NaN],
])('%s is %d', (text, value) => expect(cellOf(text).number).toBe(value))
