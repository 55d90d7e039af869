/**
 * What the kernel answers at a glance, where every record has its fields: short numbers, texts that lie as they are or between quotes. Each table is held against the twin by keptRows; its columns hold
 * the same values first, in the middle and last, in lines that end with LF and with CR LF.
 */
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../shared/base/bytes.ts'
import { Random } from '../../support/random.ts'
import { keptRows, type Table, tableOf } from '../table.ts'

const evenTable = (fields: readonly string[]): Table => {
  const lines = fields.map((field, i) => `${field},${field},${field}${i % 5 === 0 ? '\r\n' : '\n'}`)
  const table = tableOf(utf8(`a,b,c\n${lines.join('')}`))
  expect(table.batches.map(({ firstFields, count }) => firstFields[count]! / count)).toEqual([3])
  return table
}

const bothWays = (fields: readonly string[]): string[] => [...fields, ...fields.map((field) => `"${field}"`)]

const keepEverywhere = (table: Table, clause: (column: string) => string): number[][] =>
  ['a', 'b', 'c'].map((column) => keptRows(table, clause(column)))

const random = new Random(7)
const digits = (count: number): string => random.times(count, () => random.below(10)).join('')

const SHORT = [
  ...['0', '00', '1', '9', '10', '60', '61', '99999999', '00000001', '12345678', '123456789', '-5', '+5', '-0', '1e1'],
  ...['0.5', '.5', '5.', '.', '1.0', '60.0', '60.5', '0.1', '0.30', '999999.9', '.0000001', '1.000001', '12.34.5', '1234567.'],
  ...['', ' 1', '1 ', 'abc', '1a', 'a1', '1-', '--1', '6_0', '1:', '/1'],
  ...random.times(300, () => (random.oneIn(2) ? digits(random.between(1, 8)) : `${digits(random.below(4))}.${digits(random.below(4))}`)),
]

describe('short numbers', () => {
  const table = evenTable(bothWays(SHORT))
  const bounds = [
    '0',
    '-0.0',
    '-1',
    '-0.5',
    '1',
    '60',
    '60.5',
    '0.1',
    '0.30000000000000004',
    '0.3',
    '1e-7',
    '99999999',
    '99999999.5',
    '100000000',
    '1e300',
    '-1e300',
  ]
  const ofTheTable = SHORT.filter((text) => /^\d+(\.\d+)?$/.test(text)).slice(-40)

  it.each(['=', '<>', '<', '<=', '>', '>='])('%s', (operator) => {
    for (const bound of [...bounds, ...ofTheTable, "CAST('nan' AS DOUBLE)", "CAST('inf' AS DOUBLE)", "CAST('-inf' AS DOUBLE)"])
      keepEverywhere(table, (column) => `${column} ${operator} ${bound}`)
  })
})

const TEXTS = [
  ...[
    'NY',
    'N',
    'NYC',
    'ny',
    'Y',
    '',
    'eightlen',
    'eightlem',
    'ninebytes',
    'ninebytez',
    'more than sixteen bytes',
    'more than sixteen bytez',
    'é',
  ],
  ...['"NY"', '"N""Y"', '"N"Y', '"NY" ', '"""NY"', '"NY"""', '""', '""""', '"N"Y"', '"ninebytes"', '"ninebyte"s', '"x ""left"" y"'],
  ...[
    'left',
    'eft',
    'le',
    '"le"ft',
    '"le"ft"',
    'lleft',
    'l..t left',
    'lett left',
    'left at the first',
    `${'x'.repeat(28)}left`,
    `${'x'.repeat(29)}left`,
  ],
  ...[
    `${'x'.repeat(27)}left`,
    `${'x'.repeat(33)}left`,
    `${'x'.repeat(30)}lef`,
    `left${'x'.repeat(60)}`,
    '"left"',
    '"not l""eft"',
    '"a""left"',
  ],
]

describe('texts', () => {
  // More than the 64 that are answered together.
  const table = evenTable([...TEXTS, ...TEXTS])
  const wanted = ['NY', 'N', '', 'N"Y', '"', '"NY', 'eightlen', 'ninebytes', 'more than sixteen bytes', 'é', 'le"ft']

  it.each(['=', '<>', '<', '>='])('%s', (operator) => {
    for (const text of wanted) keepEverywhere(table, (column) => `${column} ${operator} '${text}'`)
  })

  it.each([
    'left',
    'l',
    't',
    'le',
    'lett',
    '"',
    'ft"',
    'x',
    'xl',
    'é',
    `${'x'.repeat(28)}l`,
    'a text longer than any of these fields is, so that nothing is found',
  ])('%s is in them', (part) => {
    keepEverywhere(table, (column) => `${column} LIKE '%${part}%'`)
    keepEverywhere(table, (column) => `${column} NOT LIKE '%${part}%'`)
  })

  it('are NULL where nothing is left', () => {
    const [first, middle, last] = keepEverywhere(table, (column) => `${column} IS NULL`)
    expect(first!.length).toBe(4)
    expect([middle, last]).toEqual([first, first])
  })
})

describe('a part of a text, where there are no quotes', () => {
  const text = (most: number): string => random.times(random.below(most), () => random.pick([...'left xyz'])).join('')

  it.each([1, 3, 64, 65, 400])('in %i records', (count) => {
    for (let round = 0; round < 12; round++) {
      const lines = random.times(count, () => `${text(9)},${text(70)},${text(30)}${random.pick(['\n', '\n', '\r\n', '\n\n'])}`)
      const table = tableOf(utf8(`a,b,c\n${lines.join('')}`))
      for (const part of ['left', 'eft', 'ly x', 'xyzt', 'e,l', 'e,', ','])
        for (const column of ['a', 'b', 'c']) {
          keptRows(table, `${column} LIKE '%${part}%'`)
          keptRows(table, `${column} NOT LIKE '%${part}%'`)
          keptRows(table, `a LIKE '%e%' AND (${column} LIKE '%${part}%') IS NOT TRUE`)
        }
    }
  })

  it('that stands everywhere', () => {
    const table = tableOf(utf8(`a,b,c\n${random.times(200, () => `${text(40)},${text(40)},e\n`).join('')}`))
    for (const part of ['e', 'l', 't', 'left']) keepEverywhere(table, (column) => `${column} LIKE '%${part}%'`)
  })
})
