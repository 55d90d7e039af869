import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import { castNumber } from '../../../shared/filter/casts/number.ts'

/** TRY_CAST(text AS DOUBLE), measured in DuckDB 1.5.6. */
const PINNED: readonly (readonly [text: string, value: number | null])[] = [
  ['12', 12],
  [' 12', 12],
  ['12 ', 12],
  ['\t12', 12],
  ['12\n', 12],
  [' 12 ', 12],
  ['+5', 5],
  ['-5', -5],
  ['- 5', null],
  ['--5', null],
  ['.5', 0.5],
  ['5.', 5],
  ['-.5', -0.5],
  ['.', null],
  ['', null],
  ['-', null],
  ['+', null],
  ['1e3', 1000],
  ['1E3', 1000],
  ['1e+3', 1000],
  ['1e-3', 0.001],
  ['1e', null],
  ['e3', null],
  ['1e400', Number.POSITIVE_INFINITY],
  ['-1e400', Number.NEGATIVE_INFINITY],
  ['1e-400', 0],
  ['0x10', null],
  ['0b1', null],
  ['0o7', null],
  ['1_000', 1000],
  ['1__0', null],
  ['_1', null],
  ['1_', null],
  ['1,000', null],
  ['1 000', null],
  ['NaN', Number.NaN],
  ['nan', Number.NaN],
  ['-nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['Inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['INFINITY', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['infin', null],
  ['true', null],
  ['t', null],
  ['1d', null],
  ['1f', null],
  ['1.5.2', null],
  ['٣', null],
  ['１２', null],
  ['$5', null],
  ['5%', null],
  ['(5)', null],
  ['0012', 12],
  ['-0', -0],
  ['0.1', 0.1],
  ['123456789012345678901234567890', 1.2345678901234568e29],
  ['9007199254740993', 9007199254740992],
  ['0.30000000000000004', 0.30000000000000004],
  ['1.7976931348623157e308', 1.7976931348623157e308],
  ['1.7976931348623159e308', Number.POSITIVE_INFINITY],
  ['4.9e-324', 5e-324],
  ['2e-324', 0],
  ['1\u00a0', null],
  ['\u00a012', null],
  ['1e3.5', null],
  ['1.e3', 1000],
  ['.e3', null],
  ['1e03', 1000],
  ['0e0', 0],
  ['00', 0],
]

/** Found by comparing with DuckDB over mutated numbers. */
const FOUND: readonly (readonly [text: string, value: number | null])[] = [
  ['+-91', -91],
  ['-+5', null],
  ['++5', null],
  ['+ 5', null],
  ['1_1e5_6', 1.1e57],
  ['1.5_0', 1.5],
  ['.5_5', 0.55],
  ['1_.5', null],
  ['1._5', null],
  ['5._', null],
  ['1e5_', null],
  ['1e1_0', 1e10],
  ['\v5\f', 5],
  ['\u001f5', null],
  ['5\u00a0', null],
  ['nan(ind)', Number.NaN],
  ['nan(', null],
  ['+-inf', Number.NEGATIVE_INFINITY],
  ['infinity_', null],
  ['1e99999999999999999999', Number.POSITIVE_INFINITY],
  ['0e99999999999', 0],
  ['-0_1', -1],
]

const cast = (text: string) => castNumber(utf8(text))

describe('a number', () => {
  it.each([...PINNED, ...FOUND])('%j is %s', (text, value) => {
    expect(cast(text)).toBe(value)
  })

  it('is rounded as JavaScript rounds it, whatever its length', () => {
    const decimal = fc.tuple(
      fc.constantFrom('', '-'),
      fc.stringMatching(/^\d{1,25}$/),
      fc.constantFrom('', '.'),
      fc.stringMatching(/^\d{0,25}$/),
      fc.constantFrom('', 'e-7', 'E+12'),
    )
    fc.assert(
      fc.property(decimal, (parts) => {
        const text = parts.join('')
        expect(cast(text)).toBe(Number(text))
      }),
    )
  })

  it('keeps its places with any number of digits and underscores, where DuckDB loses some', () => {
    expect(cast('123_45678901234678789')).toBe(Number('12345678901234678789'))
  })

  it('is never read from bytes that are no ASCII', () => {
    expect(castNumber(Uint8Array.of(0x35, 0xff))).toBeNull()
  })
})
