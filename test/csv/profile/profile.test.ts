import { describe, expect, test } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import { DEFAULT_DIALECT } from '../../../shared/csv/dialect.ts'
import { decodeProfile, encodeProfile, mergeProfiles, profileView, startProfile } from '../../../shared/csv/profile/profile.ts'
import type { Profile } from '../../../shared/csv/profile/view.ts'
import { steady } from './cells.ts'
import { profileOf, type Source, scanned, viewOf } from './scan.ts'

const PEOPLE: Source = {
  names: ['id', 'name', 'age', 'joined', 'active', 'note'],
  body: `1,"Ann, A.",34,2024-01-31,true,
2,Bé,,2024-02-01,false,"said ""hi"""
3,"Ann, A.",29.5,2024-02-01 10:00,t,""
4,日本,41,2023-12-24,f,x,too,many
5,Zoë,n/a
`,
}

test('a small list, whole', () => {
  expect(profileOf(PEOPLE)).toEqual({
    version: 2,
    file: 'file_1',
    etag: 'e1',
    rows: 5,
    blank_lines: 0,
    ragged: { short: 1, long: 1 },
    header_repeated: null,
    dialect: {
      delimiter: ',',
      quote: '"',
      escape: '"',
      comment: null,
      newline: 'lf',
      line_end: '\n',
      header: true,
      encoding: 'utf-8',
      decoded_from: null,
      bom: false,
      header_end: 0,
    },
    candidate_keys: [{ index: 0, name: 'id', exact: true }],
    precision: { distinct_max: 32_768, frequent_max: 4_096, buckets_max: 16_384 },
    warnings: [],
    columns: [
      {
        index: 0,
        name: 'id',
        type: 'integer',
        types: { integer: 5 },
        type_examples: { integer: { record: 1, value: '1' } },
        nulls: 0,
        blank: 0,
        null_like: 0,
        distinct: { value: 5, exact: true, error: 0 },
        unique: true,
        min: 1,
        max: 5,
        mean: 3,
        stddev: Math.sqrt(2.5),
        length: { min: 1, max: 1, mean: 1 },
        quantiles: { p01: 1, p05: 1, p25: 2, p50: 3, p75: 4, p95: 5, p99: 5, error: 0 },
        histogram: { from: 1, to: 5, width: 1, counts: [1, 1, 1, 1, 1] },
        frequent: ['1', '2', '3', '4', '5'].map((value) => ({ value, count: 1, error: 0 })),
        samples: ['1', '2', '3', '4', '5'],
        oddities: {},
        warnings: [],
      },
      {
        index: 1,
        name: 'name',
        type: 'text',
        types: { text: 5 },
        type_examples: { text: { record: 1, value: 'Ann, A.' } },
        nulls: 0,
        blank: 0,
        null_like: 0,
        distinct: { value: 4, exact: true, error: 0 },
        unique: false,
        min: 'Ann, A.',
        max: '日本',
        mean: null,
        stddev: null,
        length: { min: 2, max: 7, mean: 21 / 5 },
        quantiles: null,
        histogram: null,
        frequent: [
          { value: 'Ann, A.', count: 2, error: 0 },
          { value: 'Bé', count: 1, error: 0 },
          { value: 'Zoë', count: 1, error: 0 },
          { value: '日本', count: 1, error: 0 },
        ],
        samples: ['Ann, A.', 'Bé', '日本', 'Zoë'],
        oddities: {},
        warnings: [],
      },
      {
        index: 2,
        name: 'age',
        type: 'text',
        types: { integer: 2, decimal: 1, text: 1 },
        type_examples: { integer: { record: 1, value: '34' }, decimal: { record: 3, value: '29.5' }, text: { record: 5, value: 'n/a' } },
        nulls: 1,
        blank: 0,
        null_like: 1,
        distinct: { value: 4, exact: true, error: 0 },
        unique: true,
        min: '29.5',
        max: 'n/a',
        mean: null,
        stddev: null,
        length: { min: 2, max: 4, mean: 11 / 4 },
        quantiles: null,
        histogram: null,
        frequent: ['29.5', '34', '41', 'n/a'].map((value) => ({ value, count: 1, error: 0 })),
        samples: ['34', '29.5', '41', 'n/a'],
        oddities: { null_like: { count: 1, first: { record: 5, value: 'n/a' } } },
        warnings: [
          'All but 1 of 4 values are decimal; the others make the column text, first in record 5: "n/a".',
          'Marks for a missing value in 1 of 4 values, first in record 5: "n/a". They are text, not NULL.',
        ],
      },
      {
        index: 3,
        name: 'joined',
        type: 'timestamp',
        types: { date: 3, timestamp: 1 },
        type_examples: { date: { record: 1, value: '2024-01-31' }, timestamp: { record: 3, value: '2024-02-01 10:00' } },
        nulls: 1,
        blank: 0,
        null_like: 0,
        distinct: { value: 4, exact: true, error: 0 },
        unique: true,
        min: '2023-12-24T00:00:00',
        max: '2024-02-01T10:00:00',
        mean: null,
        stddev: null,
        length: { min: 10, max: 16, mean: 46 / 4 },
        quantiles: {
          p01: '2023-12-24T00:00:00',
          p05: '2023-12-24T00:00:00',
          p25: '2023-12-24T00:00:00',
          p50: '2024-01-31T00:00:00',
          p75: '2024-02-01T00:00:00',
          p95: '2024-02-01T10:00:00',
          p99: '2024-02-01T10:00:00',
          error: 0,
        },
        histogram: {
          from: '2023-12-24T00:00:00',
          to: '2024-02-01T10:00:00',
          width: 170_280,
          counts: [1, ...new Array<number>(18).fill(0), 3],
        },
        frequent: ['2023-12-24', '2024-01-31', '2024-02-01', '2024-02-01 10:00'].map((value) => ({ value, count: 1, error: 0 })),
        samples: ['2024-01-31', '2024-02-01', '2024-02-01 10:00', '2023-12-24'],
        oddities: {},
        warnings: [],
      },
      {
        index: 4,
        name: 'active',
        type: 'boolean',
        types: { boolean: 4 },
        type_examples: { boolean: { record: 1, value: 'true' } },
        nulls: 1,
        blank: 0,
        null_like: 0,
        distinct: { value: 4, exact: true, error: 0 },
        unique: true,
        min: 'f',
        max: 'true',
        mean: null,
        stddev: null,
        length: { min: 1, max: 5, mean: 11 / 4 },
        quantiles: null,
        histogram: null,
        frequent: ['f', 'false', 't', 'true'].map((value) => ({ value, count: 1, error: 0 })),
        samples: ['true', 'false', 't', 'f'],
        oddities: {},
        warnings: [],
      },
      {
        index: 5,
        name: 'note',
        type: 'text',
        types: { text: 2 },
        type_examples: { text: { record: 2, value: 'said "hi"' } },
        nulls: 3,
        blank: 0,
        null_like: 0,
        distinct: { value: 2, exact: true, error: 0 },
        unique: true,
        min: 'said "hi"',
        max: 'x',
        mean: null,
        stddev: null,
        length: { min: 1, max: 9, mean: 5 },
        quantiles: null,
        histogram: null,
        frequent: ['said "hi"', 'x'].map((value) => ({ value, count: 1, error: 0 })),
        samples: ['said "hi"', 'x'],
        oddities: {},
        warnings: [],
      },
    ],
  })
})

test('no records at all is a profile too', () => {
  const { rows, columns } = profileOf({ names: ['a', 'b'], body: '' })
  expect(rows).toBe(0)
  expect(columns).toEqual(
    ['a', 'b'].map((name, index) => ({
      index,
      name,
      type: 'empty',
      types: {},
      type_examples: {},
      nulls: 0,
      blank: 0,
      null_like: 0,
      distinct: { value: 0, exact: true, error: 0 },
      unique: null,
      min: null,
      max: null,
      mean: null,
      stddev: null,
      length: null,
      quantiles: null,
      histogram: null,
      frequent: [],
      samples: [],
      oddities: {},
      warnings: [],
    })),
  )
})

test('blocks cut at every byte give the same profile', () => {
  const whole = viewOf(PEOPLE, scanned(PEOPLE))
  for (let blockBytes = 1; blockBytes < 60; blockBytes++) {
    expect(viewOf(PEOPLE, scanned(PEOPLE, 0, Number.POSITIVE_INFINITY, blockBytes))).toEqual(whole)
  }
})

/** Enough of everything that sketches overflow: long lines, header rows, odd values, ragged rows. */
const BIG: Source = {
  names: ['id', 'kind', 'amount'],
  recordBytesMax: 100,
  body: (() => {
    const random = steady(11)
    const lines = Array.from({ length: 3_000 }, (_, i) => `${i},"kind ${Math.floor(random() * 7)}",${(random() * 1_000).toFixed(2)}`)
    lines[700] = 'x'.repeat(300)
    lines[1_500] = 'id,kind,amount'
    lines[1_600] = '1600,late,n/a'
    lines[2_000] = '"id","kind","amount"'
    lines[2_500] = '2500'
    return `${lines.join('\n')}\n`
  })(),
  budgetBytes: 3 * 20_000,
}

/** The same records as parts that begin at line starts, each profiled for itself. */
const parts = (source: Source, lines: readonly number[]) => {
  const starts = [0]
  for (const text of String(source.body).split('\n')) starts.push(starts.at(-1)! + text.length + 1)
  const borders = [0, ...lines.map((line) => starts[line]!), Number.POSITIVE_INFINITY]
  return borders.slice(1).map((end, i) => scanned(source, borders[i], end))
}

describe('stretches that are profiled apart and merged equal the whole', () => {
  const whole = profileOf(BIG)
  const { columns: columnsWhole, ...factsWhole } = whole
  test.each([[[1]], [[700]], [[701]], [[1_500]], [[1_600, 1_601]], [[100, 701, 1_500, 1_999, 2_999]]])('cut at lines %j', (lines) => {
    const merged = parts(BIG, lines).reduce((left, right) => mergeProfiles(left, right))
    const { columns, ...facts } = viewOf(BIG, merged)
    expect(facts).toEqual(factsWhole)
    for (const column of columns) {
      const { frequent, ...others } = column
      const { frequent: frequentWhole, ...othersWhole } = columnsWhole[column.index]!
      expect(others).toEqual(othersWhole)
      if (frequentWhole[0]?.error === 0) expect(frequent).toEqual(frequentWhole)
    }
  })

  test('and so do stretches that went through bytes', () => {
    const apart = parts(BIG, [100, 701, 1_500])
    const merged = apart
      .map((part) => decodeProfile(encodeProfile(part)))
      .reduce((left, right) => decodeProfile(encodeProfile(mergeProfiles(left, right))))
    expect(viewOf(BIG, merged)).toEqual(
      viewOf(
        BIG,
        apart.reduce((left, right) => mergeProfiles(left, right)),
      ),
    )
  })

  test('the list does have what could go wrong', () => {
    expect(whole.columns[0]!.distinct.exact).toBe(false)
    expect(whole.columns[1]!.frequent[0]!.error).toBe(0)
    expect(whole.rows).toBe(2_999)
    expect(whole.ragged).toEqual({ short: 1, long: 0 })
    expect(whole.header_repeated).toEqual({ count: 2, first: { record: 1_501 } })
    expect(whole.columns[0]!.warnings[0]).toBe('The header is repeated in 2 of the records, first in record 1501.')
    expect(whole.columns[2]!.warnings[0]).toBe(
      'All but 3 of 2998 values are decimal; the others make the column text, first in record 1501: "amount".',
    )
  })
})

test('what may mean that a value is missing is counted in three ways', () => {
  const [column] = profileOf({ names: ['n', 'b'], body: '1,x\n,x\n  ,x\nN/A,x\n"",x\n\t,x\nnull,x\n-,x\n' }).columns
  expect([column!.nulls, column!.blank, column!.null_like]).toEqual([2, 2, 3])
  expect(column!.oddities).toEqual({
    blank: { count: 2, first: { record: 3, value: '  ' } },
    null_like: { count: 3, first: { record: 4, value: 'N/A' } },
  })
})

test('types that disagree show the first value of each', () => {
  const [column] = profileOf({ names: ['n'], body: '1\n2\nx\n2.5\nz\n2024-01-31\n' }).columns
  expect(column!.types).toEqual({ integer: 2, decimal: 1, date: 1, text: 2 })
  expect(column!.type_examples).toEqual({
    integer: { record: 1, value: '1' },
    decimal: { record: 4, value: '2.5' },
    date: { record: 6, value: '2024-01-31' },
    text: { record: 3, value: 'x' },
  })
})

describe('frequent values are kept or not by a decision made at the beginning', () => {
  const off = (source: Source) => profileOf({ ...source, keepsFrequent: false })

  test('without them there are none, and all else that is exact is the same', () => {
    const facts = ({ columns }: Profile) => columns.map(({ frequent: _, quantiles: __, histogram: ___, ...others }) => others)
    expect(off(BIG).columns.flatMap(({ frequent }) => frequent)).toEqual([])
    expect(facts(off({ ...BIG, budgetBytes: 3 * 2_000_000 }))).toEqual(facts(profileOf({ ...BIG, budgetBytes: 3 * 2_000_000 })))
  })

  test('their room goes to the histogram, and the profile says how much there is', () => {
    expect(profileOf(BIG).precision).toEqual({ distinct_max: 256, frequent_max: 64, buckets_max: 334 })
    expect(off(BIG).precision).toEqual({ distinct_max: 256, frequent_max: 0, buckets_max: 694 })
  })

  test('a column of values that all differ does not change it', () => {
    const body = Array.from({ length: 2_000 }, (_, i) => `${i},${i % 3}`).join('\n')
    const [near, far] = [
      profileOf({ names: ['id', 'k'], body, budgetBytes: 40_000 }),
      profileOf({ names: ['id', 'k'], body: '1,1\n', budgetBytes: 40_000 }),
    ]
    expect(near.precision).toEqual(far.precision)
    expect(near.columns[1]!.frequent.map(({ count, error }) => [count, error])).toEqual([
      [667, 0],
      [667, 0],
      [666, 0],
    ])
  })

  test('profiles with them and without are not merged', () => {
    const [on, without] = [startProfile(['a']), startProfile(['a'], { keepsFrequent: false })]
    expect(() => mergeProfiles(on, without)).toThrow('profiles of one file')
  })
})

test('what the scanner met is passed on', () => {
  const warnings = [{ code: 'stray_quote', count: 2, first: { record: 1, line: 2, byte_offset: 9 } }]
  const meta = { file: 'f', etag: 'e', dialect: DEFAULT_DIALECT, blankLines: 0 }
  expect(profileView(startProfile(['a']), { ...meta, warnings }).warnings).toEqual(warnings)
  expect(profileView(startProfile(['a']), meta).warnings).toEqual([])
})

test('a column that is mostly of one type names the first value that is not', () => {
  const [column] = profileOf({ names: ['n'], body: '1\n2\nthree\n4\nfive\n' }).columns
  expect(column!.type).toBe('text')
  expect(column!.warnings).toEqual(['All but 2 of 5 values are integer; the others make the column text, first in record 3: "three".'])
})

test('of several types that spoil a column the one met first is named', () => {
  const [column] = profileOf({ names: ['n'], body: '1\nx\nyes\n4\n5\n' }).columns
  expect(column!.warnings[0]).toContain('All but 2 of 5 values are integer')
  expect(column!.warnings[0]).toContain('first in record 2: "x"')
})

test('a rejected line has a number, whatever block it lies in', () => {
  const source: Source = { names: ['n'], body: `1\n${'9'.repeat(30)}\nx\n4\n5\n`, recordBytesMax: 10 }
  for (const blockBytes of [1, 5, 1_000]) {
    const { rows, columns } = viewOf(source, scanned(source, 0, Number.POSITIVE_INFINITY, blockBytes))
    expect(rows).toBe(4)
    expect(columns[0]!.warnings[0]).toContain('first in record 3: "x"')
  }
})

test('no estimate exceeds the number of values', () => {
  for (let count = 400; count < 4_000; count += 400) {
    const body = Array.from({ length: count }, (_, i) => `v${i}`).join('\n')
    const { value, exact } = profileOf({ names: ['v'], body, budgetBytes: 9_000 }).columns[0]!.distinct
    expect(exact).toBe(false)
    expect(value).toBeLessThanOrEqual(count)
  }
})

test('without a header nothing repeats it', () => {
  expect(profileOf({ names: ['column1'], body: 'column1\ncolumn1\n', dialect: { header: false } }).columns[0]!.warnings).toEqual([])
})

test('other delimiters, quotes and escapes are those of the dialect', () => {
  const source: Source = { names: ['a', 'b'], body: "'it\\'s';1\nplain;'2'\n", dialect: { delimiter: ';', quote: "'", escape: '\\' } }
  expect(profileOf(source).columns.map(({ samples }) => samples)).toEqual([
    ["it's", 'plain'],
    ['1', '2'],
  ])
  expect(profileOf({ names: ['a'], body: '"x"\n', dialect: { quote: null, escape: null } }).columns[0]!.samples).toEqual(['"x"'])
})

test('bytes of an unknown encoding count as one character each', () => {
  const body = Uint8Array.from([0x35, 0x30, 0x20, 0x80, 0x0a])
  expect(profileOf({ names: ['a'], body, dialect: { encoding: 'unknown-8bit' } }).columns[0]!.length).toEqual({ min: 4, max: 4, mean: 4 })
  expect(profileOf({ names: ['a'], body: utf8('café\n') }).columns[0]!.length).toEqual({ min: 4, max: 4, mean: 4 })
})

test('states of other files or versions are refused', () => {
  expect(() => mergeProfiles(startProfile(['a']), startProfile(['a', 'b']))).toThrow('profiles of one file')
  const bytes = encodeProfile(startProfile(['a']))
  expect(() => decodeProfile(bytes.subarray(0, bytes.length - 1))).toThrow('ends before')
  expect(() => decodeProfile(Uint8Array.from([...bytes, 0]))).toThrow('ends with its last sketch')
  expect(() => decodeProfile(Uint8Array.from([99, ...bytes.subarray(1)]))).toThrow('version')
})
