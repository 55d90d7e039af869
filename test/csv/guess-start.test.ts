/** Where a chunk begins, guessed. In a case `^` is the border of the range and `@` the line start that is to be found. */
import { expect, it } from 'vitest'
import { SHAPES } from '../../scripts/lib/bench/shapes.ts'
import { seeded } from '../../scripts/lib/seeded.ts'
import { utf8 } from '../../shared/base/bytes.ts'
import type { Dialect } from '../../shared/csv/dialect.ts'
import { guessStart, guessWindow } from '../../shared/csv/guess-start.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import { cases } from '../support/cases.ts'
import { bytesOf, dialectWith, scanOptions } from '../support/scan.ts'

const PLAIN = 'a,b,c\n'.repeat(20)
const QUOTED = '"a","b\nb","c"\n'.repeat(20)
const WINDOW = 400

interface Given {
  readonly dialect?: Partial<Dialect>
  readonly columns?: number
  /** Of the range; otherwise it goes on to the end. */
  readonly rangeBytes?: number
}

const guessed = (bytes: Uint8Array, start: number, { dialect = {}, columns = 3, rangeBytes }: Given = {}) => {
  const range = { start, end: rangeBytes === undefined ? bytes.length : start + rangeBytes }
  const window = guessWindow(range, bytes.length, WINDOW)
  return guessStart(bytes.subarray(window.start, window.end), range, { dialect: dialectWith(dialect), columns, recordBytesMax: 1 << 20 })
}

/** A case without `@` has no start to be found. */
const isGuessed = (marked: string, given: Given = {}): void => {
  const text = marked.replace('^', '').replace('@', '')
  const [border, at] = [marked.replace('@', '').indexOf('^'), marked.replace('^', '').indexOf('@')]
  expect(guessed(bytesOf(text), border, given)).toEqual(at < 0 ? null : { at, skips: false })
}

cases<[string, Given?]>(
  'the border lies',
  [
    ['at a line start', `a,b,c\n^@${PLAIN}`],
    ['in an unquoted field', `a,b^b,c\n@${PLAIN}`],
    ['before a line end', `a,b,c^\n@${PLAIN}`],
    ['between CR and LF', `a,b,c\r^\n@a,b,c\r\na,b,c\r\n`],
    ['behind a delimiter', `a,^b,c\n@${PLAIN}`],
    ['behind an opening quote', `"^a\na","b","c"\n@${QUOTED}`],
    ['before an opening quote', `^@"a\na","b","c"\n${QUOTED}`.replace('^', 'x\n^')],
    ['in quotes', `"a","b^b\nb","c"\n@${QUOTED}`],
    ['in quotes at what looks like a line start', `"a","b\n^b","c"\n@${QUOTED}`],
    ['before a closing quote', `"a","b\nb^","c"\n@${QUOTED}`],
    ['behind a closing quote', `"a","b\nb","c"^\n@${QUOTED}`],
    ['between two quotes that are one', `"a","b"^"\nb","c"\n@${QUOTED}`],
    ['behind them', `"a","b""^\nb","c"\n@${QUOTED}`],
    ['behind a quote that is an ordinary character', `a,5"^ b,c\n@${'a,5" b,c\n'.repeat(20)}`],
    ['before one', `a,5^" b,c\n@${'a,5" b,c\n'.repeat(20)}`],
    ['behind one, in the row', `a,5" b^,c\n@${'a,5" b,c\n'.repeat(20)}`],
    ['before blank lines', `a,b,c\n^@\n\n${PLAIN}`],
    ['in a table within a field', `1,"a,b,c\na,b^,c\n",2\n@${'1,"a,b,c\na,b,c\n",2\n'.repeat(20)}`],
    ['in a list of one column', `"some\nwo^rds\n"\n@${'"some\nwords\n"\n'.repeat(20)}`, { columns: 1 }],
    ['in rows that all are too long', `a,b,c,d^,\n@${'a,b,c,d,\n'.repeat(5)}a,"b",c,d,\n${'a,b,c,d,\n'.repeat(20)}`],
    ['in rows of which some have quotes with text behind', `a,b^,c\n@a,b,c\na,"b"b,c\n${PLAIN}`],
    ['in a comment', `# it's ^"x\n@a,b,c\n${QUOTED}`, { dialect: { comment: '#' } }],
    ['in a list whose lines end with CR', `a,"b\rb^b",c\r@${'a,"b\rb",c\r'.repeat(20)}`, { dialect: { newline: 'cr' } }],
    ['in one whose delimiter is a letter', `1b"2\n^2"b3\n@${'1b"2\n2"b3\n'.repeat(20)}`, { dialect: { delimiter: 'b' } }],
    ['in one whose delimiter has several bytes', `1a|"2\n^2"a|3\n@${'1a|"2\n2"a|3\n'.repeat(20)}`, { dialect: { delimiter: 'a|' } }],
    ['in one whose escape is a backslash', `1,"2\\"\n^2",3\n@${'1,"2\\"\n2",3\n'.repeat(20)}`, { dialect: { escape: '\\' } }],
    ['in one without quotes', `a,"b\n^@b",c\n${QUOTED}`, { dialect: { quote: null, escape: null } }],
    ['in a line that is longer than the window', `a,^${'b'.repeat(WINDOW)}\na,b,c\n`],
    ['in a text that is longer than the window', `a,"^${'b""b'.repeat(WINDOW)}",c\na,b,c\n`],
    ['in a line that is longer than the range', `a,^bbbbb,c\n${PLAIN}`, { rangeBytes: 8 }],
    ['a byte before that', `a,^bbbbb,c\n@${PLAIN}`, { rangeBytes: 9 }],
  ],
  isGuessed,
)

const BYTES = 300_000
const STARTS = 100

const madeUp = (name: keyof typeof SHAPES): Uint8Array => {
  const draw = seeded(1)
  let text: string = SHAPES[name].header
  for (let row = 1; text.length < BYTES; row++) text += SHAPES[name].row(draw, row)
  return utf8(text)
}

it.each(['clean', 'quoted', 'stray', 'wide', 'long', 'runs'] as const)('no start is guessed wrong in a list of the shape %s', (name) => {
  const bytes = madeUp(name)
  const starts = lineStarts(bytes)
  const columns = SHAPES[name].columns.length
  const draw = seeded(2)
  for (let i = 0; i < STARTS; i++) {
    const start = 3_000 + Math.floor(draw() * (BYTES - 100_000))
    const range = { start, end: bytes.length }
    const window = guessWindow(range, bytes.length, 64 * 1024)
    const guess = guessStart(bytes.subarray(window.start, window.end), range, { dialect: dialectWith(), columns, recordBytesMax: 1 << 20 })
    expect(guess?.at).toBe(starts.find((at) => at >= start))
  }
})

const lineStarts = (bytes: Uint8Array): number[] => {
  const { base, starts } = makeNaiveScanner(scanOptions()).push(bytes)
  return Array.from(starts, (start) => base + start)
}
