/** A dialect as it is stored, and which scanner reads it. */
import { expect, it } from 'vitest'
import { DEFAULT_DIALECT, type Dialect, type DialectView, dialectOf, dialectView, needsTwin } from '../../shared/csv/dialect.ts'
import { cases } from '../support/cases.ts'
import { dialectWith } from '../support/scan.ts'

it('a dialect comes back from its JSON as it went in', () => {
  const dialect = dialectWith({ comment: '#', delimiter: '||', lineEnd: '\r\n', headerEnd: 12 })
  expect(dialectOf(JSON.parse(JSON.stringify(dialectView(dialect))) as DialectView)).toEqual(dialect)
})

it('one that was stored before there were comments has none', () => {
  const { comment: _, ...stored } = dialectView(DEFAULT_DIALECT)
  expect(dialectOf(stored)).toEqual(DEFAULT_DIALECT)
})

cases<[Partial<Dialect>, RegExp | null]>(
  'the plain scanner reads',
  [
    ['no ordinary dialect', {}, null],
    ['no other delimiter, quote or newline', { delimiter: ';', quote: "'", escape: "'", newline: 'cr' }, null],
    ['no file whose quotes cannot be doubled', { escape: null }, null],
    ['no file where nothing is quoted', { quote: null, escape: null }, null],
    ['escapes', { escape: '\\' }, /an escape that is not the quote/],
    ['escapes without quotes', { quote: null, escape: '\\' }, /an escape that is not the quote/],
    ['comments', { comment: '#' }, /comment lines/],
    ['long delimiters with comments', { delimiter: '||', comment: '#' }, /a delimiter of several characters and comment lines/],
  ],
  (changes, why) => {
    const reason = needsTwin(dialectWith(changes))
    if (why) expect(reason).toMatch(why)
    else expect(reason).toBeNull()
  },
)
