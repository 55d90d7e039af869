/** Reading one field out of a batch. */
import { expect, it } from 'vitest'
import type { Dialect } from '../../shared/csv/dialect.ts'
import { fieldBytes, fieldText, recordTexts, textOfField, unquote } from '../../shared/csv/field.ts'
import { makeNaiveScanner } from '../../shared/csv/naive.ts'
import type { RecordBatch } from '../../shared/csv/record-batch.ts'
import { cases } from '../support/cases.ts'
import { bytesOf, dialectWith, scanOptions } from '../support/scan.ts'

const firstBatch = (input: string, dialect: Dialect, recordBytesMax = 1 << 20): RecordBatch => {
  const scanner = makeNaiveScanner(scanOptions({ dialect, recordBytesMax }))
  const batch = scanner.push(bytesOf(input))
  return batch.count > 0 ? batch : scanner.finish()
}

cases<[Partial<Dialect>, string, string]>(
  'the content of a field',
  [
    ['unquoted is itself', {}, 'abc\n', 'abc'],
    ['empty is empty', {}, ',\n', ''],
    ['quoted loses its quotes', {}, '"abc"\n', 'abc'],
    ['two quotes are nothing', {}, '"",\n', ''],
    ['doubled quotes are one', {}, '"a""b"""\n', 'a"b"'],
    ['only doubled quotes', {}, '""""""\n', '""'],
    ['what follows the closing quote is appended', {}, '"a""b"c""d\n', 'a"bc""d'],
    ['a quote within unquoted text stays', {}, 'a"b"\n', 'a"b"'],
    ['the CR of the line end is no part of it', {}, '"a"\r\n', 'a'],
    ['an escape takes the next byte', { escape: '\\' }, '"a\\"\\n"\n', 'a"n'],
    ['an escape before the end of the input is itself', { escape: '\\' }, '"a\\"b\\', 'a"b\\'],
    ['without an escape the second quote closes', { escape: null }, '"a""b"\n', 'a"b"'],
    ['without a quote all is itself', { quote: null, escape: null }, '"a"\n', '"a"'],
    ['an open quote at the end of the input closes', {}, '"a,b\n', 'a,b\n'],
    ['also when it holds doubled quotes', {}, '"a""b', 'a"b'],
    ['a lone quote at the end of the input is empty', {}, '"', ''],
  ],
  (changes, input, expected) => {
    const dialect = dialectWith(changes)
    expect(fieldText(firstBatch(input, dialect), 0, 0, dialect)).toBe(expected)
  },
)

cases<[string, string[]]>(
  'a quote that the record limit made ordinary stays',
  [
    ['with nothing else', '"ab\ncdefghij\n', ['"ab']],
    ['with doubled quotes behind it', '"a""\nbcdefgh\n', ['"a""']],
    ['between other fields', 'x,"a,\ncdefghi\n', ['x', '"a', '']],
  ],
  (input, expected) => expect(recordTexts(firstBatch(input, dialectWith(), 8), 0, dialectWith())).toEqual(expected),
)

it('nothing is copied where nothing needs undoing', () => {
  const batch = firstBatch('abc,"d,e","f""g"\n', dialectWith())
  expect(unquote(batch, 0, 0, dialectWith()).buffer).toBe(batch.bytes.buffer)
  expect(unquote(batch, 0, 1, dialectWith()).buffer).toBe(batch.bytes.buffer)
  expect(unquote(batch, 0, 2, dialectWith()).buffer).not.toBe(batch.bytes.buffer)
})

it('a field that the record does not have is empty', () => {
  const batch = firstBatch('a,b\n', dialectWith())
  expect([fieldText(batch, 0, 1, dialectWith()), fieldText(batch, 0, 2, dialectWith())]).toEqual(['b', ''])
  expect(fieldBytes(batch, 0, 9, dialectWith())).toEqual(new Uint8Array(0))
})

cases<[string, string]>(
  'bytes as text',
  [
    ['ASCII', 'abc', 'abc'],
    ['UTF-8', '\xc3\xa9', 'é'],
    ['long UTF-8', `${'a'.repeat(40)}\xc3\xa9`, `${'a'.repeat(40)}é`],
    ['a byte order mark is kept', '\xef\xbb\xbfa', '\ufeffa'],
    ['what is not UTF-8 shows as a replacement character', 'a\xffb', 'a\ufffdb'],
  ],
  (input, expected) => expect(textOfField(bytesOf(input))).toBe(expected),
)
