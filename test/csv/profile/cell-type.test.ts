import { describe, expect, test } from 'vitest'
import { CELL_TYPES, columnType } from '../../../shared/csv/profile/type-code.ts'
import { cellOf } from './cells.ts'

const typeOf = (value: string) => CELL_TYPES[cellOf(value).type]

const CASES = {
  boolean: ['true', 'FALSE', 'True', 't', 'F', 'yes', 'No', 'y', 'n'],
  integer: ['0', '1', '-5', '+5', '007', ' 12', '12 ', '\t12\r', '-0', '901656910939770881', '20240131'],
  decimal: ['1.5', '.5', '5.', '-.5', '+1.5', '1e3', '1E+3', '1.e3', '1.5e-3', '00.10', 'nan', '-Inf', '+Infinity', ' 1.5 ', '1e400'],
  date: ['2024-01-31', '2024-1-3', '2024/01/31', '2024 01 31', ' 2024-01-31 ', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31'],
  timestamp: [
    '2024-01-31 10:00',
    '2024-01-31T10:00:00',
    '2024-1-31 1:2:3',
    '2024/01/31 10:00:00',
    '2024-01-31 10:00:00.123456789',
    '2024-01-31T10:00:00Z',
    '2024-01-31 10:00:00 UTC',
    '2024-01-31 10:00:00+02',
    '2024-01-31 10:00:00-0430',
    '2024-01-31 10:00:00 +05:30',
    '2024-01-31 24:00:00',
  ],
  text: [
    ...['a', 'on', 'off', 'tru', ' true', 'yes.', 'ok', 'ja', '{rue'],
    ...[
      '-',
      '+',
      '.',
      '-.',
      'e',
      'e5',
      '1e',
      '.e3',
      '1e3.5',
      '1.2.3',
      '1-2',
      '--1',
      '+-5',
      '0x10',
      '1_000',
      '1,000',
      '$5',
      '5%',
      '1 000',
      '1d',
      'NaNs',
      'info',
      '١٢',
    ],
    ...[
      '2024-13-01',
      '2024-02-30',
      '2023-02-29',
      '1900-02-29',
      '2024-00-10',
      '2024-01-00',
      '2024-01-32',
      '2024-01/31',
      '2024-01',
      '24-01-31',
      '24-1-31 10:00',
      '31-01-2024',
      '9/25/24',
      '9/11/24',
    ],
    ...[
      '2024.01.31',
      '2024-01-311',
      '2024-01-31x',
      '12024-01-31',
      '2024-01-31 10',
      '2024-01-31 25:00',
      '2024-01-31 10:60',
      '2024-01-31 10:00:60',
      '2024-01-31 24:00:01',
    ],
    ...[
      '2024-01-31 10:00 PM',
      '2024-01-31T',
      '2024-01-31 10:00:',
      '2024-01-31 10:00:00.',
      '2024-01-31 10:00:00+',
      '2024-01-31 10:00+16',
      '2024-01-31 10:00:00+1:',
      '2024-01-31 10:00:00Zulu',
      '10:30',
    ],
    ...[' ', '\u00a05', 'é', '😀', '\u0000'],
  ],
} as const

describe.each(Object.entries(CASES))('these are %s', (type, values) => {
  test.each(values)('%j', (value) => expect(typeOf(value)).toBe(type))
})

describe('a column of', () => {
  test.each([
    ['no values', [], 'empty'],
    ['integers', ['1', '2'], 'integer'],
    ['integers and decimals is decimal', ['1', '2.5'], 'decimal'],
    ['dates and timestamps is timestamp', ['2024-01-31', '2024-01-31 10:00'], 'timestamp'],
    ['integers and words is text', ['1', 'yes'], 'text'],
    ['numbers and dates is text', ['1', '2.5', '2024-01-31'], 'text'],
    ['one text among integers is text', ['1', '2', 'n/a'], 'text'],
  ])('%s', (_name, values, type) => {
    const counts = CELL_TYPES.map((_, code) => values.filter((value) => cellOf(value).type === code).length)
    expect(columnType(counts)).toBe(type)
  })
})
