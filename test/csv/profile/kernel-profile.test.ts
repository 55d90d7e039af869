/**
 * The kernel's profile is the twin's: the same state, whatever the values, however the input comes in blocks.
 * States are compared whole. Only the order of an exact set of hashes is nobody's business; `plain` brings it into one.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import { LIMITS } from '../../../shared/base/limits.ts'
import { DEFAULT_DIALECT, type Dialect } from '../../../shared/csv/dialect.ts'
import { type Kernel, STATE_BYTES_MAX } from '../../../shared/csv/kernel-memory.ts'
import { kernelScanner } from '../../../shared/csv/kernel-scanner.ts'
import type { ColumnState } from '../../../shared/csv/profile/column.ts'
import { exactWhole } from '../../../shared/csv/profile/exact-sum.ts'
import { kernelFor, profileRoom } from '../../../shared/csv/profile/kernel-profile.ts'
import { decodeProfile, encodeProfile, type ProfileState } from '../../../shared/csv/profile/profile.ts'
import { Profiler } from '../../../shared/csv/profile/profiler.ts'
import { testKernel } from '../../support/kernel.ts'
import { always, steady } from './cells.ts'
import { type Source, scanned } from './scan.ts'

const kernel: Kernel = testKernel({ stateBytes: STATE_BYTES_MAX })

/** The profile as analyse makes it: by the kernel, from blocks of `blockBytes`. */
const profiled = (source: Source, blockBytes: number): ProfileState => {
  const bytes = typeof source.body === 'string' ? utf8(source.body) : source.body
  const dialect: Dialect = { ...DEFAULT_DIALECT, ...source.dialect }
  const { names, budgetBytes = LIMITS.profileBudgetBytes, keepsFrequent = true, recordBytesMax = 1_000_000 } = source
  const scanner = kernelScanner(kernel)({ dialect, start: 0, end: Number.POSITIVE_INFINITY, recordBytesMax, columns: names.length })
  const profiler = new Profiler(names, dialect, { budgetBytes, keepsFrequent })
  for (let at = 0; at < bytes.length; at += blockBytes) {
    const batch = scanner.push(bytes.subarray(at, at + blockBytes))
    expect(kernelFor(batch, names.length, { budgetBytes, keepsFrequent })).toBe(kernel)
    profiler.add(batch)
  }
  profiler.add(scanner.finish())
  return profiler.state()
}

const hashesOf = ({ slots }: ColumnState['distinct']): readonly string[] | null => {
  if (slots === null) return null
  const hashes = Array.from({ length: slots.length / 2 }, (_, i) => `${slots[2 * i]} ${slots[2 * i + 1]}`)
  return hashes.filter((hash) => hash !== '0 0').sort()
}

const sumsOf = ({ numbers, sums }: ColumnState['moments']) => [numbers, sums && exactWhole(sums.first), sums && exactWhole(sums.second)]

/** After the way through bytes, which settles sums and the room of tables. */
const plain = (state: ProfileState) => {
  const { columns, ...rest } = decodeProfile(encodeProfile(state))
  return {
    ...rest,
    columns: columns.map((column) => ({
      ...column,
      moments: sumsOf(column.moments),
      distinct: { ...column.distinct, slots: hashesOf(column.distinct) },
    })),
  }
}

const expectSame = (source: Source, blockBytes = LIMITS.blockBytes): void => {
  expect(plain(profiled(source, blockBytes))).toEqual(plain(scanned(source)))
}

/** Values of every kind, and what lies between the kinds. */
const VALUES = [
  ...[
    '0',
    '7',
    '007',
    '-0',
    '+5',
    '-17',
    '12345678',
    '123456789',
    '1234567890123456',
    '9007199254740993',
    '18446744073709551616',
    '1'.repeat(40),
  ],
  ...[
    '0.5',
    '-.5',
    '5.',
    '12.25',
    '1e3',
    '-1E-7',
    '1e400',
    '-1e400',
    '1e-400',
    '5e-324',
    '123456.7890123',
    '0.1',
    '9007199254740993.00000000000000000001',
  ],
  ...[
    'nan',
    '-NaN',
    'inf',
    'Infinity',
    '-infinity',
    'nil',
    'info',
    'na',
    'N/A',
    '#n/a',
    'null',
    'None',
    '-',
    '--',
    '?',
    '.',
    '\\N',
    '\0na',
  ],
  ...['t', 'F', 'yes', 'NO', 'true', 'False', 'y', 'n', 'truth', ' true'],
  ...[
    '2024-01-31',
    '2024/2/29',
    '2023 02 29',
    '0000-01-01',
    '9999-12-31',
    '2024-1-3',
    '2024-01-31x',
    '2024-13-01',
    '1969-12-31 23:59:59.999999',
  ],
  ...[
    '2024-01-31T10:00',
    '2024-01-31 24:00:00',
    '2024-01-31 24:00:01',
    '2024-01-31 10:00Z',
    '2024-01-31T10:00:00.1234567+01:00',
    '2024-01-31 10:00 UTC',
  ],
  ...['2024-01-31 1:2:3-0330', '2024-01-31 10', '2024-01-31 10:60', '2024-01-31 10:00+16', '2024-01-31T10:00:00.', ' 2024-01-31 '],
  ...[
    '9/25/24',
    '31.12.2024',
    '1.2.24',
    '31-12-2024',
    '9/25/2024 10:00',
    '9/25/24x',
    '9/25/24\t',
    '12/5/2024T1',
    '1/2/3456789',
    '1/2/24,é',
    '9/25/24 a\nb',
  ],
  ...[
    '1,000',
    '$5',
    '5%',
    '€5',
    '5 €',
    '-$1,234.50',
    "1'000'000",
    '1,23,456',
    '1 000',
    '$ 5 %',
    '£1',
    '1,2345',
    '1.234.567,89',
    '5 $ ',
    '12,',
    '1,000,00',
    '+5%',
  ],
  ...[
    ' ',
    '\t',
    '  x ',
    ' 12 ',
    '12\u00a0',
    'é',
    '日本',
    '🙂',
    '\u2028',
    'x'.repeat(64),
    'x'.repeat(65),
    `${'é'.repeat(40)}`,
    `${'9'.repeat(70)}`,
    ' '.repeat(80),
  ],
  ...['a,b', 'say "hi"', '"', 'two\nlines', 'two\r\nlines', '""', 'name', 'x"y'],
]

const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 2, arbitrary: fc.integer().map(String) },
  { weight: 2, arbitrary: fc.double().map(String) },
  { weight: 2, arbitrary: fc.tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.nat(9_999)).map(([whole, part]) => `${whole}.${part}`) },
  { weight: 1, arbitrary: fc.stringMatching(/^[-+$€0-9.,%' :/T]{0,14}$/) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constant('') },
)
const line = fc.oneof(
  { weight: 20, arbitrary: fc.array(value, { minLength: 3, maxLength: 3 }).map((fields) => fields.map(quoted).join(',')) },
  { weight: 2, arbitrary: fc.array(value, { minLength: 1, maxLength: 5 }).map((fields) => fields.map(quoted).join(',')) },
  { weight: 1, arbitrary: fc.constantFrom('', 'a,b,c', '"a","b",c', '"x"y,"z', '"open', 'r'.repeat(300)) },
)
const table = fc.record({
  lines: fc.array(line, { maxLength: 60 }),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  blockBytes: fc.integer({ min: 1, max: 400 }),
  source: fc.record({
    dialect: fc.record({ encoding: fc.constantFrom('utf-8' as const, 'unknown-8bit' as const), header: fc.boolean() }),
    // Of three columns: all there is, and so little that tables are purged and hashes given up.
    budgetBytes: fc.constantFrom(LIMITS.profileBudgetBytes, 30_000),
    keepsFrequent: fc.boolean(),
    recordBytesMax: fc.constantFrom(250, 1_000_000),
  }),
})

describe('the kernel and the twin make the same profile', () => {
  it('of random tables, in random blocks', () => {
    always(table, ({ lines, lineEnd, blockBytes, source }) => {
      expectSame({ ...source, names: ['a', 'b', 'c'], body: lines.join(lineEnd) }, blockBytes)
    })
  })

  it.each(VALUES.map((one) => [one]))('of %j', (one) => {
    const body = `${quoted(one)}\nx\n${quoted(one)}\n"${one.replaceAll('"', '""')}"\n${quoted(one)}\n`
    for (const keepsFrequent of [true, false]) expectSame({ names: ['a'], body, keepsFrequent })
  })
})

/** Columns of `rows` values by their number and a random one in [0, 1). */
const column = (rows: number, make: (r: number, random: number) => string | number): string => {
  const random = steady(rows)
  return Array.from({ length: rows }, (_, r) => `${make(r, random())}\n`).join('')
}

describe('so do they where tables fill up', () => {
  const cases: readonly (readonly [string, Omit<Source, 'names'>])[] = [
    ['all values differ: more than are kept exactly', { body: column(40_000, (r) => `user${(r * 7_919) % 40_009}@example.com`) }],
    ['few values of many rows', { body: column(60_000, (_, random) => Math.floor(random * 900)) }],
    [
      'a few frequent among many rare, purged over and over',
      { body: column(60_000, (r, random) => (r % 3 === 0 ? `top ${Math.floor(random * 12)}` : `rare ${r}`)) },
    ],
    ['half known, half new', { body: column(40_000, (_, random) => new Date(random * 1e12).toISOString().slice(0, 10)) }],
    ['little room', { body: column(20_000, (r, random) => (random < 0.5 ? Math.floor(random * 40) : r / 8)), budgetBytes: 12_000 }],
    ['without frequent values', { body: column(20_000, (_, random) => (random * 1e4).toFixed(2)), keepsFrequent: false }],
    [
      'decimals of all magnitudes: buckets joined',
      { body: column(40_000, (r, random) => (random - 0.5) * 10 ** (((r * 37) % 600) - 300)) },
    ],
    ['moments in time: buckets joined', { body: column(40_000, (_, random) => new Date(random * 4e12).toISOString()) }],
    [
      'long numbers, some for the host',
      { body: column(5_000, (r, random) => `${random}${r}${random}`.replaceAll('.', '').replace('0', '0.')) },
    ],
    ['large whole numbers, their squares beyond a double', { body: column(20_000, (_, random) => Math.floor((random - 0.5) * 2 ** 31)) }],
    ['long text, part of it the same', { body: column(3_000, (r) => `${'long '.repeat(13)}${r % 7}`) }],
    ['quotes to undo in every row', { body: column(20_000, (r) => `"said ""${r % 4_500}"" and left"`) }],
    [
      'odd numbers and dates',
      { body: column(9_000, (r, random) => (r % 2 === 0 ? `$${Math.floor(random * 1e6)}.50` : `${r % 12}/${r % 31}/2024`)) },
    ],
    ['currency that is not ASCII: the host is asked about each', { body: column(2_000, (r) => `€${r}.50`) }],
  ]
  it.each(cases)('%s', (_, source) => {
    expectSame({ names: ['a'], ...source })
    expectSame({ names: ['a'], ...source }, 50_000)
  })
})

describe('so do they where records are odd', () => {
  it.each([
    [
      'rejected lines between records: numbers count them',
      { names: ['a', 'b'], body: `x,1\n${'y'.repeat(200)}\n\ny,2\n${'y'.repeat(200)}\nz,3\n`, recordBytesMax: 100 },
    ],
    [
      'the header repeated, quoted or not',
      { names: ['id', 'b'], body: '1,2\nid,b\n"id","b"\nid,c\nie,b\nid\n', dialect: { header: true } },
    ],
    ['short and long records', { names: ['a', 'b', 'c'], body: '1,2\n1,2,3\n1,2,3,4\n1\n\n1,2,3\n' }],
    ['lines that end with CR', { names: ['a', 'b'], body: '1,2\r3,4\r5,"6\r7"\r', dialect: { newline: 'cr' } }],
    ['another quote and delimiter', { names: ['a', 'b'], body: "1;'x''y'\n2;z\n", dialect: { quote: "'", escape: "'", delimiter: ';' } }],
    ['no records', { names: ['a', 'b'], body: '' }],
  ] satisfies [string, Source][])('%s', (_, source) => {
    for (const blockBytes of [1, 7, LIMITS.blockBytes]) expectSame(source, blockBytes)
  })
})

it('any list may be profiled in the kernel: the columns of the widest have room, with frequent values and without', () => {
  for (const keepsFrequent of [true, false]) {
    const budget = { budgetBytes: LIMITS.profileBudgetBytes, keepsFrequent }
    for (let columns = 1; columns <= LIMITS.columnsMax; columns++)
      expect([columns, profileRoom(columns, budget) > 0]).toEqual([columns, true])
  }
})

it('a batch that does not lie in a kernel with room is profiled here', () => {
  const narrow = testKernel()
  const options = { dialect: DEFAULT_DIALECT, start: 0, end: 100, recordBytesMax: 1_000 }
  const budget = { budgetBytes: LIMITS.profileBudgetBytes, keepsFrequent: true }
  const batch = kernelScanner(narrow)({ ...options, columns: 500 }).finish()
  expect(kernelFor(batch, 500, budget)).toBe(null)
  expect(kernelFor({ ...batch, kernel: null }, 1, budget)).toBe(null)
})
