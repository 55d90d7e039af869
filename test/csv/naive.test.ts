/** What a CSV means, case by case; every case whole and cut at every byte. Inputs are latin1: \xff is the byte FF. */
import { expect, it } from 'vitest'
import type { Dialect } from '../../shared/csv/dialect.ts'
import type { Warning } from '../../shared/csv/scanner.ts'
import { cases } from '../support/cases.ts'
import { bytesOf, dialectWith, inPieces, rowsEveryWay, SCANNERS, scanEveryWay, scanOptions, scanPieces } from '../support/scan.ts'

type Rows = string[][]

const rowsAre =
  (changes: Partial<Dialect> = {}) =>
  (input: string, rows: Rows): void =>
    expect(rowsEveryWay(input, scanOptions({ dialect: dialectWith(changes) }))).toEqual(rows)

cases<[string, Rows]>(
  'fields and records',
  [
    ['nothing is no record', '', []],
    ['a record needs no line end', 'a,b', [['a', 'b']]],
    ['a delimiter at the end opens an empty field', 'a,\n', [['a', '']]],
    ['a lone delimiter is two empty fields', ',\n', [['', '']]],
    ['LF ends a record', 'a\nb\n', [['a'], ['b']]],
    [
      'CR LF ends a record',
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['line ends may be mixed', 'a\r\nb\nc', [['a'], ['b'], ['c']]],
    ['only one CR belongs to the line end', 'a\r\r\n', [['a\r']]],
    ['a CR between other bytes is data', 'a\rb,c\n', [['a\rb', 'c']]],
    ['a CR at the very end is data', 'a,b\r', [['a', 'b\r']]],
    ['an empty last field before CR LF is empty', 'a,\r\n', [['a', '']]],
    ['whitespace is data', ' a ,\t\n', [[' a ', '\t']]],
    ['rows keep the width they have', 'a,b\nc\nd,e,f\n', [['a', 'b'], ['c'], ['d', 'e', 'f']]],
    ['NUL is data', 'a\0,\0\n', [['a\0', '\0']]],
    ['a byte order mark inside is data', 'a,\u00ef\u00bb\u00bfb\n', [['a', '\ufeffb']]],
    ['bytes that are not UTF-8 are kept', '\xe9,b\n', [['\ufffd', 'b']]],
  ],
  rowsAre(),
)

cases<[string, Rows]>(
  'blank lines',
  [
    ['are no records', '\n\na\n\n\nb\n\n', [['a'], ['b']]],
    ['may have a CR', '\r\na\r\n\r\nb', [['a'], ['b']]],
    ['a CR alone at the end is one', 'a\n\r', [['a']]],
    ['a line of blanks is a record', '  \n', [['  ']]],
    ['a line of two quotes is a record', '""\n', [['']]],
    ['two CRs are a record', '\r\r\n', [['\r']]],
  ],
  rowsAre(),
)

cases<[string, Rows]>(
  'quotes',
  [
    ['a quoted field loses its quotes', '"a","b"\n', [['a', 'b']]],
    ['delimiter inside', '"a,b",c\n', [['a,b', 'c']]],
    ['newline inside', 'a,"b\nc"\n', [['a', 'b\nc']]],
    ['CR LF inside', '"a\r\nb"\r\nc\r\n', [['a\r\nb'], ['c']]],
    ['a doubled quote is one quote', '"a""b"\n', [['a"b']]],
    ['two quotes are nothing', '"",""\n', [['', '']]],
    ['four quotes are one quote', '""""\n', [['"']]],
    ['six quotes are two quotes', '""""""', [['""']]],
    ['a quote inside an unquoted field is itself', 'a"b,c"\n', [['a"b', 'c"']]],
    ['a quote after a blank is itself', ' "a,b"\n', [[' "a', 'b"']]],
    ['after a closing quote the field goes on unquoted', '"a"b,c\n', [['ab', 'c']]],
    ['quotes after that are themselves', '"a" "b"\n', [['a "b"']]],
    ['a doubled quote after that is two quotes', '"a"b""c\n', [['ab""c']]],
    ['CR after a closing quote is data without its LF', '"a"\rb\n', [['a\rb']]],
    ['at the end of the input an open quote just closes', 'a,"b\nc', [['a', 'b\nc']]],
    ['even with nothing behind it', 'a,"', [['a', '']]],
    ['and a line end before the end stays inside', '"a\n', [['a\n']]],
    ['and a doubled quote before the end stays one', '"a""', [['a"']]],
  ],
  rowsAre(),
)

cases<[string, Rows]>(
  'CR mode',
  [
    [
      'CR ends a record',
      'a,b\rc,d\r',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['LF is data', 'a\r\nb\r', [['a'], ['\nb']]],
    ['CR inside quotes is data', '"a\rb"\rc', [['a\rb'], ['c']]],
    ['blank lines are no records', '\r\ra\r\r', [['a']]],
  ],
  rowsAre({ newline: 'cr', lineEnd: '\r' }),
)

cases<[string, Rows]>(
  'an escape that is not the quote',
  [
    ['takes the byte after it as it is', '"a\\"b",c\n', [['a"b', 'c']]],
    ['escapes itself', '"a\\\\",b\n', [['a\\', 'b']]],
    ['makes data of a delimiter outside quotes too', 'a\\,b\n', [['a,b']]],
    ['and of a newline', 'a\\\nb,c\n', [['a\nb', 'c']]],
    ['and of a quote that would open a field', '\\"a,b"\n', [['"a', 'b"']]],
    ['vanishes before any byte', 'a\\b\n', [['ab']]],
    ['before CR LF is itself', 'a\\\r\nb\n', [['a\\'], ['b']]],
    ['right after a closing quote is itself', '"a"\\,b\n', [['a\\', 'b']]],
    ['further on it is an escape again', '"a"\\\\,b\n', [['a\\,b']]],
    ['at the end of the input outside quotes is itself', 'a\\', [['a\\']]],
    ['leaves a doubled quote as a closing one', '"a""b"\n', [['a"b"']]],
    ['at the end of the input is itself', '"a\\', [['a\\']]],
    ['holds a newline', '"a\\\nb"\n', [['a\nb']]],
  ],
  rowsAre({ escape: '\\' }),
)

cases<[string, Rows]>(
  'an escape without quotes',
  [
    ['makes data of a delimiter', 'a\\,b,"c\n', [['a,b', '"c']]],
    ['of itself', 'a\\\\,b\n', [['a\\', 'b']]],
  ],
  rowsAre({ quote: null, escape: '\\' }),
)

cases<[string, Rows]>(
  'comments',
  [
    ['are no records', '#x\na\n#y\n#z\nb\n', [['a'], ['b']]],
    ['may end the input', 'a\n#x', [['a']]],
    ['may be all there is', '#x', []],
    ['may be empty', '#\n#\r\na', [['a']]],
    ['begin at the very start of a line', ' #a\n', [[' #a']]],
    ['not in a later field', 'a,#b\n', [['a', '#b']]],
    ['not inside quotes', '"a\n#b"\n', [['a\n#b']]],
    ['not in quotes that begin a line', '"#a"\n', [['#a']]],
    ['end at their line end whatever they hold', '# it"s, "a\nb\n', [['b']]],
    ['open no quotes', '#,"a\nb"\n', [['b"']]],
    ['hold CRs', '#a\rb\nc\n', [['c']]],
  ],
  rowsAre({ comment: '#' }),
)

cases<[Partial<Dialect>, string, Rows]>(
  'a delimiter of several bytes',
  [
    ['separates', { delimiter: '::' }, 'a::b\n', [['a', 'b']]],
    [
      'makes empty fields',
      { delimiter: '::' },
      '::\n::::\n',
      [
        ['', ''],
        ['', '', ''],
      ],
    ],
    ['a part of it is data', { delimiter: '::' }, 'a:b::c:\n:d\n', [['a:b', 'c:'], [':d']]],
    ['the first place where it fits counts', { delimiter: '::' }, 'a:::b\n', [['a', ':b']]],
    ['a field of its first byte', { delimiter: '::' }, ':::::\n', [['', '', ':']]],
    ['bytes that repeat within it', { delimiter: 'aab' }, 'aaab1aab\n', [['a', '1', '']]],
    ['a quote may open behind it', { delimiter: ', ' }, 'a, "b, c", d\n', [['a', 'b, c', 'd']]],
    ['a quote behind a part of it is data', { delimiter: '::' }, 'a:"b::c"\n', [['a:"b', 'c"']]],
    ['it is data inside quotes', { delimiter: '::' }, '"a::b"::c\n', [['a::b', 'c']]],
    ['it follows a closing quote', { delimiter: '::' }, '"a":b::"c"::\n', [['a:b', 'c', '']]],
    ['eight bytes', { delimiter: '<------>' }, 'a<------>b<-----><------>\n', [['a', 'b<----->', '']]],
    ['an escaped byte is no part of it', { delimiter: '::', escape: '\\' }, 'a\\::b\\\\::c\n', [['a::b\\', 'c']]],
    ['but one may begin behind it', { delimiter: '::', escape: '\\' }, 'a\\:::b\n', [['a:', 'b']]],
  ],
  (changes, input, rows) => rowsAre(changes)(input, rows),
)

cases<[string, Rows]>('no escape at all', [['the second quote closes', '"a""b"\n', [['a"b"']]]], rowsAre({ escape: null }))

cases<[string, Rows]>('no quote at all', [['quotes are data', '"a,b"\n', [['"a', 'b"']]]], rowsAre({ quote: null, escape: null }))

cases<[Partial<Dialect>, string, Rows]>(
  'other characters',
  [
    ['semicolon', { delimiter: ';' }, 'a;"b;c"\n', [['a', 'b;c']]],
    ['tab', { delimiter: '\t' }, 'a\tb\n', [['a', 'b']]],
    ['NUL between fields', { delimiter: '\0' }, 'a\0b\n', [['a', 'b']]],
    ['NUL around fields', { quote: '\0', escape: '\0' }, '\0a,b\0,c\n', [['a,b', 'c']]],
    ['a letter between fields', { delimiter: 'z' }, 'azb\n', [['a', 'b']]],
    ['apostrophes around fields', { quote: "'", escape: "'" }, "'a,b','it''s'\n", [['a,b', "it's"]]],
  ],
  (changes, input, rows) => rowsAre(changes)(input, rows),
)

it('a byte order mark at the start is passed over when the dialect has one', () => {
  const bytes = bytesOf('\xef\xbb\xbf"a,b"\n')
  const { records } = scanEveryWay(bytes, scanOptions({ dialect: dialectWith({ bom: true }) }))
  expect(records).toMatchObject([{ byteOffset: 3, byteEnd: 9, texts: ['a,b'] }])
})

it('a scan that begins further on passes nothing over', () => {
  const { records } = scanEveryWay(bytesOf('c,d\n'), scanOptions({ dialect: dialectWith({ bom: true }), start: 100 }))
  expect(records).toMatchObject([{ byteOffset: 100, byteEnd: 104, texts: ['c', 'd'] }])
})

it('records know their number, their physical line and their bytes', () => {
  const { records, counts, next } = scanEveryWay(bytesOf('\na,"x\ny"\r\n\r\nb\nc'))
  expect(records.map(({ number, line, byteOffset, byteEnd }) => [number, line, byteOffset, byteEnd])).toEqual([
    [1, 2, 1, 10],
    [2, 5, 12, 14],
    [3, 6, 14, 15],
  ])
  expect(counts).toEqual({ records: 3, rejected: 0, blankLines: 2, lines: 5 })
  expect(next).toBe(15)
})

it('fields are told by where they lie', () => {
  const { records } = scanEveryWay(bytesOf('ab,"c",\r\n'))
  expect(records[0]!.fields).toEqual([
    [0, 2],
    [3, 6],
    [7, 7],
  ])
})

const at = (record: number, line: number, byteOffset: number): Warning['first'] => ({ record, line, byteOffset })

cases<[Partial<Dialect>, string, Warning[]]>(
  'warnings',
  [
    ['clean data has none', {}, 'a,"b""c"\n"d\ne",\xc3\xa9\n', []],
    [
      'fields with stray quotes are counted, not the quotes',
      {},
      'a,b\n"x\ny",c"d"e,"f"g"\n',
      [{ code: 'stray_quote', count: 2, first: at(2, 3, 11) }],
    ],
    ['fields with NULs are counted', {}, 'a\n\0\0,\0\n', [{ code: 'nul_byte', count: 2, first: at(2, 2, 2) }]],
    ['records that are not UTF-8 are counted', {}, 'a\n"x\n\xff",\xfe\n\xe9\n', [{ code: 'invalid_utf8', count: 2, first: at(2, 2, 2) }]],
    ['LFs are counted in CR mode', { newline: 'cr' }, 'a\rb\nc\n\r', [{ code: 'lf_in_cr_file', count: 2, first: at(2, 2, 3) }]],
    ['blank lines are no records in the count', {}, '\n\na"\n', [{ code: 'stray_quote', count: 1, first: at(1, 3, 3) }]],
  ],
  (changes, input, warnings) =>
    expect(scanEveryWay(bytesOf(input), scanOptions({ dialect: dialectWith(changes) })).warnings).toEqual(warnings),
)

it('an open quote that closes at the end of the input is a warning: it may have taken many lines with it', () => {
  expect(scanEveryWay(bytesOf('a\n1,"b\n2\n')).warnings).toEqual([{ code: 'unclosed_quote', count: 1, first: at(2, 2, 4) }])
  expect(scanEveryWay(bytesOf('a,"b"')).warnings).toEqual([])
})

it('a block gives one batch with the records that ended in it', () => {
  for (const make of Object.values(SCANNERS)) {
    const scanner = make(scanOptions())
    expect(scanner.push(bytesOf('a\nb\nc')).count).toBe(2)
    expect(scanner.next).toBe(4)
    expect(scanner.push(bytesOf('d\n')).count).toBe(1)
    expect(scanner.finish().count).toBe(0)
  }
})

it('a push after the end gives nothing', () => {
  for (const make of Object.values(SCANNERS)) {
    const scanner = make(scanOptions({ end: 2 }))
    expect(scanner.push(bytesOf('a\nb\nc\n')).count).toBe(1)
    expect([scanner.done, scanner.next]).toEqual([true, 2])
    expect(scanner.push(bytesOf('d\n'))).toMatchObject({ count: 0, base: 2, firstLine: 2, firstRecord: 1, rejects: [] })
    expect(scanner.finish().count).toBe(0)
  }
})

it('what a scanner was handed may be overwritten afterwards', () => {
  for (const make of Object.values(SCANNERS)) {
    const scanner = make(scanOptions())
    const block = bytesOf('abc')
    scanner.push(block)
    block.fill(44)
    scanner.push(bytesOf('\n'))
    expect(scanner.counts.records).toBe(1)
    expect(scanner.finish().count).toBe(0)
  }
})

it('any block size gives the same records', () => {
  const bytes = bytesOf(Array.from({ length: 1_500 }, (_, i) => `${i},"a ""${i}""\n${'x'.repeat(i % 70)}",b"${i}\r\n`).join(''))
  for (const make of Object.values(SCANNERS)) {
    const whole = scanPieces(make, [bytes], scanOptions())
    expect(whole.records.length).toBe(1_500)
    for (const size of [1, 2, 3, 7, 63, 64, 65, 1000, 4096]) expect(scanPieces(make, inPieces(bytes, size), scanOptions())).toEqual(whole)
  }
})
