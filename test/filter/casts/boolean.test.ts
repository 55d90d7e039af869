import { expect, it } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import { castBoolean } from '../../../shared/filter/casts/boolean.ts'

/** TRY_CAST(text AS BOOLEAN), measured in DuckDB 1.5.6. */
const PINNED: readonly (readonly [text: string, value: boolean | null])[] = [
  ['true', true],
  ['TRUE', true],
  ['True', true],
  ['t', true],
  ['T', true],
  ['tr', null],
  ['false', false],
  ['f', false],
  ['F', false],
  ['1', true],
  ['0', false],
  ['yes', true],
  ['no', false],
  ['y', true],
  ['n', false],
  ['on', null],
  ['off', null],
  [' true', null],
  ['true ', null],
  ['', null],
  ['2', null],
  ['1.0', null],
  ['YES', true],
  ['yEs', true],
  ['N', false],
  ['F ', null],
  ['truee', null],
]

it.each(PINNED)('%j is %s', (text, value) => {
  expect(castBoolean(utf8(text))).toBe(value)
})
