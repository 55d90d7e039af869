/** The record limit, to the byte. M is 8 here: a line has 8 bytes, its line end included. */
import { expect, it } from 'vitest'
import { LIMITS } from '../../shared/base/limits.ts'
import type { ScanOptions } from '../../shared/csv/scanner.ts'
import { cases } from '../support/cases.ts'
import { bytesOf, dialectWith, SCANNERS, scanEveryWay, scanOptions } from '../support/scan.ts'

const LIMIT = { recordBytesMax: 8 }

interface Outcome {
  readonly rows: string[][]
  /** Byte offset, byte length, physical line and number among the records. */
  readonly rejects?: readonly (readonly [byteOffset: number, byteLength: number, line: number, number: number])[]
  /** Byte offset and line of quotes that did not close: the first one, and how many. */
  readonly unclosed?: readonly [byteOffset: number, line: number, count: number]
}

const outcomeIs = (input: string, { rows, rejects = [], unclosed }: Outcome, options: Partial<ScanOptions> = {}): void => {
  const scanned = scanEveryWay(bytesOf(input), scanOptions({ ...LIMIT, ...options }))
  expect(scanned.records.map(({ texts }) => texts)).toEqual(rows)
  expect(scanned.rejects.map(({ byteOffset, byteLength, line, number }) => [byteOffset, byteLength, line, number])).toEqual(rejects)
  const warning = scanned.warnings.find(({ code }) => code === 'unclosed_quote')
  expect(warning && [warning.first.byteOffset, warning.first.line, warning.count]).toEqual(unclosed)
}

cases<[string, Outcome]>(
  'without an open quote',
  [
    ['M bytes with the line end are a record', '1234567\nb\n', { rows: [['1234567'], ['b']] }],
    ['the CR counts', '123456\r\nb\n', { rows: [['123456'], ['b']] }],
    ['one byte more is rejected', '12345678\nb\n', { rows: [['b']], rejects: [[0, 9, 1, 1]] }],
    ['M bytes at the end of the input are a record', '12345678', { rows: [['12345678']] }],
    ['one byte more there is rejected', '123456789', { rows: [], rejects: [[0, 9, 1, 1]] }],
    [
      'a rejected line ends at the first newline from its start + M',
      'a\n1234567890123\nb\n',
      { rows: [['a'], ['b']], rejects: [[2, 14, 2, 2]] },
    ],
    ['quotes there are ignored', '1,23456"x"\n"b"\n', { rows: [['b']], rejects: [[0, 11, 1, 1]] }],
    ['also a quote that opens there', '1,23456,"\n"b"\n', { rows: [['b']], rejects: [[0, 10, 1, 1]] }],
    [
      'two in a row are two',
      '123456789\n123456789\nb',
      {
        rows: [['b']],
        rejects: [
          [0, 10, 1, 1],
          [10, 10, 2, 2],
        ],
      },
    ],
    ['records around it keep their numbers', 'a\n123456789\nb\n', { rows: [['a'], ['b']], rejects: [[2, 10, 2, 2]] }],
    [
      'newlines inside its quotes are physical lines',
      '"1\n2\n3",x\nb\n123456789',
      {
        rows: [['b']],
        rejects: [
          [0, 10, 1, 1],
          [12, 9, 5, 3],
        ],
      },
    ],
  ],
  outcomeIs,
)

cases<[string, Outcome]>(
  'inside an open quote',
  [
    ['the quote becomes an ordinary character', 'a,"b\nc,d\ne\n', { rows: [['a', '"b'], ['c', 'd'], ['e']], unclosed: [2, 1, 1] }],
    ['at a line start too', '"a\nbcdefgh\n', { rows: [['"a'], ['bcdefgh']], unclosed: [0, 1, 1] }],
    ['only the last opened quote does', '"a","b\ncdefg\n', { rows: [['a', '"b'], ['cdefg']], unclosed: [4, 1, 1] }],
    ['doubled quotes in its field are then two quotes', '"a""\nbcdefg\n', { rows: [['"a""'], ['bcdefg']], unclosed: [0, 1, 1] }],
    ['its line is that of the quote', '"\n","x\nyz\nb\n', { rows: [['\n', '"x'], ['yz'], ['b']], unclosed: [4, 2, 1] }],
    ['a quote that closes within M bytes is none', '"1\n2\n3"\nb\n', { rows: [['1\n2\n3'], ['b']] }],
    ['one that closes with the last of M bytes leaves the line too long', '"1\n2\n34"\nb\n', { rows: [['b']], rejects: [[0, 9, 1, 1]] }],
    ['M bytes at the end of the input just close it', '"1\n2\n34', { rows: [['1\n2\n34']], unclosed: [0, 1, 1] }],
    ['one byte more there do not', '"1\n2\n3456', { rows: [['"1'], ['2'], ['3456']], unclosed: [0, 1, 1] }],
    ['if the line then ends too late it is rejected', '"12345678\nb\n', { rows: [['b']], rejects: [[0, 10, 1, 1]], unclosed: [0, 1, 1] }],
    [
      'each line has its own second reading',
      '"a\n1234567\n"b\n1234567\n',
      { rows: [['"a'], ['1234567'], ['"b'], ['1234567']], unclosed: [0, 1, 2] },
    ],
    ['in the line after it quotes are read anew', '"a""\n""b,cd\n', { rows: [['"a""'], ['b', 'cd']], unclosed: [0, 1, 1] }],
  ],
  outcomeIs,
)

it('the limit counts from behind the byte order mark', () => {
  outcomeIs('\xef\xbb\xbf1234567\nb\n', { rows: [['1234567'], ['b']] }, { dialect: dialectWith({ bom: true }) })
})

it('CR mode has the same limit', () => {
  outcomeIs('12345678\rb\r', { rows: [['b']], rejects: [[0, 9, 1, 1]] }, { dialect: dialectWith({ newline: 'cr' }) })
})

cases<[string, Outcome]>(
  'a comment over the limit is no record and no rejected line',
  [
    ['between records', 'a\n#23456789\nb\n', { rows: [['a'], ['b']] }],
    ['with quotes in it', '#,"4567"9,"\nb\n', { rows: [['b']] }],
    ['at the end of the input', 'a\n#23456789', { rows: [['a']] }],
    ['a rejected line behind it has its place', '#23456789\n123456789\nb', { rows: [['b']], rejects: [[10, 10, 2, 1]] }],
  ],
  (input, outcome) => {
    outcomeIs(input, outcome, { dialect: dialectWith({ comment: '#' }) })
    const { warnings } = scanEveryWay(bytesOf(input), scanOptions({ ...LIMIT, dialect: dialectWith({ comment: '#' }) }))
    const byteOffset = input.indexOf('#')
    const first = { record: byteOffset === 0 ? 1 : 2, line: byteOffset === 0 ? 1 : 2, byteOffset }
    expect(warnings).toEqual([{ code: 'comment_line', count: 1, first }])
  },
)

interface Rest {
  readonly rows: string[][]
  readonly lines: number
  readonly next: number
  readonly isSkipping?: boolean
}

const START = 1_000

cases<[string, Rest, Partial<ScanOptions>?]>(
  'a scan that begins within a line over the limit',
  [
    ['passes over the rest of it', 'xx\nb\n', { rows: [['b']], lines: 2, next: 5 }],
    ['ignores quotes in it', 'x,"y\nb"\n', { rows: [['b"']], lines: 2, next: 8 }],
    ['may begin at its line end', '\nb\n', { rows: [['b']], lines: 2, next: 3 }],
    ['passes over more than M bytes', '123456789012345\nb', { rows: [['b']], lines: 1, next: 17 }],
    ['finds nothing where it has no end', '123456789012345', { rows: [], lines: 0, next: 15, isSkipping: true }],
    ['goes as far behind its range as it must', '12345\nb\n', { rows: [], lines: 1, next: 6 }, { end: START + 2 }],
    ['owns the lines behind it', '12345\nb\nc\n', { rows: [['b']], lines: 2, next: 8 }, { end: START + 7 }],
    ['in CR mode ends it with a CR', 'x\ny\rb\r', { rows: [['b']], lines: 2, next: 6 }, { dialect: dialectWith({ newline: 'cr' }) }],
    [
      'has no byte order mark',
      '\xef\xbb\n\xbf\n',
      { rows: [['\ufffd']], lines: 2, next: 5 },
      { dialect: dialectWith({ bom: true }), start: 0 },
    ],
  ],
  (input, { rows, lines, next, isSkipping = false }, options = {}) => {
    const { start = START } = options
    const scanned = scanEveryWay(bytesOf(input), scanOptions({ ...LIMIT, start, skips: true, ...options }))
    expect(scanned.records.map(({ texts }) => texts)).toEqual(rows)
    expect(scanned.records.map(({ number, line }) => [number, line])).toEqual(rows.map((_, r) => [r + 1, r + 2]))
    expect([scanned.counts, scanned.rejects]).toEqual([{ records: rows.length, rejected: 0, blankLines: 0, lines }, []])
    expect([scanned.next, scanned.isSkipping]).toEqual([start + next, isSkipping])
  },
)

cases<[string, boolean]>(
  'after finish a scanner is in a line over the limit',
  [
    ['that was rejected', 'a\n123456789', true],
    ['and comes to its end as little by quotes', 'a\n123456789"\r"', true],
    ['that is a comment', '#23456789', true],
    ['not in one whose end it saw', '123456789\n', false],
    ['not in the one before a shorter one', '123456789\na', false],
    ['not in a line of M bytes', 'a\n12345678', false],
  ],
  (input, isSkipping) => {
    const scanned = scanEveryWay(bytesOf(input), scanOptions({ ...LIMIT, dialect: dialectWith({ comment: '#' }) }))
    expect([scanned.isSkipping, scanned.next]).toEqual([isSkipping, input.length])
  },
)

it('an escape as the last of M bytes is inside the quotes', () => {
  outcomeIs('"a\nbcde\\f\n', { rows: [['"a'], ['bcdef']], unclosed: [0, 1, 1] }, { dialect: dialectWith({ escape: '\\' }) })
})

it('oddities of a rejected line are not counted, and those of a second reading once', () => {
  expect(scanEveryWay(bytesOf('a"b"c\0d\xff\n'), scanOptions(LIMIT)).warnings).toEqual([])
  const { warnings } = scanEveryWay(bytesOf('a"b,"\nd\nefgh'), scanOptions(LIMIT))
  expect(warnings).toEqual([
    { code: 'stray_quote', count: 1, first: { record: 1, line: 1, byteOffset: 1 } },
    { code: 'unclosed_quote', count: 1, first: { record: 1, line: 1, byteOffset: 4 } },
  ])
})

it('lines that were taken for the inside of a quote are read after it, up to the end of the range, also when they came long before', () =>
  outcomeIs('"a\nbc,d\nef\n', { rows: [['"a'], ['bc', 'd']], unclosed: [0, 1, 1] }, { end: 5 }))

it('a line that never ends takes no memory', () => {
  for (const [name, make] of Object.entries(SCANNERS)) {
    const room = name === 'kernel' ? LIMITS.filterMemoryBytesMax : LIMITS.recordBytesMax + LIMITS.blockBytes
    const scanner = make(scanOptions({ recordBytesMax: LIMITS.recordBytesMax }))
    const block = new Uint8Array(LIMITS.blockBytes).fill(0x61)
    let kept = 0
    for (let i = 0; i < 100; i++) kept = Math.max(kept, scanner.push(block).bytes.buffer.byteLength)
    expect(kept).toBeLessThanOrEqual(room)
    expect(scanner.next).toBe(0)
    expect(scanner.finish().rejects).toEqual([
      { before: 0, line: 1, byteOffset: 0, byteLength: 100 * block.length, reason: 'record_too_long' },
    ])
  }
})

it('a long line in small pieces is read once, not once per piece', () => {
  for (const make of Object.values(SCANNERS)) {
    const scanner = make(scanOptions({ recordBytesMax: 1 << 20 }))
    const piece = new Uint8Array(64).fill(0x61)
    const began = performance.now()
    for (let i = 0; i < (1 << 20) / 64; i++) scanner.push(piece)
    expect(scanner.finish().count).toBe(1)
    expect(performance.now() - began).toBeLessThan(5_000)
  }
})
