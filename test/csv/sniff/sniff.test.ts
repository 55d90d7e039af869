/** Which dialect it is, case by case. Inputs are latin1: \xff is the byte FF. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LIMITS } from '../../../shared/base/limits.ts'
import type { Dialect } from '../../../shared/csv/dialect.ts'
import { type DialectHints, HEADER_SAMPLE_BYTES, SECOND_LOOK_BYTES, type Sniffed, sniff } from '../../../shared/csv/sniff/sniff.ts'
import { cases } from '../../support/cases.ts'
import { bytesOf, dialectWith } from '../../support/scan.ts'

const sniffed = (input: string, hints: DialectHints = {}): Sniffed & { ok: true } => {
  const found = sniff(bytesOf(input), true, hints)
  if (!found.ok) throw new Error(`${found.problem.code}: ${found.problem.detail}`)
  return found
}

const lines = (count: number, line: (i: number) => string): string => Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('')

const delimiterIs = (input: string, delimiter: string, columns: readonly string[]): void => {
  const found = sniffed(input)
  expect(found.dialect.delimiter).toBe(delimiter)
  expect(found.columns).toEqual(columns)
}

cases<[string, string, string[]]>(
  'the delimiter',
  [
    ['comma', 'a,b\n1,2\n', ',', ['a', 'b']],
    ['semicolon', 'a;b\n1;2\n', ';', ['a', 'b']],
    ['tab', 'a\tb\n1\t2\n', '\t', ['a', 'b']],
    ['pipe', 'a|b\n1|2\n', '|', ['a', 'b']],
    ['is that of the header when there is nothing else', 'a;b;c', ';', ['a', 'b', 'c']],
    ['semicolon beside decimal commas', `a;b;c\n${lines(9, (i) => `${i},5;2,${i};3,5`)}`, ';', ['a', 'b', 'c']],
    ['comma beside semicolons in quotes', `a,b\n${lines(9, (i) => `${i},"x; y; z"`)}`, ',', ['a', 'b']],
    [
      'semicolon beside commas in text',
      `name;note\n${lines(9, (i) => `Smith, J.;one, two${i % 2 ? ', three' : ''}`)}`,
      ';',
      ['name', 'note'],
    ],
    ['tab beside commas in numbers', `a\tb\n${lines(9, (i) => `1,${i}00\t2,000`)}`, '\t', ['a', 'b']],
    ['comma beside pipes in one column', `id,tags\n${lines(9, (i) => `${i},a|b|c`)}`, ',', ['id', 'tags']],
    ['comma where newlines in quotes hold semicolons', `a,b\n${lines(9, (i) => `${i},"x;y\n;;z;"`)}`, ',', ['a', 'b']],
    ['comma for a list of one column', 'email\nx@example.org\ny@example.org\n', ',', ['email']],
    ['comma for one column of text with semicolons here and there', 'note\nhello; you\nplain\nmore\nfoo\n', ',', ['note']],
    ['semicolon under a title of one cell', `Sales 2024\nname;amount;town\n${lines(9, (i) => `n${i};${i};t`)}`, ';', ['Sales 2024']],
    ['semicolon between quoted texts with commas', '"a, b";"c, d"\n"x, y";"z, w"\n', ';', ['a, b', 'c, d']],
    ['comma for one column of text with commas here and there', 'name\nSmith, John\nDoe, Jane\nfoo\n', ',', ['name']],
    [
      'semicolon beside decimal commas under names with commas',
      `Price, EUR;Size, cm\n${lines(9, (i) => `${i},5;2,${i}`)}`,
      ';',
      ['Price, EUR', 'Size, cm'],
    ],
    ['comma with ragged rows', 'a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3\n', ',', ['a', 'b', 'c']],
    ['semicolon where half the cells are empty', `a;b;c;d\n${lines(9, (i) => `${i};;;x, y`)}`, ';', ['a', 'b', 'c', 'd']],
  ],
  delimiterIs,
)

const dialectIs = (input: string, expected: Partial<Dialect>): void => expect(sniffed(input).dialect).toMatchObject(expected)

cases<[string, Partial<Dialect>]>(
  'line ends',
  [
    ['LF', 'a,b\n1,2\n', { newline: 'lf', lineEnd: '\n' }],
    ['CR LF', 'a,b\r\n1,2\r\n', { newline: 'lf', lineEnd: '\r\n' }],
    ['the more frequent of both', 'a,b\r\n1,2\n3,4\n', { newline: 'lf', lineEnd: '\n' }],
    ['line ends inside quotes do not count', '"a\r\n\r\n",b\n1,2\n', { newline: 'lf', lineEnd: '\n' }],
    ['CR where there is no LF', 'a,b\r1,2\r', { newline: 'cr', lineEnd: '\r', headerEnd: 4 }],
    ['CR where LFs stand inside quotes only', 'a,b\r1,"x\ny"\r', { newline: 'cr', lineEnd: '\r' }],
    ['LF where CRs stand beside it', 'a,b\r1,2\r3,4\n', { newline: 'lf', lineEnd: '\n' }],
    ['LF where CRs stand inside quotes only', 'a,"b\rc"', { newline: 'lf', lineEnd: '\n' }],
    ['LF without any', 'a,b', { newline: 'lf', lineEnd: '\n' }],
  ],
  dialectIs,
)

it('a CR that the sample ends with may be half of a CR LF', () => {
  const found = sniff(bytesOf('a,b,c\r'), false, {})
  expect(found).toMatchObject({ ok: false, needMore: true })
})

cases<[string, boolean]>(
  'a header',
  [
    ['words over numbers', 'id,name\n1,x\n2,y\n', true],
    ['words over words: in doubt there is one', 'name\nJane\nJohn\n', true],
    ['a word over addresses', 'email\na@example.org\nb@example.org\n', true],
    ['nothing below it', 'id,name\n', true],
    ['years over numbers', 'country,1990,1991\nA,1.5,2.5\nB,3,4\n', true],
    ['words over dates and blanks', 'day,x\n2024-01-02,\n2024-01-03,\n', true],
    ['none: numbers over numbers', '1,x\n2,y\n3,z\n', false],
    ['none: an address over addresses', 'a@example.org\nb@example.org\n', false],
    ['none: a date over dates', '2024-01-02,x\n2024-01-03,y\n', false],
    ['words over dashes', 'a,-\n1,2\n', true],
    ['none: a null marker', 'Alice,\\N\nBob,\\N\n', false],
    ['quoted words over quoted numbers', '"id","name"\n"1","x"\n"2","y"\n', true],
  ],
  (input, header) => {
    const { dialect, columns } = sniffed(input)
    expect(dialect.header).toBe(header)
    expect(dialect.headerEnd).toBe(header ? input.indexOf('\n') + 1 : 0)
    if (!header) expect(columns[0]).toBe('column1')
  },
)

cases<[string, Partial<Dialect>, string[]]>(
  'the header record',
  [
    ['may span lines', '"a\nb",c\n1,2\n', { headerEnd: 8 }, ['a\nb', 'c']],
    ['ends behind its CR LF', 'a,b\r\n1,2\r\n', { headerEnd: 5 }, ['a', 'b']],
    ['may follow blank lines', '\n\na,b\n1,2\n', { headerEnd: 6 }, ['a', 'b']],
    ['follows the byte order mark', '\xef\xbb\xbfa,b\n1,2\n', { headerEnd: 7, bom: true }, ['a', 'b']],
    ['may be quoted behind the byte order mark', '\xef\xbb\xbf"a,b"\nx\n', { headerEnd: 9, bom: true }, ['a,b']],
    ['may be all there is', 'a,b', { headerEnd: 3 }, ['a', 'b']],
  ],
  (input, dialect, columns) => {
    const found = sniffed(input)
    expect(found.dialect).toMatchObject(dialect)
    expect(found.columns).toEqual(columns)
  },
)

it('without a header the data begins behind the byte order mark', () => {
  expect(sniffed('\xef\xbb\xbf1,2\n3,4\n').dialect).toMatchObject({ header: false, headerEnd: 3 })
})

cases<[DialectHints, Partial<Dialect>]>(
  'hints override what is found',
  [
    ['a delimiter', { delimiter: ':' }, { delimiter: ':' }],
    ['no quote', { quote: null }, { quote: null, escape: null }],
    ['another quote', { quote: "'" }, { quote: "'", escape: "'" }],
    ['another escape', { escape: '\\' }, { quote: '"', escape: '\\' }],
    ['an escape without quotes', { quote: null, escape: '\\' }, { quote: null, escape: '\\' }],
    ['a comment', { comment: ';' }, { comment: ';' }],
    ['no comments', { comment: null }, { comment: null }],
    ['a delimiter of several characters', { delimiter: '::' }, { delimiter: '::' }],
    ['no header', { header: false }, { header: false, headerEnd: 0 }],
    ['a header', { header: true }, { header: true, headerEnd: 4 }],
    ['CR line ends', { newline: 'cr' }, { newline: 'cr', lineEnd: '\r' }],
    ['an encoding', { encoding: 'UTF-8' }, { encoding: 'utf-8' }],
    ['an encoding by another name', { encoding: 'us-ascii' }, { encoding: 'utf-8' }],
    ['bytes as they are', { encoding: 'unknown-8bit' }, { encoding: 'unknown-8bit' }],
  ],
  (hints, expected) => expect(sniffed('a,b\n1:2,"3"\n', hints).dialect).toMatchObject(expected),
)

it('apostrophes are quotes where they open and close fields again and again', () => {
  expect(sniffed("'a','b'\n'x,1','y'\n'it''s','z'\n").dialect.quote).toBe("'")
  expect(sniffed("a,b\n'x,1','y'\n'z,2','5\"'\n").dialect.quote).toBe("'")
  expect(sniffed("a,b\n'x,1',\"y\"\n'z,2','w'\n'v,3','u'\n").dialect.quote).toBe('"')
  expect(sniffed("a,b\n'tis,it's\nrock,'n'\n").dialect.quote).toBe('"')
})

cases<[string, Partial<Dialect>]>(
  'backslashes',
  [
    ['escape quotes where they do so again and again', `a,b\n${lines(4, (i) => `${i},"say \\"hi, ${i}\\" now"`)}`, { escape: '\\' }],
    ['also at the end of a field', `a,b\n${lines(4, (i) => `"a, \\"b\\"",${i}`)}`, { escape: '\\' }],
    ['once is no evidence', `a,b\n1,"say \\"hi\\" now"\n${lines(4, (i) => `${i},"x"`)}`, { escape: '"' }],
    ['at the ends of paths they are data', `a,b\n${lines(9, (i) => `"C:\\dir${i}\\","D:\\x\\"`)}`, { escape: '"' }],
    ['beside doubled quotes they are data', `a,b\n${lines(9, (i) => `${i},"x \\""y"" z"`)}`, { escape: '"' }],
    ['outside quotes they are data', `a,b\n${lines(9, (i) => `${i},x\\ny`)}`, { escape: '"' }],
  ],
  dialectIs,
)

cases<[string, string | null, string[]]>(
  'comments',
  [
    ['above the header', '# made by hand\na,b\n1,2\n', '#', ['a', 'b']],
    ['with delimiters in them', '# Source: x, y, z\n# 2024\na,b\n1,2\n', '#', ['a', 'b']],
    ['behind a byte order mark', '\xef\xbb\xbf# made by hand\na,b\n1,2\n', '#', ['a', 'b']],
    ['above a table with another delimiter', '# x, y, z\na;b\n1;2\n3;4\n', '#', ['a', 'b']],
    ['not where a header begins with a hash', '#,name\n1,x\n2,y\n', null, ['#', 'name']],
    ['not where the line with the names does', '##v=4.2\n#CHROM\tPOS\n1\t22\n1\t23\n', null, ['##v=4.2']],
    ['not where a row does', '# title\na,b\n#1,2\n3,4\n', null, ['# title']],
    ['not in a list of one column', '#tag\nx\ny\n', null, ['#tag']],
    ['not where no line begins with one at the start', 'a,b\n1,2\n# x\n3,4\n', null, ['a', 'b']],
  ],
  (input, comment, columns) => {
    const found = sniffed(input)
    expect([found.dialect.comment, found.columns]).toEqual([comment, columns])
    expect(found.notes.some((note) => note.includes('comments'))).toBe(comment !== null)
  },
)

it('hashes that the user needs for something else begin no comments', () => {
  const input = '#made by hand\na,b\n1,2\n'
  for (const hints of [{ comment: null }, { delimiter: '#' }, { quote: '#' }, { escape: '#' }])
    expect(sniffed(input, hints).dialect.comment).toBeNull()
})

cases<[string, Partial<Dialect>]>(
  'encodings',
  [
    ['ASCII is UTF-8', 'a,b\n', { encoding: 'utf-8', bom: false }],
    ['UTF-8', 'caf\xc3\xa9,b\n', { encoding: 'utf-8' }],
    ['a byte order mark', '\xef\xbb\xbfa,b\n', { encoding: 'utf-8', bom: true }],
    ['anything else is unknown 8-bit', 'caf\xe9,b\n', { encoding: 'unknown-8bit' }],
    ['a NUL here and there is no UTF-16', 'a,b\n\0,c\n\0\0,dd\n', { encoding: 'utf-8' }],
  ],
  dialectIs,
)

it('a character that the sample cuts in two is no reason to doubt UTF-8', () => {
  const found = sniff(bytesOf('a,b\n1,caf\xc3'), false, {})
  expect(found.ok && found.dialect.encoding).toBe('utf-8')
})

const utf16 = (text: string): string => [...text].map((c) => `${c}\0`).join('')

const wide = 'n\xe9m,a\n\xc9d,1\n'
const swapped = (text: string): string => [...text].map((c) => `\0${c}`).join('')

cases<[string, DialectHints, string | null, string[]]>(
  'what is decoded first:',
  [
    ['UTF-16 with a mark', `\xff\xfe${utf16(wide)}`, {}, 'utf-16le', ['ném', 'a']],
    ['UTF-16 with a mark, the other way round', `\xfe\xff${swapped(wide)}`, {}, 'utf-16be', ['ném', 'a']],
    ['UTF-16 without a mark', utf16(wide), {}, 'utf-16le', ['ném', 'a']],
    ['UTF-16 without a mark, the other way round', swapped(wide), {}, 'utf-16be', ['ném', 'a']],
    ['latin1, if the user says so', wide, { encoding: 'latin1' }, 'windows-1252', ['ném', 'a']],
    ['another name', wide, { encoding: 'ISO_8859-15' }, 'iso-8859-15', ['ném', 'a']],
    ['shift_jis, whose second bytes may be ASCII', '\x83|,a\n\x83|,1\n', { encoding: 'shift_jis' }, 'shift_jis', ['ポ', 'a']],
    ['UTF-16 that the user names, too short to be found', `a\0`, { encoding: 'utf-16le' }, 'utf-16le', ['a']],
    ['a mark says more than the user', `\xff\xfe${utf16(wide)}`, { encoding: 'latin1' }, 'utf-16le', ['ném', 'a']],
    ['the mark of UTF-8 too', '\xef\xbb\xbfn\xc3\xa9m,a\n', { encoding: 'latin1' }, null, ['ném', 'a']],
    ['nothing that is unknown', wide, {}, null, ['n\ufffdm', 'a']],
    ['nothing that is UTF-8', 'n\xc3\xa9m,a\n', {}, null, ['ném', 'a']],
  ],
  (input, hints, encoding, columns) => {
    const { dialect, columns: found, notes } = sniffed(input, hints)
    expect(dialect.decodedFrom).toEqual(encoding === null ? null : { gzip: false, encoding })
    expect(found).toEqual(columns)
    expect(notes.filter((note) => note.includes('read as'))).toEqual(
      encoding === null
        ? []
        : [`The file is read as ${encoding}: results are UTF-8 without a byte order mark, and byte offsets count UTF-8.`],
    )
    if (encoding !== null) expect([dialect.encoding, dialect.bom]).toEqual(['utf-8', false])
  },
)

it('offsets count decoded bytes', () => {
  expect(sniffed(`\xff\xfe${utf16(wide)}`).dialect.headerEnd).toBe(7)
})

it('what was unpacked is said, and what is packed twice is refused', () => {
  const found = sniff(bytesOf('a,b\n1,2\n'), true, {}, { gzip: true })
  expect(found).toMatchObject({ ok: true, dialect: { decodedFrom: { gzip: true, encoding: null }, encoding: 'utf-8' } })
  expect(found.ok && found.notes).toEqual([expect.stringMatching(/gzip: results are not/)])
  expect(sniff(bytesOf('\x1f\x8b\x08'), true, {}, { gzip: true })).toMatchObject({
    ok: false,
    problem: { detail: expect.stringMatching(/twice/) },
  })
})

it('a long header in UTF-16 is read from the second, longer look', () => {
  const header = Array.from({ length: 1_500 }, (_, i) => `column ${i} ${'x'.repeat(400)}`).join(',')
  const file = bytesOf(`\xff\xfe${utf16(`${header}\n${'1,'.repeat(1_499)}1\n`)}`)
  expect(file.length).toBeGreaterThan(HEADER_SAMPLE_BYTES)
  expect(sniff(file.subarray(0, LIMITS.sniffBytes), false, {})).toMatchObject({ ok: false, needMore: true })
  const found = sniff(file.subarray(0, SECOND_LOOK_BYTES), file.length <= SECOND_LOOK_BYTES, {})
  expect(found.ok && [found.columns.length, found.dialect.headerEnd]).toEqual([1_500, header.length + 1])
})

cases<[string, DialectHints, string, RegExp]>(
  'problems',
  [
    ['nothing', '', {}, 'file_empty', /no record/],
    ['only a byte order mark', '\xef\xbb\xbf', {}, 'file_empty', /no record/],
    ['only blank lines', '\n\r\n\n', {}, 'file_empty', /no record/],
    ['gzip that nobody unpacked', '\x1f\x8b\x08\0\0\0\0\0', {}, 'encoding_unsupported', /not unpacked/],
    ['UTF-32', '\xff\xfe\0\0a\0\0\0,\0\0\0', {}, 'encoding_unsupported', /UTF-32.*UTF-8/],
    ['UTF-32, the other way round', '\0\0\xfe\xff\0\0\0a', {}, 'encoding_unsupported', /UTF-32/],
    ['a web page in UTF-16', `\xff\xfe${utf16('<!doctype html><p>a,b</p>\n')}`, {}, 'not_csv', /HTML/],
    ['JSON in UTF-16', utf16('{"a": 1, "b": 2}'), {}, 'not_csv', /JSON/],
    ['nothing in UTF-16', '\xff\xfe', {}, 'file_empty', /no record/],
    ['an encoding that does not exist', 'a,b\n', { encoding: 'klingon' }, 'encoding_unknown', /"klingon".*utf-8/],
    ['an encoding named like a property of objects', 'a,b\n', { encoding: 'constructor' }, 'encoding_unknown', /Known are/],
    ['a delimiter of nine characters', 'a,b\n', { delimiter: ',,,,,,,,,' }, 'dialect_invalid', /up to 8/],
    ['a delimiter with a line end in it', 'a,b\n', { delimiter: ',\n' }, 'dialect_invalid', /line end/],
    ['a delimiter that holds the quote', 'a,b\n', { delimiter: ',"' }, 'dialect_invalid', /delimiter and the quote/],
    ['a delimiter that holds the comment', 'a,b\n', { delimiter: '-#', comment: '#' }, 'dialect_invalid', /delimiter and the comment/],
    ['a quote of two characters', 'a,b\n', { quote: '""' }, 'dialect_invalid', /one ASCII character other/],
    ['the quote as comment', 'a,b\n', { comment: '"' }, 'dialect_invalid', /comment and the quote/],
    ['the escape as comment', 'a,b\n', { escape: '\\', comment: '\\' }, 'dialect_invalid', /comment and the escape/],
    ['only comments', '#a\n#b\n', { comment: '#' }, 'file_empty', /no record/],
    ['a delimiter of none', 'a,b\n', { delimiter: '' }, 'dialect_invalid', /delimiter/],
    ['a delimiter of two bytes', 'a,b\n', { delimiter: '\xa7' }, 'dialect_invalid', /ASCII/],
    ['a newline as delimiter', 'a,b\n', { delimiter: '\n' }, 'dialect_invalid', /line end/],
    ['a CR as quote', 'a,b\n', { quote: '\r' }, 'dialect_invalid', /quote/],
    ['one character for two roles', 'a,b\n', { delimiter: '"' }, 'dialect_invalid', /different/],
    ['and for the escape', 'a,b\n', { delimiter: ';', escape: ';' }, 'dialect_invalid', /different/],
    ['too many columns', ','.repeat(LIMITS.columnsMax), {}, 'too_many_columns', /2001 fields/],
  ],
  (input, hints, code, detail) => {
    const found = sniff(bytesOf(input), true, hints)
    expect(found).toMatchObject({ ok: false, problem: { code } })
    expect(!found.ok && found.problem.detail).toMatch(detail)
  },
)

it('as many columns as allowed are allowed', () => {
  expect(sniffed(','.repeat(LIMITS.columnsMax - 1)).columns.length).toBe(LIMITS.columnsMax)
})

it('renamed columns and a missing header are told', () => {
  expect(sniffed('a,a,\n1,2,3\n')).toMatchObject({
    columns: ['a', 'a_1', 'column3'],
    notes: [/repeats/, /no name/].map((pattern) => expect.stringMatching(pattern)),
  })
  expect(sniffed('1,2\n3,4\n').notes).toEqual([expect.stringMatching(/looks like data/)])
  expect(sniffed('caf\xe9\nx\n').notes).toEqual([expect.stringMatching(/not UTF-8/)])
})

it('a header longer than the sample asks for more, and then works', () => {
  const file = bytesOf(
    `${Array.from({ length: 1_500 }, (_, i) => `column with a long name number ${i} ${'x'.repeat(60)}`).join(',')}\n${',1'.repeat(1_499)}\n`,
  )
  expect(file.length).toBeGreaterThan(2 * LIMITS.sniffBytes)
  expect(sniff(file.subarray(0, LIMITS.sniffBytes), false, {})).toMatchObject({
    ok: false,
    needMore: true,
    problem: { code: 'dialect_invalid' },
  })
  const found = sniff(file.subarray(0, HEADER_SAMPLE_BYTES), true, {})
  expect(found.ok && found.columns.length).toBe(1_500)
  expect(found.ok && found.dialect.headerEnd).toBe(file.indexOf(10) + 1)
})

it('a header as long as a record may be is read, and one byte more is refused', () => {
  const header = (bytes: number): Uint8Array => bytesOf(`\xef\xbb\xbf${'x'.repeat(bytes - 1)}\n${'y\n'.repeat(9)}`)
  const longest = sniff(header(LIMITS.recordBytesMax).subarray(0, HEADER_SAMPLE_BYTES), false, {})
  expect(longest.ok && longest.dialect.headerEnd).toBe(LIMITS.recordBytesMax + 3)
  const longer = sniff(header(LIMITS.recordBytesMax + 1).subarray(0, HEADER_SAMPLE_BYTES), false, {})
  expect(longer).toMatchObject({ ok: false, needMore: false, problem: { code: 'dialect_invalid' } })
  const endless = sniff(new Uint8Array(HEADER_SAMPLE_BYTES).fill(0x78), false, {})
  expect(endless).toMatchObject({ ok: false, needMore: false, problem: { code: 'dialect_invalid' } })
})

it('a quote that the header never closes is an ordinary character, as it is for the scanner', () => {
  const found = sniff(bytesOf(`"a,b\n${'1,2\n'.repeat(300_000)}`).subarray(0, HEADER_SAMPLE_BYTES), false, {})
  expect(found.ok && found.columns).toEqual(['"a', 'b'])
})

it('a sample always gives an answer, and the same one twice', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '1', ',', ';', '\t', '|', '"', "'", '\n', '\r', '\0', '[', '{', '\xef', '\xbb', '\xbf', '\xff'),
    maxLength: 60,
  })
  fc.assert(
    fc.property(text, fc.boolean(), (input, isWhole) => {
      const bytes = bytesOf(input)
      const found = sniff(bytes, isWhole, {})
      expect(sniff(bytes, isWhole, {})).toEqual(found)
      if (found.ok) expect([new Set(found.columns).size, found.columns.includes('')]).toEqual([found.columns.length, false])
      else expect(found.problem.detail.length).toBeGreaterThan(10)
      if (isWhole && !found.ok) expect(found.needMore ?? false).toBe(false)
    }),
    { numRuns: 3_000 },
  )
})

it('what a file without surprises means is the default dialect', () => {
  expect(sniffed('a,b\n1,x\n2,y\n').dialect).toEqual(dialectWith({ headerEnd: 4 }))
})
