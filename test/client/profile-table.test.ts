import { describe, expect, test } from 'vitest'
import { profileTable } from '../../shared/client/profile-table.ts'
import { textWidth } from '../../shared/client/terminal-text.ts'
import type { ColumnProfile, Profile, Quantiles } from '../../shared/csv/profile/view.ts'

const column = (more: Partial<ColumnProfile>): ColumnProfile => ({
  index: 0,
  name: 'name',
  type: 'text',
  types: { text: 1 },
  type_examples: {},
  nulls: 0,
  blank: 0,
  null_like: 0,
  distinct: { value: 1, exact: true, error: 0 },
  unique: false,
  min: 'a',
  max: 'z',
  mean: null,
  stddev: null,
  length: { min: 1, max: 1, mean: 1 },
  quantiles: null,
  histogram: null,
  frequent: [],
  samples: [],
  oddities: {},
  warnings: [],
  ...more,
})

const profile = (columns: readonly ColumnProfile[], more: Partial<Profile> = {}): Profile => ({
  version: 2,
  file: 'file_1',
  etag: 'e',
  rows: 1_234_567,
  blank_lines: 2,
  ragged: { short: 3, long: 0 },
  header_repeated: null,
  dialect: {
    delimiter: ',',
    quote: '"',
    escape: '"',
    comment: null,
    newline: 'lf',
    line_end: '\r\n',
    header: true,
    encoding: 'utf-8',
    decoded_from: null,
    bom: true,
    header_end: 9,
  },
  candidate_keys: [],
  precision: { distinct_max: 32_768, frequent_max: 4_096, buckets_max: 16_384 },
  warnings: [],
  columns,
  ...more,
})

const quantiles = (p50: number | string, error: number): Quantiles => ({
  p01: p50,
  p05: p50,
  p25: p50,
  p50,
  p75: p50,
  p95: p50,
  p99: p50,
  error,
})

const LIST = profile([
  column({
    name: 'id',
    type: 'integer',
    distinct: { value: 1_230_000, exact: false, error: 0.016 },
    min: 1,
    max: 1_234_567,
    mean: 617_284,
    quantiles: quantiles(617_215.5, 1 / 256),
    histogram: { from: 1, to: 1_234_567, width: 61_729, counts: [9, 9, 9, 0, 4] },
  }),
  column({ name: 'amount', type: 'decimal', nulls: 1, min: -0.5, max: 99.25, mean: 12.345678912, quantiles: quantiles(12.25, 0) }),
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
    quantiles: quantiles('2023-02-01', 3),
    histogram: { from: '2020-01-01', to: '2024-12-31', width: 92, counts: [0, 1, 2, 3, 4, 5, 6, 7, 1_000] },
    warnings: ['Blanks at the end in 3 of 9 values, first in record 7: "x ". Comparisons see them.'],
  }),
])

test('a profile, whole', () => {
  expect(profileTable(LIST, 140)).toBe(
    [
      '1,234,567 rows · 4 columns · 2 blank lines · 3 rows too short · 0 too long',
      'delimiter , · quote " · lines end with CR LF · with a header · utf-8 with BOM',
      '',
      'column  type      nulls    distinct  min         median       max              mean  spread     top values',
      '──────  ───────  ──────  ──────────  ──────────  ───────────  ──────────  ─────────  ─────────  ──────────────────────────────────────────',
      'id      integer     0 %  ~1,230,000           1      ~617000     1234567     617284  ███ ▄',
      'amount  decimal  <0.1 %           1        -0.5        12.25       99.25  12.345679',
      '城市    text       50 %           3  上海                     北京                              北京 (500,000), a value that is muc… (≥10)',
      'joined  date        0 %           1  2020-01-01  ~2023-02-01  2024-12-31              ▁▁▁▁▁▁▁█',
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

test('where there is no room, columns are left out, heading and all: first the frequent values, then spread, mean and median', () => {
  const optional = ['median', 'mean', 'spread', 'top values']
  const shownAt = (width: number) => optional.filter((title) => profileTable(LIST, width).includes(title))
  expect([120, 100, 90, 75, 65].map(shownAt)).toEqual([optional, optional.slice(0, 3), optional.slice(0, 2), ['median'], []])
})

test('columns that tell rows apart are named, the estimated ones as such, and not hundreds of them', () => {
  const key = (index: number, exact: boolean) => ({ index, name: `key ${index}`, exact })
  const keysOf = (candidate_keys: Profile['candidate_keys']) => profileTable(profile([], { candidate_keys }), 100)
  expect(keysOf([key(1, true), key(0, false)])).toContain('\nDifferent in every row: key 1, key 0 (probably)\n')
  expect(keysOf(Array.from({ length: 1_234 }, (_, i) => key(i, true)))).toContain('key 3, key 4 and 1,229 more\n')
  expect(keysOf([])).not.toContain('Different')
})

test('what the scanner met stands before what the columns have', () => {
  const warnings = [{ code: 'stray_quote', count: 1_200, first: { record: 7, line: 9, byte_offset: 100 } }]
  expect(profileTable({ ...LIST, warnings }, 120)).toContain('\nWarnings\nstray_quote: 1,200, first in record 7, line 9\njoined: ')
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
