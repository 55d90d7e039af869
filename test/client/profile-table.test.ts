import { describe, expect, test } from 'vitest'
import { profileTable } from '../../shared/client/profile-table.ts'
import { textWidth } from '../../shared/client/terminal-text.ts'
import type { ColumnProfile, Profile } from '../../shared/csv/profile/view.ts'

const column = (more: Partial<ColumnProfile>): ColumnProfile => ({
  index: 0,
  name: 'name',
  type: 'text',
  types: { text: 1 },
  nulls: 0,
  distinct: { value: 1, exact: true, error: 0 },
  min: 'a',
  max: 'z',
  mean: null,
  stddev: null,
  length: { min: 1, max: 1, mean: 1 },
  frequent: [],
  samples: [],
  warnings: [],
  ...more,
})

const profile = (columns: readonly ColumnProfile[], more: Partial<Profile> = {}): Profile => ({
  version: 1,
  file: 'file_1',
  etag: 'e',
  rows: 1_234_567,
  blank_lines: 2,
  ragged: { short: 3, long: 0 },
  dialect: {
    delimiter: ',',
    quote: '"',
    escape: '"',
    newline: 'lf',
    line_end: '\r\n',
    header: true,
    encoding: 'utf-8',
    bom: true,
    header_end: 9,
  },
  columns,
  ...more,
})

const LIST = profile([
  column({
    name: 'id',
    type: 'integer',
    distinct: { value: 1_230_000, exact: false, error: 0.016 },
    min: 1,
    max: 1_234_567,
    mean: 617_284,
  }),
  column({ name: 'amount', type: 'decimal', nulls: 1, min: -0.5, max: 99.25, mean: 12.345678912 }),
  column({
    name: '城市',
    nulls: 617_284,
    distinct: { value: 3, exact: true, error: 0 },
    min: '上海',
    max: '北京',
    frequent: [
      { value: '北京', count: 500_000, error: 0 },
      { value: 'a value that is much too long to show', count: 10, error: 3 },
      { value: 'once', count: 1, error: 0 },
    ],
  }),
  column({
    name: 'joined',
    type: 'date',
    min: '2020-01-01',
    max: '2024-12-31',
    warnings: ['Blanks at the end in 3 of 9 values, first in record 7: "x ". Comparisons see them.'],
  }),
])

test('a profile, whole', () => {
  expect(profileTable(LIST, 120)).toBe(
    [
      '1,234,567 rows · 4 columns · 2 blank lines · 3 rows too short · 0 too long',
      'delimiter , · quote " · lines end with CR LF · with a header · utf-8 with BOM',
      '',
      'column  type      nulls    distinct  min         max              mean  top values',
      '──────  ───────  ──────  ──────────  ──────────  ──────────  ─────────  ──────────────────────────────────────────',
      'id      integer     0 %  ~1,230,000           1     1234567     617284',
      'amount  decimal  <0.1 %           1        -0.5       99.25  12.345679',
      '城市    text       50 %           3  上海        北京                   北京 (500,000), a value that is muc… (≥10)',
      'joined  date        0 %           1  2020-01-01  2024-12-31',
      '',
      'Warnings',
      'joined: Blanks at the end in 3 of 9 values, first in record 7: "x ". Comparisons see them.',
      '',
    ].join('\n'),
  )
})

test.each([200, 120, 80, 60, 40, 20])('no line is wider than %d columns', (width) => {
  for (const line of profileTable(LIST, width).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width)
})

test('where there is no room for the frequent values they are left out, heading and all', () => {
  expect(profileTable(LIST, 80)).not.toContain('top values')
})

test('nothing in a profile reaches the terminal as a control character', () => {
  const evil = '\u001b]0;owned\u0007\n\u202e'
  const table = profileTable(
    profile([column({ name: evil, min: evil, max: evil, frequent: [{ value: evil, count: 9, error: 0 }], warnings: [`so: ${evil}`] })], {
      dialect: { ...LIST.dialect, delimiter: '\u0001', quote: '\u001b' },
    }),
    200,
  )
  expect(table.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
  expect(table.split('\n')).toHaveLength(10)
})

describe('nulls are never rounded to none or all', () => {
  test.each([
    [0, 10, ' 0 %'],
    [1, 100_000, ' <0.1 %'],
    [1, 8, ' 12.5 %'],
    [99_999, 100_000, ' >99.9 %'],
    [10, 10, ' 100 %'],
    [0, 0, ' 0 %'],
  ])('%d of %d', (nulls, rows, shown) => expect(profileTable(profile([column({ nulls })], { rows }), 100)).toContain(shown))
})

test('a tab is named', () => {
  expect(profileTable(profile([], { dialect: { ...LIST.dialect, delimiter: '\t', quote: null, header: false } }), 100)).toContain(
    'delimiter tab · quote none · lines end with CR LF · without a header',
  )
})
