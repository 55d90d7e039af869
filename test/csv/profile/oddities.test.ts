import { describe, expect, test } from 'vitest'
import { ODDITIES } from '../../../shared/csv/profile/oddities.ts'
import { cellOf } from './cells.ts'

const odd = (value: string): string[] => {
  const cell = cellOf(value)
  return ODDITIES.filter(({ types, is }) => types.some((type) => type === cell.type) && is(cell)).map(({ what }) => what)
}

/** Oddity, values that have it, and values that nearly have it but have none. */
const CASES = [
  ['Blanks at the beginning or end', [' a', 'a ', '\ta', ' 1'], ['a b', 'a\u00a0', ' ']],
  ['Leading zeros', ['007', '-01', '+01', '00'], ['0', '-0', '0.5', '10', '1007']],
  ['Integers too large for a double', ['9007199254740992', '-901656910939770881'], ['9007199254740991', '9007199254740993.5']],
  ['NaN or infinite numbers', ['nan', '-inf', '1e400', '9'.repeat(400)], ['1e308', 'nano']],
  [
    'Offsets from UTC',
    ['2024-01-31 10:00Z', '2024-01-31T10:00:00+02', '2024-01-31 10:00:00-04:30', '2024-01-31 10:00 UTC'],
    ['2024-01-31 10:00', '2024-1-3 10:00:00.5'],
  ],
  [
    'Dates that do not begin with the year',
    ['9/25/24', '09/25/2024', '31.12.1999', '31-12-1999', '9/25/24 10:00 PM', '1/2/2024, 9:00'],
    ['1.2.34', '10/2', '1/2-2024', '12-34', '100/2/2024'],
  ],
  [
    'Numbers with separators, currency or percent signs',
    ['1,000', '1.234,56', '$5', '-€5.50', '5 %', '12,5', '1 000 000', '5€', "1'000"],
    ['1,00,0', '192.168.0.1', '5 kg', '555-1234', '1-2', '%', '$'],
  ],
  ['Marks for a missing value', ['NA', 'n/a', '#N/A', 'NULL', 'None', '-', '--', '?', '\\N'], ['n', 'nab', 'a-', 'nullx']],
  ['Nothing but blanks', [' ', '\t \r'], ['- ', '\u00a0']],
] as const

describe.each(CASES)('%s', (what, values, others) => {
  test.each(values)('%j', (value) => expect(odd(value)).toContain(what))
  test.each(others)('but not %j', (value) => expect(odd(value)).not.toContain(what))
})

test('every oddity has its cases', () => expect(CASES.map(([what]) => what)).toEqual(ODDITIES.map(({ what }) => what)))
